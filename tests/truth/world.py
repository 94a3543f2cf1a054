"""By which doors does anybody get in? Texts by the hotline's own, clicks by the console's forms, time by the clock's sweeps.

What leaves is noted as the phones get it: in the answer to a text, or by a worker's claim, asked about again before it begins.
"""

import datetime as dt
import itertools
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from xml.etree import ElementTree

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Row, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from bot.alerts import sweeping as alerts_clock
from bot.channels.channel import Handed
from bot.clock import now
from bot.contacts.models import Channel
from bot.hotline.inbound import Inbound
from bot.hotline.reception import receive
from bot.moderation import sweeping as moderation_clock
from bot.moderation.refusals import Refused
from bot.outbox import claiming, holding, planning, recording
from bot.outbox.claiming import Copy
from bot.outbox.delivery_models import Delivery
from bot.outbox.models import Lane
from bot.outbox.recording import Result
from bot.people import sessions
from bot.people.models import Person
from bot.privacy import numbers
from bot.store.session import looking, writing
from tests.truth.books import Books, read
from tests.truth.people import BEGINS, DISPATCHER, NEIGHBORS, REPORTERS, VOLUNTEERS, Volunteer

LANES = tuple(int(lane) for lane in Lane)
MOST_SEGMENTS = 500
FRESH = dt.timedelta(minutes=4)
"""A browser older than this signs in again: the proof of a release lasts five minutes."""
COOKIE = "contigo-session"
SEE_OTHER = 303
ANSWERS = (SEE_OTHER, 403, 404)
"""What a form may be answered with: done or refused (the page says which), not theirs to do, not there."""


@dataclass(frozen=True)
class Sent:
    """What one phone got."""

    at: dt.datetime
    number: str
    text: str
    delivery_id: int | None = None
    key: str | None = None
    broadcast_id: int | None = None
    contact_id: int | None = None
    created_at: dt.datetime | None = None
    in_response: bool = False


@dataclass
class World:
    """One sequence: its clock, its browsers, its worker, and every phone."""

    clock: time_machine.Traveller
    app: Flask
    sent: list[Sent] = field(default_factory=list)
    hands: list[Copy] = field(default_factory=list)
    """What the worker has claimed and not yet begun."""
    taken: set[tuple[int | None, int | None]] = field(default_factory=set)
    """Whose copies of what were ever in a worker's hands: of those nobody can say any more that they did not leave."""
    clicked: dict[int, dt.datetime] = field(default_factory=dict)
    """When each was last at the console."""
    last_delivery: int = 0
    _browsers: dict[int, tuple[FlaskClient, dt.datetime]] = field(default_factory=dict)
    _sids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.clock.move_to(BEGINS)
        self.books = read()

    def texts(self, number: str, said: str) -> list[str]:
        """A text comes in by the door of all texts; what came back in the answer."""
        xml = receive(Inbound(f"SM{next(self._sids):032x}", number, Channel.SMS, said))
        answers = [message.text or "" for message in ElementTree.fromstring(xml).iter("Message")]  # noqa: S314 (our own)
        self.sent += [Sent(now(), number, answer, in_response=True) for answer in answers]
        return answers

    def clicks(self, person: Volunteer, path: str, **fields: object) -> int:
        """A form of the console, sent by whoever is signed in; its status."""
        self.clicked[person.id] = now()
        answer = self._browser(person).post(path, data=fields, headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code in ANSWERS, f"{path}: {answer.status}"
        return answer.status_code

    def decides(self, act: Callable[[Session, Person], object]) -> None:
        """A dispatcher's act, as the console's door has it: done whole, or refused in words and undone."""
        with suppress(Refused), writing() as session:
            act(session, session.get_one(Person, DISPATCHER.id))

    def passes(self, **span: float) -> None:
        self.clock.shift(dt.timedelta(**span))

    def sweeps(self) -> None:
        """What the clock's process does for the truth, every few seconds."""
        with capture_logs() as logged:
            moderation_clock.sweep()
            alerts_clock.sweep()
        failed = [line for line in logged if line["log_level"] == "error"]
        assert not failed, f"the sweep goes on after a fault, and says so: {failed}"

    def takes_copies(self) -> None:
        """A worker plans and claims. Nothing has left yet."""
        for broadcast_id in planning.unplanned(LANES):
            planning.plan(broadcast_id)
        while taken := claiming.claim(Channel.SMS, LANES, MOST_SEGMENTS):
            self.hands += taken.copies
            rows = self._rows([copy.id for copy in taken.copies])
            self.taken |= {(row.broadcast_id, row.contact_id) for row in rows.values()}
            if not taken.copies and not taken.settled:
                break

    def hands_over(self) -> None:
        """Right before they begin the worker asks once more; what may not leave any more is settled."""
        copies, self.hands = self.hands, []
        if not copies:
            return
        said = holding.verdicts(copies)
        ours = [copy for copy in copies if copy.id in said.ours]
        late = [copy for copy in ours if copy.lease_until <= now() or copy.expires_at <= now()]
        begun = [copy for copy in ours if copy not in late]
        holding.put_back(late)
        holding.settle(said.settle)
        rows = self._rows([copy.id for copy in begun])
        for copy in begun:
            number = numbers.opened(copy.contact_id, copy.tag, copy.sealed, copy.locked)
            row = rows[copy.id]
            self.sent.append(
                Sent(now(), number, copy.text, copy.id, row.key, row.broadcast_id, copy.contact_id, row.created_at)
            )
        recording.record_each([Result(copy, Handed(f"SM{copy.id:032x}"), now()) for copy in begun])

    def writes_by_hand(self, statement: str, **values: object) -> None:
        """Somebody's shell in the database."""
        with writing() as session:
            session.execute(sql(statement), values)

    def look(self) -> tuple[Books, Books]:
        """The books as they were at the last look, and as they are."""
        before, self.books = self.books, read(self.last_delivery)
        self.last_delivery = max((row.id for row in self.books.deliveries), default=self.last_delivery)
        return before, self.books

    def peek(self) -> Books:
        """Within a step: the judge still sees the whole of it."""
        return read(self.last_delivery)

    def is_lapsed(self, claim: Row[Any]) -> bool:
        return bool(claim.state.value == "held" and claim.lease_until <= now())

    def number_of(self, contact_id: int) -> str:
        """Whose row it is: by the mark that their number leaves."""
        return _numbers()[self.books.contact[contact_id].tag]

    def _browser(self, person: Volunteer) -> FlaskClient:
        known = self._browsers.get(person.id)
        if known is None or now() - known[1] > FRESH:
            with writing() as session:
                token = sessions.open_session(session, session.get_one(Person, person.id))
            client = self.app.test_client()
            client.set_cookie(COOKIE, token)
            known = self._browsers[person.id] = client, now()
        return known[0]

    def _rows(self, ids: list[int]) -> dict[int, Row[Any]]:
        with looking() as connection:
            found = connection.execute(select(Delivery.__table__).where(Delivery.__table__.c.id.in_(ids)))
            return {row.id: row for row in found}


@cache
def _numbers() -> dict[bytes, str]:
    everybody = (*(one.number for one in VOLUNTEERS), *REPORTERS, *NEIGHBORS)
    return {numbers.tag(number): number for number in everybody}


WorldMaker = Callable[[], World]
