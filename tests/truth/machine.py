"""What may happen in which order? Anything: texts, clicks, clocks, shells and people, as hypothesis likes it.

Each rule is one act by the door it has in life; numbers drawn by a rule choose among what is there at that moment, so that a
sequence that fails can be made shorter. After every act the judge looks (`judge`); at the end the hours pass (`ends`).
"""

import datetime as dt
import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NamedTuple, TypeVar

from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.alerts import night
from bot.alerts.models import Alert
from bot.clock import now
from bot.incidents.models import Incident
from bot.moderation import by_phone, regrouping, ruling, splitting
from bot.outbox import fuse
from bot.places import gazetteer
from bot.store.session import reading
from tests.truth import ends, said
from tests.truth.judge import Judge
from tests.truth.people import NEIGHBORS, RELEASERS, REPORTERS, SENIOR, VERIFIERS, VOLUNTEERS, Volunteer
from tests.truth.world import World

Thing = TypeVar("Thing")
NUMBER = re.compile(r"(?<!\d)\d{4}(?!\d)")
LONGEST_SILENCE = dt.timedelta(hours=3)
"""Some worker lives: what nobody sends for six hours is no answer any more, and is dropped."""
which = some.integers(0, 11)
"""Chooses one of what is there."""


class Read(NamedTuple):
    """What somebody had before their eyes when they opened a draft."""

    broadcast_id: int
    mark: str
    words: dict[tuple[str, str], str]


class Truth(RuleBasedStateMachine):
    """One town, for one sequence."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world, self.judge = world, Judge()
        self.read: dict[int, Read] = {}
        self.sent_at = now()

    @initialize(so_far=some.sampled_from(("nothing", "told", "told", "seen", "seen", "at night", "out", "out")))
    def begins(self, so_far: str) -> None:
        """Where nothing has happened yet most sequences would end before anything could go wrong."""
        if so_far != "nothing":
            self._texts(REPORTERS[0], said.SIGHTINGS[0])
            self.judge.sees(self.world)
        if so_far in ("seen", "out"):
            self.world.clicks(VERIFIERS[0], "/incidents/1/finding", saw="ice", words="6 agents, vests")
            self.judge.sees(self.world)
        if so_far == "at night":
            self.world.clicks(SENIOR, "/incidents/1/finding", saw="ice", words="6 agents, vests")
            self.judge.sees(self.world)
            self.world.passes(minutes=4)
        if so_far == "out":
            self._lets_out(RELEASERS[0], 1)

    # What residents do.

    @rule(who=some.sampled_from(REPORTERS), told=some.sampled_from(said.SIGHTINGS))
    def reports(self, who: str, told: str) -> None:
        assert self._texts(who, told), "no answer to a report"

    @rule(who=some.sampled_from((*REPORTERS, *NEIGHBORS)), asked=some.sampled_from(said.QUESTIONS), at=which)
    def asks(self, who: str, asked: str, at: int) -> None:
        incident = self._one(self._incidents(), at)
        self._texts(who, asked.format(code=incident.code if incident is not None else "K7Q"))

    @rule(who=some.sampled_from((*REPORTERS, *NEIGHBORS)), word=some.sampled_from(said.WORDS))
    def says(self, who: str, word: str) -> None:
        self._texts(who, word)

    # What volunteers do by text.

    @rule(who=some.sampled_from(VERIFIERS), at=which, more=some.sampled_from(said.MORE))
    def answers(self, who: Volunteer, at: int, more: str) -> None:
        """One of the numbers of the last pages they got."""
        number = self._one(self._numbers_on(who), at)
        if number is not None:
            self._texts(who.number, f"{number}{more}")

    @rule(who=some.sampled_from(VOLUNTEERS), whose=some.sampled_from(VERIFIERS), at=which)
    def forges(self, who: Volunteer, whose: Volunteer, at: int) -> None:
        """A number that was read over somebody's shoulder."""
        self._texts(who.number, self._one(self._numbers_on(whose), at) or "4471")

    @rule(who=some.sampled_from(VOLUNTEERS), word=some.sampled_from(said.SHIFT_WORDS))
    def on_and_off(self, who: Volunteer, word: str) -> None:
        self._texts(who.number, word)

    # What people do on the console.

    @precondition(lambda self: self._incidents())
    @rule(who=some.sampled_from(VOLUNTEERS), at=which, act=some.sampled_from(("claim", "claim", "give-up")))
    def goes(self, who: Volunteer, at: int, act: str) -> None:
        self.world.clicks(who, f"/incidents/{self._incident(at)}/{act}")

    @precondition(lambda self: self._incidents())
    @rule(who=some.sampled_from((*VERIFIERS, *VOLUNTEERS)), at=which, saw=some.sampled_from(said.SEEN))
    def looks(self, who: Volunteer, at: int, saw: str) -> None:
        self.world.clicks(who, f"/incidents/{self._incident(at)}/finding", saw=saw, words="")

    @precondition(lambda self: self._drafts())
    @rule(at=which)
    def reads(self, at: int) -> None:
        """Somebody opens the page of a draft; what they read is what they may press on, later."""
        alert = self._one(self._drafts(), at)
        assert alert is not None
        self.read[alert.id] = self._opens(alert.id)

    @precondition(lambda self: self._drafts())
    @rule(who=some.sampled_from((*RELEASERS, *VOLUNTEERS)), at=which)
    def lets_out(self, who: Volunteer, at: int) -> None:
        alert = self._one(self._drafts(), at)
        assert alert is not None
        self._lets_out(who, alert.id)

    @precondition(lambda self: self._incidents())
    @rule(
        who=some.sampled_from(VOLUNTEERS),
        at=which,
        act=some.sampled_from(("doubt", "correction", "propose")),
        kind=some.sampled_from(("update", "over")),
        was=some.sampled_from(("police", "unfounded")),
    )
    def takes_back(self, who: Volunteer, at: int, act: str, kind: str, was: str) -> None:
        self.world.clicks(who, f"/incidents/{self._incident(at)}/{act}", kind=kind, was=was)

    @precondition(lambda self: self._incidents())
    @rule(who=some.sampled_from(VOLUNTEERS), at=which)
    def lets_out_alone(self, who: Volunteer, at: int) -> None:
        """At night, where nobody else is there; wherever a setting does not allow it, in vain."""
        with reading() as session:
            incident = session.get_one(Incident, self._incident(at))
            offer = night.offer(incident)
        form = {"neighborhood": offer.neighborhood, "until": offer.until.isoformat(), "words": offer.mark.hex()}
        self.world.clicks(who, f"/incidents/{incident.id}/night", **form)

    @precondition(lambda self: self.world.books.night_release)
    @rule(who=some.sampled_from(VOLUNTEERS), at=which, stands=some.sampled_from(("yes", "no")))
    def reviews(self, who: Volunteer, at: int, stands: str) -> None:
        self.world.clicks(who, f"/night/{self._one(sorted(self.world.books.night_release), at)}/review", stands=stands)

    @precondition(lambda self: len(self._incidents()) > 1)
    @rule(away=which, into=which)
    def merges(self, away: int, into: int) -> None:
        self.world.decides(lambda session, by: regrouping.merge(session, *self._both(session, away, into), by))

    @precondition(lambda self: self.world.books.report)
    @rule(at=which, place=some.sampled_from(said.PLACES))
    def splits(self, at: int, place: str) -> None:
        report = self._one(list(self.world.books.report.values()), at)
        if report is not None and report.incident_id is not None:
            self.world.decides(
                lambda session, by: splitting.split(
                    session,
                    session.get_one(Incident, report.incident_id),
                    [report.pseudonym],
                    gazetteer.find(place),
                    by,
                )
            )

    @precondition(lambda self: self._incidents())
    @rule(at=which, word=some.sampled_from(("city_office", "school_office")))
    def decides_by_word(self, at: int, word: str) -> None:
        """By a named source's word, which none of ours saw."""
        incident = self._incident(at)
        self.world.decides(
            lambda session, by: ruling.debunk(session, session.get_one(Incident, incident), by, "film_crew", word)
        )

    @rule(place=some.sampled_from(said.PLACES), first_hand=some.booleans())
    def writes_down_a_call(self, place: str, first_hand: bool) -> None:
        call = by_phone.Call("call", gazetteer.find(place), first_hand, size=6)
        self.world.decides(lambda session, by: by_phone.write_down(session, call, by))

    @rule(who=some.sampled_from(VOLUNTEERS))
    def freezes(self, who: Volunteer) -> None:
        self.world.clicks(who, "/freeze")

    @precondition(lambda self: self.world.books.is_frozen)
    @rule(first=some.sampled_from(RELEASERS), second=some.sampled_from(RELEASERS))
    def thaws(self, first: Volunteer, second: Volunteer) -> None:
        """By one person, or by two of one line, it holds."""
        held = max(self.world.books.freeze)
        half = self.world.books.freeze[held].thaw_first_id
        for person in (first, second):
            self.world.clicks(person, f"/freeze/{held}/thaw")
        if half is None and first.line == second.line:
            assert self.world.peek().is_frozen, "thawed by one line"

    @rule(who=some.sampled_from((VOLUNTEERS[0], VOLUNTEERS[3], VOLUNTEERS[6])))
    def is_let_go(self, who: Volunteer) -> None:
        self.world.clicks(VOLUNTEERS[5], f"/people/{who.id}/revoke")

    # What a hand in the database does.

    @precondition(lambda self: self.world.books.broadcast)
    @rule(at=which, what=some.sampled_from(said.EDITS))
    def edits(self, at: int, what: str) -> None:
        broadcast = self._one(sorted(self.world.books.broadcast), at)
        with suppress(IntegrityError):  # the one neighborhood of a night release is held by a CHECK
            self.world.writes_by_hand(what, id=broadcast)

    # What time and machines do.

    @rule(minutes=some.sampled_from((0.2, 1, 3, 6, 11, 16, 24, 46, 61)))
    def passes(self, minutes: float) -> None:
        self.world.passes(minutes=minutes)
        if now() - self.sent_at > LONGEST_SILENCE:
            self.hands_over()

    @rule()
    def sweeps(self) -> None:
        self.world.sweeps()
        lapsed = [row for row in self.world.peek().claim.values() if self.world.is_lapsed(row)]
        assert not lapsed, "a lease that ran out still holds"

    @rule()
    def takes_copies(self) -> None:
        self.world.takes_copies()

    @rule()
    def hands_over(self) -> None:
        self.sent_at = now()
        self.world.takes_copies()
        self.world.hands_over()

    @invariant()
    def holds(self) -> None:
        self.judge.sees(self.world)

    def teardown(self) -> None:
        """Only of a sequence that went well so far: a failure has its own words."""
        if not self.judge.failed:
            ends.judge(self.world, self.judge)

    def _texts(self, number: str, text: str) -> list[str]:
        self.judge.hears(number, text)
        return self.world.texts(number, text)

    def _lets_out(self, who: Volunteer, alert_id: int) -> None:
        read = self.read.get(alert_id) or self._opens(alert_id)
        before = set(self.world.books.release)
        self.world.clicks(who, f"/alerts/{alert_id}/release", words=read.mark)
        after = self.world.peek()
        if read.broadcast_id in set(after.release) - before:
            assert after.words[read.broadcast_id] == read.words, "let out in other words than were read"

    def _opens(self, alert_id: int) -> "Read":
        with reading() as session:
            broadcast = session.get_one(Alert, alert_id).broadcast
            mark = fuse.words_of(broadcast).hex()
        return Read(broadcast.id, mark, self.world.peek().words.get(broadcast.id, {}))

    def _incidents(self) -> list[Row[Any]]:
        return list(self.world.books.incident.values())

    def _incident(self, at: int) -> int:
        incident = self._one(self._incidents(), at)
        assert incident is not None
        return int(incident.id)

    def _both(self, session: Session, one: int, other: int) -> tuple[Incident, Incident]:
        return session.get_one(Incident, self._incident(one)), session.get_one(Incident, self._incident(other))

    def _drafts(self) -> list[Row[Any]]:
        """Those that wait; where none does, all: a second press on what is out is an act as well."""
        alerts = list(self.world.books.alert.values())
        return [row for row in alerts if row.pending] or alerts

    def _numbers_on(self, who: Volunteer) -> list[str]:
        """As they read them, the newest first."""
        pages = [
            sent.text for sent in self.world.sent if sent.number == who.number and (sent.key or "").startswith("pages.")
        ]
        return [number for text in reversed(pages[-3:]) for number in NUMBER.findall(text)]

    @staticmethod
    def _one(things: Sequence[Thing], at: int) -> Thing | None:
        return things[at % len(things)] if things else None
