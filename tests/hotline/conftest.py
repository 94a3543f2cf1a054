"""Somebody with a phone, and a hotline that hears them without a network: what they text goes in by the same door."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from bot.channels.segments import for_sms
from bot.contacts.models import Channel, find
from bot.hotline.inbound import Inbound
from bot.hotline.reception import receive
from bot.hotline.understanding import warm
from bot.outbox import answers
from bot.outbox.delivery_models import Delivery, Reason, State
from bot.store.session import reading
from messages import catalog
from tests.hotline.signed import FORM, PUBLIC, TOKEN
from tests.services.settings import Environment

_sids = itertools.count(1)


@dataclass
class Resident:
    """One phone. `texts` gives the answers that came back in the response."""

    address: str
    channel: Channel = Channel.SMS
    said: list[str] = field(default_factory=list)
    read: set[int] = field(default_factory=set)

    def texts(self, body: str, **more: object) -> list[str]:
        message = Inbound(f"SM{next(_sids):032x}", self.address, self.channel, body, **more)  # type: ignore[arg-type]
        found = texts_in(receive(message)) or self._waiting()
        self.said += found
        return found

    def _waiting(self) -> list[str]:
        """Answers that found no room in the pace just now and go by their lane."""
        with reading() as session:
            contact = find(session, self.address)
            rows = session.scalars(
                select(Delivery).where(Delivery.contact_id == contact.id, Delivery.state == State.WAITING)
            ).all() if contact else []  # fmt: skip
        fresh = [row for row in rows if row.id not in self.read and row.reason == Reason.WROTE_TO_US]
        self.read |= {row.id for row in fresh}
        return [answers.rendered(row) for row in fresh]

    def asks(self, body: str, **more: object) -> str:
        """The one answer to a text."""
        found = self.texts(body, **more)
        assert len(found) == 1, found
        return found[0]


def texts_in(xml: str) -> list[str]:
    """The messages of a TwiML answer."""
    return [message.text or "" for message in ElementTree.fromstring(xml).iter("Message")]  # noqa: S314 (our own)


@pytest.fixture
def resident(database_url: str, redis_url: str, env: Environment) -> Callable[..., Resident]:
    """Makes residents: `resident(1)` has the first number. There is room in the pace for every answer."""
    env.set(sender_segments_per_second=10_000, operator_name="Vecinos de Prueba")
    warm()  # as every process does before its first text: learning takes longer than a transaction may lie idle

    def make(number: int, channel: Channel = Channel.SMS) -> Resident:
        return Resident(f"+13235550{100 + number}", channel)

    return make


@pytest.fixture
def rosa(resident: Callable[..., Resident]) -> Resident:
    return resident(1)


@pytest.fixture
def ben(resident: Callable[..., Resident]) -> Resident:
    return resident(2)


def says(key: str, language: str, **values: object) -> str:
    """A text of ours as an SMS brings it."""
    return for_sms(catalog.text(key, language, **values), language)


@pytest.fixture
def door(database_url: str, redis_url: str, env: Environment) -> Iterator[FlaskClient]:
    """The webhook itself, signed and all (`signed.post`)."""
    env.set(
        public_base_url=PUBLIC, twilio_account_sid=FORM["AccountSid"], twilio_auth_token=TOKEN,
        sender_segments_per_second=10_000,
    )  # fmt: skip
    from bot.wsgi import make_door

    with make_door().test_client() as client:
        yield client
