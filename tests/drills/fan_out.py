"""Who is told what in a drill? New people of an area, and a broadcast that two people of two lines released to them."""

from dataclasses import dataclass

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from bot.clock import ahead, local, now
from bot.contacts.models import Channel, Contact
from bot.demo.seed import number
from bot.outbox import drafting, fuse
from bot.outbox.models import Broadcast, Kind, Lane
from bot.privacy import numbers
from bot.store.session import writing
from bot.subscriptions.models import Subscription
from tests.drills.books import Books
from tests.drills.phones import Phones
from tests.outbox.conftest import Staff
from tests.services.carrier import Simulator

WORDS = {
    "es": "Contigo: comida hoy en el parque de {area}, 4 a 6pm. Sin preguntas.",
    "en": "Contigo: food today at the park of {area}, 4 to 6pm. No questions asked.",
}
AT_ONCE = 5000


@dataclass(frozen=True)
class Neighbors:
    """People of one area, who hear of nothing else."""

    area: str
    indexes: range

    @property
    def phones(self) -> list[str]:
        return [number(index) for index in self.indexes]


@dataclass
class FanOut:
    """A broadcast, whom it is for, and where to look what became of it."""

    people: frozenset[str]
    phones: Phones
    books: Books
    expires_at: float
    tags: dict[bytes, str]

    def phone_of(self, contact: Contact) -> str:
        """The number of one of these people."""
        return self.tags[contact.tag]


def tell(carrier: Simulator, staff: Staff, whom: Neighbors, lane: Lane, seconds: float) -> FanOut:
    """Release something to them. A notice needs no incident; its lane is what the drill wants to try."""
    with writing() as session:
        made = _released(session, staff, whom.area, lane, seconds)
        said = frozenset(rendition.text for rendition in made.renditions)
    people = frozenset(whom.phones)
    tags = {numbers.tag(person): person for person in people}
    return FanOut(people, Phones(carrier, said), Books(made.id), made.expires_at.timestamp(), tags)


def _released(session: Session, staff: Staff, area: str, lane: Lane, seconds: float) -> Broadcast:
    words = {(language, Channel.SMS): text.format(area=area) for language, text in WORDS.items()}
    made = drafting.draft(session, Kind.NOTICE, lane, words, neighborhoods=[area], expires_at=ahead(seconds=seconds))
    fuse.release(session, made, first=staff.ana, second=staff.berta, words=fuse.words_of(made))
    return made


def settle_in(new: Neighbors) -> None:
    """As the web process would have taken them in: their numbers sealed."""
    for start in range(new.indexes.start, new.indexes.stop, AT_ONCE):
        with writing() as session:
            _settle_in(session, range(start, min(start + AT_ONCE, new.indexes.stop)), new.area)


def _settle_in(session: Session, indexes: range, area: str) -> None:
    today = local(now()).date()
    last = session.scalar(select(func.max(Contact.id))) or 0
    rows = [
        {"tag": numbers.tag(number(index)), "sealed": numbers.seal(number(index)), "has_number": True,
         "channel": Channel.SMS, "language": ("es", "en")[index % 2], "joined_on": today, "strikes": 0}
        for index in indexes
    ]  # fmt: skip
    session.execute(insert(Contact), rows)
    ids = session.scalars(select(Contact.id).where(Contact.id > last)).all()
    session.execute(insert(Subscription), [{"subject": area, "contact_id": id_, "joined_on": today} for id_ in ids])
