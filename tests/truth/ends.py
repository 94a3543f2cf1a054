"""How does it end? Nothing stays open for ever, and whoever told us hears what became of it, each outcome once."""

import datetime as dt
import itertools
from typing import Any

from sqlalchemy import Row

from bot.clock import now
from tests.truth.books import Books
from tests.truth.judge import Judge
from tests.truth.world import Sent, World

OPEN = ("unconfirmed", "verifying", "disputed", "confirmed")
ROUNDS, ROUND_MINUTES = 16, 24
"""Six hours and more: past every lease, look, alert and answer."""
NOT_YET = "outcomes.checking"


def judge(world: World, judge_: Judge) -> None:
    """The hours pass, and nobody does anything more. Raises `AssertionError`."""
    for _ in range(ROUNDS):
        world.passes(minutes=ROUND_MINUTES)
        world.sweeps()
        world.hands_over()  # what was held for too long waits again
        world.takes_copies()
        world.hands_over()
        judge_.sees(world)
        if not _open(world.books) and not world.hands:
            break
    assert not _open(world.books), f"it never ends: {_open(world.books)}"
    assert not [row for row in world.books.claim.values() if row.state.value == "held"], "a lease without an end"
    assert not [row for row in world.books.alert.values() if _is_stale(row)], "a draft without an end"
    for report in world.books.report.values():
        _answered(report, world, judge_)


def _open(books: Books) -> list[str]:
    return [
        f"{row.id} {row.place_key} is {row.state.value} since {row.opened_at}"
        for row in books.incident.values()
        if row.state.value in OPEN and row.merged_into is None
    ]


def _answered(report: Row[Any], world: World, judge_: Judge) -> None:
    """Whoever reported, can still be reached and did not say STOP heard an outcome after what they told."""
    if report.kind.value != "report" or report.incident_id is None or report.contact_id not in world.books.contact:
        return
    heard = outcomes_of(report.contact_id, world.sent)
    if world.number_of(report.contact_id) in judge_.stopped_ever:
        return
    since = [one for one in heard if one.created_at is not None and one.created_at >= report.received_at]
    assert [one for one in since if one.key != NOT_YET], f"told us of incident {report.incident_id}, and heard nothing"
    theirs = {row.incident_id for row in world.books.report.values() if row.contact_id == report.contact_id}
    if len(theirs - {None}) == 1:
        _each_once(heard, judge_)


def _is_stale(alert: Row[Any]) -> bool:
    return bool(alert.pending and alert.expires_at <= now())


def _each_once(heard: list[Sent], judge_: Judge) -> None:
    """Never the same twice with nothing in between: neither a word of theirs nor another of ours ("we try to check again")."""
    for before, one in itertools.pairwise(heard):
        between = [at for at in judge_.wrote[one.number] if _made(before) <= at <= _made(one)]
        assert one.text != before.text or between, f"{one.key} twice"


def outcomes_of(contact_id: int, sent: list[Sent]) -> list[Sent]:
    theirs = [one for one in sent if one.contact_id == contact_id and (one.key or "").startswith("outcomes.")]
    return sorted(theirs, key=_made)


def _made(one: Sent) -> dt.datetime:
    return one.created_at or one.at
