"""A subscriber chooses the word that their genuine alerts carry: set, shown, changed and removed by text, in any language."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, text

from bot.contacts import check_words
from bot.contacts.models import Contact, find
from bot.hotline import commands
from bot.privacy import numbers
from bot.store.session import reading, writing
from messages import catalog, languages
from messages.vocabulary import entries
from tests.hotline.conftest import Resident

PLAIN = {
    "en": "WORD",
    "es": "PALABRA",
    "km": "ពាក្យ",
    "ko": "단어",
    "tl": "SALITA",
    "vi": "TỪ",
    "zh": "暗号",
    "zh-Hant": "暗號",
}


def contact_of(rosa: Resident) -> Contact:
    with reading() as session:
        contact = find(session, numbers.address(rosa.address))
        assert contact is not None
        return contact


def word_of(rosa: Resident) -> str | None:
    return check_words.of(contact_of(rosa))


def test_it_is_set_shown_changed_and_removed_by_text(rosa: Resident) -> None:
    assert "PALABRA GIRASOL" in rosa.asks("palabra")
    assert "(GIRASOL)" in rosa.asks("Palabra girasol")
    assert word_of(rosa) == "GIRASOL"
    assert "GIRASOL" in rosa.asks("PALABRA")
    assert "(JARDIN)" in rosa.asks("palabra Jardín")
    assert word_of(rosa) == "JARDIN"
    rosa.asks("palabra no")
    assert word_of(rosa) is None
    assert "PALABRA GIRASOL" in rosa.asks("palabra")


@pytest.mark.parametrize("language", sorted(PLAIN))
def test_its_command_has_a_word_in_every_language(language: str) -> None:
    command = commands.read(f"{PLAIN[language]} garden", language)
    assert command is not None and (command.name, command.argument) == ("CHECK_WORD", "garden")


@pytest.mark.parametrize("language", languages.COMPLETE)
def test_no_language_does_without(language: str) -> None:
    assert entries("commands")[language]["check_word"]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("abc", "length"), ("extraordinary", "length"), ("k7q9", "letters"), ("2135550123", "letters"),
        ("bit.ly", "letters"), ("ho-la", "letters"), ("정원", "letters"), ("migra", "refused"), ("Alerta", "refused"),
        ("pinche", "refused"), ("seguro", "refused"), ("Mierda", "refused"),
    ],
)  # fmt: skip
def test_what_could_be_followed_dialled_believed_or_hurt_is_no_check_word(said: str, why: str) -> None:
    assert check_words.problem(said) == why
    with pytest.raises(ValueError, match="no check word"):
        check_words.keep(Contact(id=1), said)


@pytest.mark.parametrize("said", ["girasol", "GARDEN", "Jardín", "hoàsen", "luna"])
def test_plain_letters_are(said: str) -> None:
    assert check_words.problem(said) is None


@pytest.mark.parametrize(
    ("said", "key"), [("palabra 1234", "letters"), ("palabra migra", "refused"), ("palabra sol", "length")]
)
def test_a_word_that_is_none_is_refused_with_the_reason_and_the_old_one_stays(
    rosa: Resident, said: str, key: str
) -> None:
    rosa.asks("palabra girasol")
    assert catalog.raw(f"joining.word_refused_{key}", "es")[:12] == rosa.asks(said)[:12]
    assert word_of(rosa) == "GIRASOL"


@pytest.mark.parametrize(
    "said", ["my word is good and I saw ICE", "palabra de honor que vi la migra en Florence", "work"]
)
def test_a_sentence_is_no_command(said: str) -> None:
    command = commands.read(said)
    assert command is None or command.name != "CHECK_WORD"


def test_it_is_kept_locked_for_its_row_and_forgotten_with_delete(
    rosa: Resident, resident: Callable[..., Resident]
) -> None:
    rosa.asks("palabra girasol")
    maria = resident(2)
    maria.asks("palabra jardin")
    with writing() as session:
        kept = session.execute(text("SELECT check_word FROM contact WHERE check_word IS NOT NULL")).scalars().all()
        assert len(kept) == 2 and not any(b"GIRASOL" in bytes(one).upper() for one in kept)
        session.execute(text("UPDATE contact SET check_word = :theirs"), {"theirs": kept[0]})
    assert {word_of(rosa), word_of(maria)} == {"GIRASOL", None} or {word_of(rosa), word_of(maria)} == {"JARDIN", None}
    with writing() as session:
        session.execute(text("UPDATE contact SET check_word = NULL"))
    rosa.asks("palabra girasol")
    rosa.texts("BORRAR")
    with reading() as session:
        assert session.scalars(select(Contact).where(Contact.check_word.is_not(None))).all() == []


@pytest.mark.parametrize("language", languages.COMPLETE)
def test_every_answer_about_it_is_there_in_every_language(language: str) -> None:
    for key in ("word_set", "word_shown", "word_none", "word_removed"):
        assert catalog.text(f"joining.{key}", language, word="GARDEN")
    for why in ("letters", "length", "refused"):
        assert catalog.text(f"joining.word_refused_{why}", language, shortest=4, longest=8)
