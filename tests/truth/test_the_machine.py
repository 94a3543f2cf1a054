"""Can the judge say no? Each rule is taken out in its turn: the same acts that went well then do not.

And can the machine find such acts by itself? Of rules that most sequences run into, it must.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from sqlalchemy import false, select
from sqlalchemy.exc import IntegrityError

from bot.alerts import correction, night, release
from bot.alerts import sweeping as alerts_clock
from bot.contacts.models import Contact
from bot.moderation import claims, outcomes, sweeping, unattended, verdicts
from bot.moderation.models import Claim
from bot.outbox import claiming, freezing, fuse, halting, holding, released_only
from messages import catalog
from tests.services.settings import Environment
from tests.truth import said
from tests.truth.judge import SAYS_CONFIRMED
from tests.truth.machine import Truth
from tests.truth.people import NEIGHBORS, SENIOR, VOLUNTEERS
from tests.truth.running import try_out
from tests.truth.town import worlds
from tests.truth.world import WorldMaker

__all__ = ["worlds"]

VERA, VIC, SOL, OLGA, OMAR, CORA, DAN = VOLUNTEERS
NEIGHBOR = next(iter(NEIGHBORS))
ENOUGH = 60
RED = (AssertionError, IntegrityError)
"""The judge sees it; or the database refuses what the code let through."""

Patch = Callable[[pytest.MonkeyPatch], None]
Acts = Callable[[Truth], Iterator[object]]
"""Yields after each act, so that the judge looks."""


class Case(NamedTuple):
    without: Patch
    acts: Acts
    begins: str = "seen"


def lets_through(reason: str, room: Any = release, prefix: str = "alerts.refused_") -> Patch:
    """A line of `refusals` is gone."""
    real = room.refusals
    return lambda patch: patch.setattr(
        room, "refusals", lambda *given: [key for key in real(*given) if key != f"{prefix}{reason}"]
    )


def gone(*places: tuple[object, str, Any]) -> Patch:
    """It is asked, and always says the same."""

    def patch_all(patch: pytest.MonkeyPatch) -> None:
        for place, name, answer in places:
            patch.setattr(place, name, lambda *given, answer=answer, **more: answer)

    return patch_all


def _told_too_soon(patch: pytest.MonkeyPatch) -> None:
    real = outcomes.standing
    patch.setattr(
        outcomes,
        "standing",
        lambda session, incident: "told" if incident.state == "confirmed" else real(session, incident),
    )


def _release_by(who: Any, *first: Callable[[Truth], object]) -> Acts:
    def acts(play: Truth) -> Iterator[object]:
        for act in first:
            yield act(play)
        yield play.lets_out(who=who, at=0)

    return acts


def _acts(*several: Callable[[Truth], object]) -> Acts:
    return lambda play: (act(play) for act in several)


def _asks(play: Truth) -> None:
    play.asks(who=NEIGHBOR, asked=said.QUESTIONS[1], at=0)


def _alone(*first: Callable[[Truth], object]) -> Acts:
    return _acts(*first, lambda play: play.lets_out_alone(who=SENIOR, at=0))


CASES = {
    "both hands may be one person's": Case(
        lets_through("same_person"), _release_by(CORA, lambda play: play.looks(who=CORA, at=0, saw="ice")), "told"
    ),
    "both hands may be of one line": Case(lets_through("same_line"), _release_by(OMAR)),
    "it may be let out while frozen": Case(
        lets_through("frozen"), _release_by(OLGA, lambda play: play.freezes(who=DAN))
    ),
    "an old look may be let out": Case(lets_through("stale"), _release_by(OLGA, lambda play: play.passes(minutes=11))),
    "whose access was ended still counts": Case(
        lets_through("first_revoked"), _release_by(OLGA, lambda play: play.is_let_go(who=VERA))
    ),
    "other words than were read": Case(
        gone((fuse, "words_of", b"\0" * 32)),
        _release_by(OLGA, lambda play: play.reads(at=0), lambda play: play.edits(at=0, what=said.EDITS[0])),
    ),
    "what was edited still leaves": Case(
        gone((fuse, "_was_let_out", True)),
        _acts(lambda play: play.edits(at=0, what=said.EDITS[0]), lambda play: play.hands_over()),
        "out",
    ),
    "what nobody let out leaves": Case(
        gone((fuse, "_was_let_out", True)),
        _acts(lambda play: play.edits(at=0, what=said.EDITS[3]), lambda play: play.hands_over()),
    ),
    "copies leave while frozen": Case(
        gone((claiming, "is_frozen", False), (holding, "is_frozen", False)),
        _acts(lambda play: play.freezes(who=VIC), lambda play: play.hands_over()),
        "out",
    ),
    "copies leave after they were taken back": Case(
        gone((halting, "halt", 0), (fuse, "halt", 0), (correction, "halt_unsent", 0)),
        _acts(
            lambda play: play.takes_copies(),
            lambda play: play.takes_back(who=DAN, at=0, act="doubt", kind="over", was="police"),
            lambda play: play.hands_over(),
        ),
        "out",
    ),
    "STOP is not kept": Case(
        gone((Contact, "stop", None)),
        _acts(lambda play: play.says(who=NEIGHBOR, word="STOP"), lambda play: play.hands_over()),
        "out",
    ),
    "a yes and a no is no dispute": Case(
        gone((verdicts, "_disagree", False)), _acts(lambda play: play.looks(who=VIC, at=0, saw="nobody")), "out"
    ),
    "what was taken back is let out": Case(
        gone((verdicts, "_taken_back", None)), _release_by(OLGA, lambda play: play.looks(who=VERA, at=0, saw="police"))
    ),
    "who can no longer tell lets it out": Case(
        lets_through("unsure_since"), _release_by(OLGA, lambda play: play.looks(who=VERA, at=0, saw="perhaps"))
    ),
    "gone by another ends it": Case(
        gone((verdicts, "_gone", None)), _acts(lambda play: play.looks(who=DAN, at=0, saw="gone"))
    ),
    "two are sent to one place": Case(
        gone((claims, "holders", [])),
        _acts(lambda play: play.goes(who=VERA, at=0, act="claim"), lambda play: play.goes(who=VIC, at=0, act="claim")),
        "told",
    ),
    "nobody hears that it is covered": Case(
        gone((claims, "_spare_the_others", None)), _acts(lambda play: play.goes(who=VERA, at=0, act="claim")), "told"
    ),
    "nobody gives up looking": Case(gone((sweeping, "_too_long_open", [])), _acts(), "told"),
    "a lease never runs out": Case(
        gone((sweeping, "_lapsed_leases", [])),
        _acts(
            lambda play: play.goes(who=VERA, at=0, act="claim"),
            lambda play: play.passes(minutes=6),
            lambda play: play.sweeps(),
        ),
        "told",
    ),
    "an alert never runs out": Case(gone((alerts_clock, "_expired", [])), _acts(), "out"),
    "reporters hear nothing": Case(gone((outcomes, "tell", 0)), _acts(), "told"),
    "reporters hear it before it is let out": Case(_told_too_soon, _acts(lambda play: play.sweeps())),
    "CHECK says that we are trying, and nobody is on it": Case(
        gone((unattended, "among", set())), _acts(lambda play: play.passes(minutes=46), _asks), "told"
    ),
    "CHECK says that nobody has checked, and somebody may go": Case(
        gone((unattended, "among", {1})), _acts(_asks), "told"
    ),
    "CHECK says that nobody has checked, and somebody goes": Case(
        gone((unattended, "_goes", select(Claim.id).where(false()))),
        _acts(lambda play: play.goes(who=VERA, at=0, act="claim"), lambda play: play.passes(minutes=46), _asks),
        "told",
    ),
    "one person thaws": Case(
        gone((freezing, "first_hand", CORA.id)),
        _acts(lambda play: play.freezes(who=DAN), lambda play: play.thaws(first=OLGA, second=OLGA)),
    ),
}
AT_NIGHT = {
    "somebody else is there": Case(
        lets_through("somebody_is_there", night, "console.night.why_"),
        _alone(lambda play: play.goes(who=OLGA, at=0, act="give-up")),
        "at night",
    ),
    "nobody waits": Case(
        lets_through("too_soon", night, "console.night.why_"),
        _alone(lambda play: play.looks(who=SENIOR, at=0, saw="ice")),
        "told",
    ),
    "it is not their look": Case(
        lets_through("not_yours", night, "console.night.why_"), _alone(lambda play: play.passes(minutes=6)), "seen"
    ),
    "it is frozen": Case(
        lets_through("frozen", night, "console.night.why_"), _alone(lambda play: play.freezes(who=DAN)), "at night"
    ),
}


def _plays(worlds: WorldMaker, case: Case) -> None:
    play = Truth(worlds())
    play.begins(so_far=case.begins)
    play.holds()
    for _ in case.acts(play):
        play.holds()
    play.teardown()


@pytest.mark.parametrize("rule", CASES)
def test_the_judge_says_no_when(rule: str, worlds: WorldMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    _plays(worlds, CASES[rule])  # as it is, it goes well
    CASES[rule].without(monkeypatch)
    with pytest.raises(RED):
        _plays(worlds, CASES[rule])


@pytest.mark.parametrize("rule", AT_NIGHT)
def test_of_one_hand_at_night_the_judge_says_no_when(
    rule: str, worlds: WorldMaker, env: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    env.set(night_rule=True)
    _plays(worlds, AT_NIGHT[rule])
    AT_NIGHT[rule].without(monkeypatch)
    with pytest.raises(RED):
        _plays(worlds, AT_NIGHT[rule])


def test_within_its_bounds_one_hand_does_let_it_out(worlds: WorldMaker, env: Environment) -> None:
    """Else the judge would have nothing to judge."""
    env.set(night_rule=True)
    play = Truth(worlds())
    play.begins(so_far="at night")
    play.lets_out_alone(who=SENIOR, at=0)
    play.holds()
    assert [row.second_id for row in play.world.books.release.values()] == [None]


@pytest.mark.sqlite
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)  # what the machine chooses is the same on both
@pytest.mark.parametrize("rule", ["nobody gives up looking", "an alert never runs out", "reporters hear nothing"])
def test_the_machine_comes_upon_it_by_itself(rule: str, worlds: WorldMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    worlds()
    CASES[rule].without(monkeypatch)
    with pytest.raises(RED):
        try_out(worlds, ENOUGH, derandomize=True)


WATCHED = {*SAYS_CONFIRMED, *released_only.KEYS}
"""What one person is told of an incident that is confirmed; and what leaves in a released broadcast only."""
DENIES = {
    "alerts.known_checking",
    "alerts.known_unchecked",
    "alerts.known_corrected_unfounded",
    "alerts.known_nothing",
    "joining.joined",
    "outcomes.was_unfounded",
}
"""They say that it is not, or what we tell at all. Refusals and reasons are read by staff."""
FOR_STAFF = ("alerts.refused_", "pages.")
NOT_TO_RESIDENTS = {"console", "public", "drills"}
"""The console's and the public page's words; an exercise's reach only those who take part in it."""


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_other_text_says_that_something_is_confirmed(language: str) -> None:
    says = {
        key
        for namespace in set(catalog.namespaces()) - NOT_TO_RESIDENTS
        for key in catalog.keys(namespace)
        if "confirm" in catalog.raw(key, language).lower() and not key.startswith(FOR_STAFF)
    }
    assert says <= WATCHED | DENIES


def test_a_word_of_ones_own_stands_behind_an_alert_and_nobody_elses(worlds: WorldMaker) -> None:
    play = Truth(worlds())
    play.begins(so_far="seen")
    play.says(who=NEIGHBOR, word="WORD GARDEN")
    play.lets_out(who=OLGA, at=0)
    play.holds()
    play.hands_over()
    play.holds()
    told = {sent.number: sent.text for sent in play.world.sent if sent.broadcast_id}
    assert [number for number, text in told.items() if text.endswith("(GARDEN)")] == [NEIGHBOR]
    play.judge.words.clear()
    play.judge.heard = 0
    with pytest.raises(AssertionError):
        play.holds()
