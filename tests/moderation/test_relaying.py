"""A volunteer asks one reporter: without a number on either side, seldom, never after STOP, in words that pass a check."""

import pytest
import time_machine
from sqlalchemy import select

from bot.contacts.models import Contact
from bot.inbox import asking
from bot.inbox.models import RELAYED
from bot.moderation import relaying
from bot.moderation.by_the_taker import MAY_LOOK
from bot.moderation.dispatch_models import Relayed
from bot.moderation.refusals import Refused
from bot.outbox import answers, own_words
from bot.outbox.delivery_models import Reason
from bot.outbox.models import Lane
from bot.people.models import Person, Role
from bot.privacy import audit
from bot.reports.models import Report
from messages import catalog, languages
from tests.moderation.cast import ELSEWHERE, LUIS, ROSA, Town, later

OURS = "¿De qué color son las camionetas?"


@pytest.fixture
def luis(town: Town) -> Contact:
    return town.phone("es")


@pytest.fixture
def report(town: Town, luis: Contact) -> Report:
    return town.tells(luis)


@pytest.mark.parametrize("what", relaying.PREPARED)
@pytest.mark.parametrize("language", languages.WRITTEN)
def test_every_prepared_question_says_who_asks_and_that_no_answer_is_owed(what: str, language: str) -> None:
    said = catalog.text(f"relay.ask_{what}", language, place="Pacific")
    assert catalog.has(f"relay.ask_{what}", language) and "Contigo" in said and "Pacific" in said and "911" in said
    if language == "en":
        assert "a volunteer asks" in said and "You need not answer" in said


def test_it_leaves_in_their_language_for_its_own_reason(
    town: Town, dora: Person, luis: Contact, report: Report
) -> None:
    asked = relaying.ask(town.session, report, dora, "still_there")
    (sent,) = town.received(luis)
    assert (sent.key, sent.reason, sent.lane, sent.language) == ("relay.ask_still_there", "relay", Lane.REPLY, "es")
    assert "¿siguen ahí?" in town.read(luis)[0].replace("¿siguen ahi?", "¿siguen ahí?")
    assert asking.conversation(town.session, luis.id).open_question() == (RELAYED, {"relayed": asked.id})


def test_what_they_answer_is_kept_with_the_question_and_fills_in_the_report(
    town: Town, dora: Person, report: Report
) -> None:
    report.size = None
    told = report.text
    asked = relaying.ask(town.session, report, dora, "how_many")
    assert relaying.heard(town.session, asked.id, "como 12 agentes, la placa es 8ABC123") is report
    kept = town.session.get_one(Report, report.id)
    assert (kept.size, kept.text) == (12, told), "their answer is no new text of the report"
    assert "12 agentes" in asked.answer and "8ABC123" not in asked.answer
    assert asked.answer_locked is not None and b"agentes" not in asked.answer_locked


def test_three_in_an_hour_whoever_asks_about_whatever_they_reported(
    clock: time_machine.Traveller, town: Town, dora: Person, luis: Contact, report: Report
) -> None:
    other, nora = town.tells(luis, ELSEWHERE), town.person("Nora", Role.ORGANIZER, line="elm")
    relaying.ask(town.session, report, dora, "still_there")
    relaying.ask(town.session, other, nora, "where")
    relaying.ask(town.session, report, nora, "doing")
    with pytest.raises(Refused) as refused:
        relaying.ask(town.session, other, dora, "when")
    assert refused.value.key == "console.relay.enough" and len(town.received(luis)) == 3
    later(clock, minutes=61)
    relaying.ask(town.session, other, dora, "when")


def test_never_after_stop(town: Town, dora: Person, luis: Contact, report: Report) -> None:
    luis.stop()
    with pytest.raises(Refused) as refused:
        relaying.ask(town.session, report, dora, "still_there")
    assert refused.value.key == "console.relay.stopped" and town.received(luis) == []


def test_never_over_a_question_that_an_emergency_waits_for(
    town: Town, dora: Person, luis: Contact, report: Report
) -> None:
    asking.conversation(town.session, luis.id).ask(MAY_LOOK, emergency=1)
    with pytest.raises(Refused) as refused:
        relaying.ask(town.session, report, dora, "still_there")
    assert refused.value.key == "console.relay.emergency"


def test_it_ends_two_hours_after_the_first_question(
    clock: time_machine.Traveller, town: Town, dora: Person, luis: Contact, report: Report
) -> None:
    first = relaying.ask(town.session, report, dora, "still_there")
    later(clock, minutes=100)
    second = relaying.ask(town.session, report, dora, "doing")
    assert second.ends_at == first.ends_at
    assert asking.conversation(town.session, luis.id).open_question() is not None, "it waits longer than our own"
    later(clock, minutes=21)
    assert relaying.heard(town.session, second.id, "ya se fueron") is None and second.answered_at is None
    with pytest.raises(Refused) as refused:
        relaying.ask(town.session, report, dora, "when")
    assert refused.value.key == "console.relay.over"


def test_nobody_is_asked_about_what_they_wrote_long_ago(
    clock: time_machine.Traveller, town: Town, dora: Person, report: Report
) -> None:
    later(clock, minutes=121)
    with pytest.raises(Refused) as refused:
        relaying.ask(town.session, report, dora, "still_there")
    assert refused.value.key == "console.relay.over"


def test_who_was_erased_or_only_called_cannot_be_asked(town: Town, dora: Person) -> None:
    with pytest.raises(Refused) as refused:
        relaying.ask(town.session, town.tells(None, ROSA), dora, "still_there")
    assert refused.value.key == "console.relay.no_way"


def test_a_question_that_is_none_of_ours_is_not_asked(town: Town, dora: Person, luis: Contact, report: Report) -> None:
    with pytest.raises(Refused):
        relaying.ask(town.session, report, dora, "say_where_you_live")
    assert town.received(luis) == []


def test_own_words_leave_in_the_frame_and_are_locked(town: Town, dora: Person, luis: Contact, report: Report) -> None:
    asked = relaying.ask(town.session, report, dora, "own", OURS)
    said = town.read(luis)[0]
    assert "pregunta un voluntario" in said and "camionetas" in said and "No tiene que contestar" in said
    assert asked.question == OURS and asked.locked is not None and b"camionetas" not in asked.locked


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("hi?", "length"),
        ("a" * 91 + "?", "length"),
        ("¿Las camionetas son blancas", "no_question"),
        ("¿Son blancas? ¿O negras?", "no_question"),
        ("¿Ve lo de contigo.org ahi?", "link"),
        ("¿Es la camioneta 4821 otra vez?", "digits"),
        ("¿Es el carro 8ABC o el otro?", "digits"),
        ("¿Está ahí la señora Maria?", "name"),
        ("¿Cómo se llama usted?", "never"),
        ("¿Cuál es su número de casa?", "never"),
        ("¿Qué dice la placa del carro?", "never"),
        ("¿Tiene usted papeles?", "never"),
        ("¿Por qué no los sigue, sigalos?", "never"),
        ("¿Sabe que ya vamos para allá?", "never"),
        ("¿Son <b>blancas</b> o negras?", "signs"),
        ("Are they still at the corner of the car wash?", "language"),
    ],
)
def test_own_words_that_do_not_pass_do_not_leave(
    town: Town, dora: Person, luis: Contact, report: Report, words: str, why: str
) -> None:
    with pytest.raises(Refused) as refused:
        relaying.ask(town.session, report, dora, "own", words)
    assert refused.value.key == f"console.relay.refused_{why}"
    assert town.received(luis) == []


@pytest.mark.parametrize(
    "words", ["Do you see more than one van?", "Where did they go?", "Is it ICE or the sheriff?", "What do they carry?"]
)
def test_plain_questions_pass(words: str) -> None:
    assert own_words.trouble(words, "en") is None


def test_to_somebody_who_reads_another_language_only_prepared_questions_go(town: Town, dora: Person) -> None:
    sokha = town.phone("km")
    report = town.tells(sokha, LUIS)
    with pytest.raises(Refused) as refused:
        relaying.ask(town.session, report, dora, "own", "Do you see more than one van?")
    assert refused.value.key == "console.relay.refused_language"
    relaying.ask(town.session, report, dora, "still_there")
    assert town.received(sokha)[0].language == "km"


def test_the_fuse_looks_at_own_words_again(town: Town, luis: Contact) -> None:
    """Written into the outbox by any other hand, they do not leave."""
    with pytest.raises(ValueError, match="never"):
        answers.answer(
            town.session, luis, own_words.KEY, reason=Reason.RELAY, place="X", question="¿Cómo se llama usted?"
        )
    with pytest.raises(ValueError, match="one reason only"):
        answers.answer(town.session, luis, own_words.KEY, reason=Reason.REPORTED, place="X", question=OURS)
    sent = answers.answer(town.session, luis, own_words.KEY, reason=Reason.RELAY, place="X", question=OURS)
    sent.values = {"place": "X", "question": "vaya a contigo.example?"}
    with pytest.raises(answers.WORDLESS):
        answers.rendered(sent)


def test_no_number_and_no_word_of_theirs_is_in_the_chain_of_acts(town: Town, dora: Person, report: Report) -> None:
    asked = relaying.ask(town.session, report, dora, "own", OURS)
    relaying.heard(town.session, asked.id, "blancas, son dos")
    entries = [repr((e.subject, e.detail)) for e in town.session.scalars(select(audit.AuditEntry))]
    assert any(report.pseudonym in entry for entry in entries)
    assert not [entry for entry in entries if "555" in entry or "camioneta" in entry or "blancas" in entry]


def test_what_was_asked_goes_with_the_report(town: Town, dora: Person, report: Report) -> None:
    relaying.ask(town.session, report, dora, "still_there")
    town.session.delete(report)
    town.session.flush()
    assert list(town.session.scalars(select(Relayed))) == []


@pytest.mark.parametrize("question", relaying.OURS_FIRST)
def test_what_we_asked_them_ourselves_comes_first(
    town: Town, dora: Person, luis: Contact, report: Report, question: str
) -> None:
    asking.conversation(town.session, luis.id).ask(question, choices=["hp"])
    with pytest.raises(Refused) as refused:
        relaying.ask(town.session, report, dora, "still_there")
    assert refused.value.key == "console.relay.busy" and town.received(luis) == []
    assert catalog.has("console.relay.busy", "es")
    open_one = asking.conversation(town.session, luis.id).open_question()
    assert open_one is not None and open_one[0] == question
