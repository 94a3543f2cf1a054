"""Who asks for a language that is mostly spoken is answered in plain Spanish, and in a voice where somebody recorded it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.contacts.models import Channel, Contact
from bot.outbox.delivery_models import Delivery
from bot.store.session import reading
from tests.hotline.conftest import Resident
from tests.services.recordings import record
from tests.services.settings import Environment


@pytest.fixture
def recorded(tmp_path: Path, env: Environment) -> Callable[[str], None]:
    """Somebody speaks this text in Mixtec."""
    env.set(clips_folder=tmp_path)

    def speak(key: str) -> None:
        record(tmp_path, "mixtec", key)

    return speak


def clips() -> list[tuple[str | None, str | None]]:
    with reading() as session:
        return [(row.key, row.clip) for row in session.scalars(select(Delivery).order_by(Delivery.id))]


def test_the_first_answer_can_be_heard_already(rosa: Resident, recorded: Callable[[str], None]) -> None:
    recorded("hotline.language_not_yet")
    assert "Anotamos que lo quiere" in rosa.asks("LANG MIXTECO")
    assert clips() == [("hotline.language_not_yet", "mixtec/hotline.language_not_yet.mp3")]


def test_by_whatsapp_the_voice_comes_behind_the_words(
    resident: Callable[..., Resident], recorded: Callable[[str], None]
) -> None:
    recorded("hotline.language_not_yet")
    dara = resident(5, Channel.WHATSAPP)
    assert len(dara.texts("LANG MIXTECO")) == 1
    assert [clip for _, clip in clips()] == [None, "mixtec/hotline.language_not_yet.mp3"]


def test_an_answer_that_nobody_recorded_comes_in_plain_spanish_alone(
    rosa: Resident, recorded: Callable[[str], None]
) -> None:
    recorded("hotline.help")
    rosa.texts("LANG MIXTECO")
    assert "911" in rosa.asks("MENU")
    assert [clip for _, clip in clips()] == [None, None]
    rosa.texts("AYUDA")
    assert clips()[-1] == ("hotline.help", "mixtec/hotline.help.mp3")


def test_whoever_then_asks_for_a_written_language_hears_no_more_of_them(
    rosa: Resident, recorded: Callable[[str], None]
) -> None:
    recorded("hotline.help")
    rosa.texts("LANG MIXTECO")
    rosa.texts("LANG ESPAÑOL")
    rosa.texts("AYUDA")
    assert clips()[-1] == ("hotline.help", None)
    with reading() as session:
        assert session.scalars(select(Contact)).one().wished_language is None


def test_the_last_words_leave_at_once_and_as_words(rosa: Resident, recorded: Callable[[str], None]) -> None:
    """After them nobody can open the number any more."""
    recorded("hotline.deleted")
    rosa.texts("LANG MIXTECO")
    assert len(rosa.texts("BORRAR")) == 1
    assert all(clip is None for _, clip in clips())
