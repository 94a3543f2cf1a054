"""Can SQL, tried directly, make an alert that one person let out? The database refuses, or the fuse lets nothing leave.

Inserting is tried in `tests/promises/test_01`; here rows that are there are changed, moved and deleted. SQLite checks keys only
for whoever asks it to, and a shell does not: there the fuse asks the same questions again.
"""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy.exc import IntegrityError

from bot.settings import settings
from tests.truth.machine import Truth
from tests.truth.people import OF_LINE
from tests.truth.town import worlds
from tests.truth.world import WorldMaker

__all__ = ["worlds"]

REFUSED = {
    "nobody lets it out": "UPDATE release SET second_id = NULL, second_line = NULL",
    "half a person lets it out": "UPDATE release SET second_id = NULL",
    "who saw it lets it out": "UPDATE release SET second_id = first_id, second_line = first_line",
    "somebody of their line lets it out": "UPDATE release SET second_id = {omar}, second_line = {ash}",
    "somebody of their line, said to be of another": "UPDATE release SET second_id = {omar}, second_line = {birch}",
    "who let it out said to have seen it": "UPDATE release SET first_id = second_id, first_line = second_line",
    "somebody else is said to have seen it": "UPDATE release SET first_id = {vic}, first_line = {birch}",
    "it is said to be confirmed by nothing": "UPDATE release SET confirmation_id = NULL",
    "it is said to be confirmed by what is not there": "UPDATE release SET confirmation_id = 999",
    "it is said to be about nothing": "UPDATE release SET incident_id = NULL",
    "it is said to be a doubt": "UPDATE release SET kind = 'doubt', second_id = NULL, second_line = NULL",
    "it is said to be a notice": "UPDATE release SET kind = 'notice', incident_id = NULL",
    "it is said to be one hand's at night": "UPDATE release SET second_id = NULL, second_line = NULL, night = broadcast_id",
    "it is somebody else's broadcast": "UPDATE release SET broadcast_id = 999",
    "the broadcast is said to be of another kind": "UPDATE broadcast SET kind = 'notice'",
    "whoever let it out is moved to their line": "UPDATE person SET line_id = {ash} WHERE id = {olga}",
    "whoever saw it is moved to another line": "UPDATE person SET line_id = {birch} WHERE id = {vera}",
    "the confirmation is somebody else's": "UPDATE confirmation SET person_id = {olga}, person_line = {birch}",
    "the finding is somebody else's": "UPDATE finding SET person_id = {olga}, person_line = {birch}",
    "the confirmation is deleted": "DELETE FROM confirmation",
    "the finding is deleted": "DELETE FROM finding",
    "whoever let it out is deleted": "DELETE FROM person WHERE id = {olga}",
    "their line is deleted": "DELETE FROM invitation_line WHERE id = {birch}",
    "the alert is deleted": "DELETE FROM alert",
    "the broadcast is deleted": "DELETE FROM broadcast",
    "the incident is in two states at once": "UPDATE incident SET state = 'merged'",
    "it lasts for days": "UPDATE broadcast SET expires_at = '2026-12-24 13:08:00.000000'",
    "it is called a draft, to last for days": "UPDATE broadcast SET state = 'draft', expires_at = '2026-12-24 13:08:00.000000'",
    "it is said to last for days": "UPDATE alert SET expires_at = '2026-12-24 13:08:00.000000'",
    "a copy of it lasts for days": "UPDATE delivery SET expires_at = '2026-12-24 13:08:00.000000'",
    "a step that no rule allows": "UPDATE incident_step SET after = 'retracted' WHERE after = 'verifying'",
}
FUSED = {
    "the words are others": "UPDATE rendition SET text = 'Todos a la calle'",
    "one language's words are others": "UPDATE rendition SET text = 'Di ra duong' WHERE language = 'vi'",
    "and their mark is made to fit nothing": "UPDATE release SET words = {zeros}",
    "it is for everybody": "UPDATE broadcast SET neighborhoods = '[]'",
    "it is for a second neighborhood": 'UPDATE broadcast SET neighborhoods = \'["hp", "maywood"]\'',
    "it is for whoever heard of something else": "UPDATE broadcast SET same_people_as = id",
    "it overtakes corrections": "UPDATE broadcast SET lane = 0",
    "it began days ago": "UPDATE release SET released_at = '2020-12-24 13:08:00.000000'",
    "it ended": "UPDATE broadcast SET expires_at = '2020-12-24 13:08:00.000000'",
    "its release is deleted": "DELETE FROM release",
    "it was halted, and is not": "UPDATE broadcast SET state = 'draft'",
}
BY_A_SHELL = {
    name: REFUSED[name]
    for name in (
        "somebody of their line, said to be of another",
        "whoever let it out is moved to their line",
        "whoever saw it is moved to another line",
        "whoever let it out is deleted",
    )
}
"""Keys alone hold these, and a shell of SQLite has its keys off."""


def filled(statement: str, kind: str) -> str:
    zeros = "'\\x00'::bytea" if kind == "postgresql" else "x'00'"
    return statement.format(vera=1, vic=2, olga=4, omar=5, zeros=zeros, **OF_LINE)


@pytest.fixture
def play(worlds: WorldMaker) -> Truth:
    """Vera saw it, Olga let it out; nothing has left yet."""
    playing = Truth(worlds())
    playing.begins(so_far="out")
    playing.holds()
    assert len(playing.world.books.release) == 1
    return playing


def nothing_leaves(play: Truth) -> bool:
    play.world.takes_copies()
    play.world.hands_over()
    return not [sent for sent in play.world.sent if sent.broadcast_id]


@pytest.mark.parametrize("forged", REFUSED)
def test_the_database_refuses_that(forged: str, play: Truth, database_kind: str) -> None:
    play.world.takes_copies()
    before = play.world.peek()
    with pytest.raises(IntegrityError):
        play.world.writes_by_hand(filled(REFUSED[forged], database_kind))
    after = play.world.peek()
    assert (after.release, after.person, after.finding) == (before.release, before.person, before.finding)


@pytest.mark.parametrize("forged", FUSED)
def test_the_fuse_lets_nothing_leave_when(forged: str, play: Truth, database_kind: str) -> None:
    play.world.writes_by_hand(filled(FUSED[forged], database_kind))
    assert nothing_leaves(play)


@pytest.mark.sqlite
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("forged", BY_A_SHELL)
def test_the_fuse_lets_nothing_leave_when_a_shell_without_keys_does_that(forged: str, play: Truth) -> None:
    with closing(sqlite3.connect(settings().database_url.removeprefix("sqlite:///"))) as shell, shell:
        assert shell.execute("PRAGMA foreign_keys").fetchone() == (0,)
        shell.execute(filled(BY_A_SHELL[forged], "sqlite"))
    assert nothing_leaves(play)


@pytest.mark.sqlite
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("table", ["alert", "broadcast", "delivery"])
def test_no_shell_makes_it_last_longer_either(table: str, play: Truth) -> None:
    play.world.takes_copies()
    with (
        closing(sqlite3.connect(settings().database_url.removeprefix("sqlite:///"))) as shell,
        pytest.raises(sqlite3.IntegrityError, match="no later"),
    ):
        shell.execute(f"UPDATE {table} SET expires_at = datetime(expires_at, '+1 second')")  # noqa: S608  a name of ours


def test_a_copy_does_not_outlive_what_it_is_a_copy_of(play: Truth) -> None:
    """A copy that was written with a later end, or whose alert was ended after a worker had taken it."""
    play.world.takes_copies()
    assert play.world.hands
    play.world.writes_by_hand(FUSED["it ended"])
    assert nothing_leaves(play)


def test_as_it_is_it_leaves(play: Truth) -> None:
    """Else none of these would prove anything."""
    assert not nothing_leaves(play)
