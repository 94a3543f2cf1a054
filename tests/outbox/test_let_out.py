"""What the fuse decided is kept only while every row it decided by is as it was: one changed letter is seen at once."""

from collections.abc import Iterator

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from bot.clock import now
from bot.contacts.models import Channel
from bot.outbox import fuse, halting, let_out
from bot.outbox.models import Broadcast, Release, Rendition
from bot.people.models import Person
from bot.store.session import reading, writing
from tests.outbox.conftest import NOTICE, Staff, notice


@pytest.fixture
def made(staff: Staff) -> Iterator[Broadcast]:
    """A released notice whose words have been asked for before."""
    with writing() as session:
        made = notice(session, staff)
    assert _texts(made)[("es", Channel.SMS)] == NOTICE[("es", Channel.SMS)]
    yield made
    let_out._decided.clear()


def _texts(made: Broadcast) -> dict[tuple[str, Channel], str]:
    with reading() as session:
        words = let_out.words_for(session, [made.id])
    return words[made.id].texts if words else {}


def _changes(statement: object) -> None:
    with writing() as session:
        session.connection().execute(statement)  # type: ignore[call-overload]


def test_the_fuse_is_asked_once_while_nothing_changes(made: Broadcast, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    fuse_itself = fuse.released_words

    def counted(session: Session, broadcast_id: int) -> fuse.Words | None:
        asked.append(broadcast_id)
        return fuse_itself(session, broadcast_id)

    monkeypatch.setattr(fuse, "released_words", counted)
    assert all(_texts(made) for _ in range(3))
    _changes(update(Broadcast).where(Broadcast.id == made.id).values(planned_through=7))
    assert _texts(made)
    assert asked == []
    let_out._decided.clear()
    assert _texts(made)
    assert asked == [made.id]


@pytest.mark.parametrize(
    "change",
    [
        update(Rendition).where(Rendition.language == "en").values(text="ICE is everywhere"),
        delete(Rendition).where(Rendition.language == "en"),
        update(Broadcast).values(neighborhoods=["hp", "maywood"]),
        update(Broadcast).values(aid="food"),
        update(Release).values(words=bytes(32)),
        delete(Release),
    ],
    ids=["a word", "a rendition gone", "whom for", "which aid", "its hash", "its release"],
)
def test_any_change_by_hand_is_seen_at_once(made: Broadcast, change: object) -> None:
    _changes(change)
    assert _texts(made) == {}


def test_a_halt_is_seen_at_once(made: Broadcast) -> None:
    with writing() as session:
        halting.halt(session, made.id, "doubt")
    assert _texts(made) == {}


def test_a_hand_that_is_of_another_line_now_is_seen_at_once(made: Broadcast, staff: Staff) -> None:
    with reading() as session:
        before = let_out._facts(session, made.id)
    with writing() as session:
        session.add(Person(name="Dora", role=staff.ana.role, line_id=staff.ana.line_id, created_at=now()))
    with reading() as session:
        assert let_out._facts(session, made.id) == before, "somebody else's row is no fact of this broadcast"
        assert staff.ana.line_id in before[0]
        assert staff.berta.line_id in before[0]


def test_no_more_is_kept_than_a_busy_night_needs(
    made: Broadcast, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(let_out, "MOST_KEPT", 1)
    with writing() as session:
        other = notice(session, staff)
    assert _texts(other)
    assert _texts(made)
    assert len(let_out._decided) == 1
