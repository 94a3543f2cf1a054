"""Which town does `truth` measure in? Its people, those who volunteer, and the hotline they text.

Twenty-six verifiers on shift of one line, and two hands of two others; reporters who subscribed to nothing.
"""

import socket
import string
import time
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks import people
from benchmarks.arrivals import Watcher, watcher
from benchmarks.carrier import NUMBER
from benchmarks.crowd import Hotline
from benchmarks.ground import Ground
from benchmarks.processes import Failed, Process
from benchmarks.receipts import ACCOUNT, TOKEN
from benchmarks.serving import at_a_free_port, serve
from bot.clock import ahead, now
from bot.contacts.models import Channel, find_or_add
from bot.outbox.delivery_models import Delivery
from bot.people.models import InvitationLine, Person, PersonArea, Role, Shift
from bot.store.session import reading, writing

PACE = 100
VERIFIERS = 26
LATENCY_SECONDS = 0.08
ANSWER_SECONDS = 20.0
CORNERS = (
    "hay agentes de ICE en slauson y pacific en Huntington Park, son como 6",
    "i see two unmarked suvs and men in vests at gage and seville right now",
    "la migra se bajo de una van en randolph y state, tienen a un senor contra la pared",
    "agents at zoe and miles, maybe four, one has a dog",
    "acaban de llegar 3 carros negros a florence y salt lake, traen chalecos",
    "ice truck parked on clarendon at bissell, lights off, 2 inside",
    "en la belgrave y malabar andan preguntando por papeles, son 5",
    "they are stopping cars at saturn and rugby, at least six of them",
    "veo uniformes verdes en la gage y templeton ahorita mismo",
    "border patrol at clarendon and stafford, three people with rifles",
    "hay una troca blanca y 2 agentes en gage y arbutus, llevan rato",
    "masked guys with badges at gage and malabar, talking to a vendor now",
    "en olive y bissell detuvieron a una muchacha, son 4 de la migra",
    "homeland security jackets at walnut and state, i count eight",
    "migra afuera de la lavanderia de randolph y middleton, 3 carros",
    "4 agents walking at florence and stafford, vests say police ICE",
    "unos siete de chaleco revisan papeles en florence y arbutus",
    "gray minivan and a pickup with agents at florence and malabar",
    "hay reten de la migra en gage y marconi, estan parando a todos",
    "several ice officers at gage and boyle, next to the bakery",
    "vi a los de ICE en la 61st y cottage hace un minuto, eran 3",
)
"""Each in words of its own: one text passed on from corner to corner is a chain letter to us, and sends nobody."""
FIRST_REPORTER = 500
"""As the crowd counts people: whose number is no subscriber's."""


@dataclass(frozen=True)
class Standing:
    """What runs."""

    ground: Ground
    carrier: Watcher
    hotline: Hotline
    running: list[Process]

    def reports(self, nth: int) -> float:
        """Somebody texts of a corner; when that was."""
        request = self.hotline.request(f"SM{nth:032x}", FIRST_REPORTER + nth, CORNERS[nth])
        began = time.monotonic()
        with socket.create_connection((self.hotline.host, self.hotline.port), timeout=ANSWER_SECONDS) as call:
            call.sendall(request)
            answer = b"".join(iter(lambda: call.recv(65536), b""))
        if b" 200 " not in answer[:20]:
            raise Failed(f"a report was not taken in: {answer[:60]!r}")
        return began

    def arrived(self, broadcast_id: int) -> list[float]:
        """When the copies of a broadcast came to the carrier, in order."""
        with reading() as session:
            ids = set(session.scalars(select(Delivery.id).where(Delivery.broadcast_id == broadcast_id)))
        return sorted(arrival.at for arrival in self.carrier.arrivals() if arrival.delivery in ids)


def settle(told: int) -> None:
    """Subscribers; verifiers on shift of one line, and two hands of others."""
    people.subscribers(told)
    with writing() as session:
        lines = [InvitationLine(name=name, created_at=now()) for name in ("ash", "birch", "cedar")]
        session.add_all(lines)
        session.flush()
        for nth in range(VERIFIERS):
            _volunteer(session, f"Verifier {string.ascii_uppercase[nth]}", Role.VERIFIER, lines[0].id, nth)
        for line, name in zip(lines[1:], ("Olga", "Cora"), strict=True):
            session.add(Person(name=name, role=Role.COORDINATOR, line_id=line.id, created_at=now()))


def _volunteer(session: Session, name: str, role: Role, line: int, nth: int) -> None:
    contact = find_or_add(session, f"+1562555{100 + nth:04d}", Channel.SMS)
    contact.language = "en"
    areas = [PersonArea(neighborhood="hp")]
    person = Person(name=name, role=role, line_id=line, created_at=now(), contact=contact, areas=areas)
    session.add(person)
    session.flush()
    session.add(Shift(person_id=person.id, starts_at=now(), ends_at=ahead(hours=12)))


def stand(ground: Ground) -> Standing:
    """The hotline's four processes, and a carrier that watches."""
    at_a_free_port(ground)
    carrier = watcher(ground, LATENCY_SECONDS)
    ground.set(sender_segments_per_second=PACE, twilio_account_sid=ACCOUNT, twilio_auth_token=TOKEN)
    running = [
        ground.worker("urgent"),
        ground.worker("bulk"),
        serve(ground, "bot.wsgi:app"),
        ground.process("clock", "-m", "workers", "clock"),
    ]
    ground.wait_until_idle(2)
    return Standing(ground, carrier, Hotline(ground.settings["PUBLIC_BASE_URL"], ACCOUNT, TOKEN, NUMBER), running)
