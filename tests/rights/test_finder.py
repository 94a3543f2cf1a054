"""Does a question find its topic, or is it asked back, and does chatter get no answer?"""

from collections import Counter, defaultdict

import pytest

from bot.rights import finder, learning, library
from messages.wording import plain


@pytest.mark.parametrize(
    ("word", "topic"),
    [("PUERTA", "door"), ("puerta!", "door"), ("Door", "door"), ("CARRO", "car_stop"), ("CAR", "car_stop"),
     ("TRABAJO", "workplace"), ("WORK", "workplace"), ("DETENIDO", "detained"), ("DETAINED", "detained"),
     ("ESCUELA", "school"), ("SCHOOL", "school"), ("CORTE", "court"), ("COURT", "court"), ("ទ្វារ", "door"), ("律师", "lawyer")],
)  # fmt: skip
def test_a_situation_word_goes_straight_to_its_topic(word: str, topic: str) -> None:
    assert finder.find(word) == finder.Finding(topic, (), 1.0)


def test_no_situation_word_stands_for_two_topics() -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for topic in library.topics():
        for words in topic.situation_words.values():
            for word in words:
                owners[plain(word)].add(topic.id)
    assert {word: topics for word, topics in owners.items() if len(topics) > 1} == {}


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("y si vienen a tocarme la puerta que le digo", "door"),
        ("quanto cuesta la fiansa", "bond"),
        ("necesito un avogado", "lawyer"),
        ("me yamaron de ICE pidiendo dinero", "fraud"),
        ("k hago si me para la migra en el karro", "car_stop"),
        ("is it ok to take my kid to school tmrw w ice around", "school"),
        ("my dads boss says hell call ice if he complains about pay", "threats"),
        ("se llevaron a mi tia ayer, donde la busco", "find_person"),
        ("tengo una orden de deportacion vieja y me da miedo que vengan a la casa", "deport_order"),
        ("does the justice fund of long beach still take people", "lbjf"),
        ("can they deport me without a judge, ive been here 14 months", "expedited"),
        ("puedo grabar con mi celular cuando arrestan a alguien", "filming"),
    ],
)
def test_a_question_finds_its_topic_or_is_offered_it(question: str, topic: str) -> None:
    finding = finder.find(question)
    assert finding.topic == topic or topic in finding.choices


@pytest.mark.parametrize(
    "chatter", ["hola", "gracias!!", "ok", "lol", "👍", "", "   ", "feliz cumpleaños tia", "xin chào", "谢谢"]
)
def test_chatter_gets_no_answer(chatter: str) -> None:
    finding = finder.find(chatter)
    assert finding.topic is None and finding.choices == ()


def test_a_finding_is_a_topic_or_up_to_three_choices_never_both() -> None:
    known = {topic.id for topic in library.topics()}
    for _, text, _ in learning.phrases():
        finding = finder.find(text)
        assert finding.topic is None or finding.choices == ()
        assert len(finding.choices) <= 3 and {finding.topic, *finding.choices} <= known | {None}


def test_every_topic_can_be_asked_about_in_every_language() -> None:
    known = {topic.id for topic in library.topics()} | {learning.NONE}
    asked: dict[str, Counter[str]] = defaultdict(Counter)
    for language, _, topic in learning.phrases():
        asked[language][topic] += 1
    assert all(set(counts) == known for counts in asked.values())
    assert all(asked[language][topic] >= 12 for language in ("en", "es") for topic in known)


def test_an_answer_can_be_explained() -> None:
    reasons = finder.reasons("que hago si tocan mi puerta", "door")
    assert {"@door", "@knock"} <= {feature for feature, _ in reasons}
