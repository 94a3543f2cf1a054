"""Which answers may this person text, under which numbers? Each answer has its own number, once.

So three open pages cannot be confused, a forged `1` does nothing, and a number read over somebody's shoulder is of no use
from another phone (VOICE, "Verifiers"). Numbers are drawn at random, never used again by the same person within a day, and
differ in two digits at least, so that one slip of the thumb is never another answer.

A sender's number can be forged, and ten thousand tries find any number. So after `WRONG_AT_MOST` wrong ones no number does
anything for a while, but that somebody is OK, or leaves because it is unsafe: the console, which asks for more than a phone
number, always does.
"""

import re
import secrets
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.clock import ago, ahead, now
from bot.inbox.models import InboundText
from bot.incidents.models import Incident
from bot.moderation.asking_models import Choice
from bot.moderation.emergency_models import Emergency
from bot.people.models import Person
from bot.store.alone import alone
from messages.wording import folded

DIGITS = 4
DRAWS = 2000
FEW_WORDS = 5
WRONG_AT_MOST = 5
WRONG_MINUTES = 10
"""Within so many minutes, from one phone: with ten numbers open all the time, a forger's first hit takes more than a day."""
GOING, CANNOT, TAKING, OK = "going", "cannot", "taking", "ok"
WAIT, SEND, SECOND_WAY, CLOSE = WHEN_NOBODY_GOES = ("wait", "send", "second_way", "close")
"""What whoever is on call must choose between when nobody goes."""
CANNOT_RELEASE = "cannot_release"
STILL_THERE = "still_there"
"""What they identified themselves is there as it was."""

_BARE = re.compile(r"\s*#?\s*1[\s.,:;!)]*")
_ANSWER = re.compile(rf"\s*(?:#\s*)?(\d{{{DIGITS}}})(?!\d)[\s.,:;!-]*(.*)", re.DOTALL)
_NUMBER = re.compile(rf"(?<!\d)\d{{{DIGITS}}}(?!\d)")


@dataclass(frozen=True, slots=True)
class Answer:
    """A number that this person was given, and what they wrote after it (a SALUTE line)."""

    choice: Choice
    words: str

    @property
    def is_open(self) -> bool:
        return self.choice.used_at is None and self.choice.expires_at > now()


def give(
    session: Session,
    person: Person,
    act: str,
    *,
    incident: Incident | None = None,
    emergency: Emergency | None = None,
    exercise_id: int | None = None,
    minutes: float,
) -> str:
    """A fresh number for this act."""
    while True:
        choice = Choice(
            person_id=person.id,
            number=_fresh(session, person),
            act=act,
            incident_id=incident.id if incident else None,
            emergency_id=emergency.id if emergency else None,
            exercise_id=exercise_id,
            expires_at=ahead(minutes=minutes),
        )
        try:
            with session.begin_nested():
                session.add(choice)
            return choice.number
        except IntegrityError:  # another page drew the same number for them in this very moment
            continue


def read(session: Session, person: Person, text: str) -> Answer | None:
    """The answer that this text gives, if it begins with a number this person was ever given, or is a word or two around one
    that is open: "going 4471".
    """
    said = _ANSWER.match(folded(text))
    if said is None:
        return _around(session, person, text)
    given = select(Choice).where(Choice.person_id == person.id, Choice.number == said[1]).order_by(Choice.id.desc())
    choice = session.scalars(given).first()
    return Answer(choice, _written(text)) if choice else None


def is_wrong(session: Session, person: Person, text: str) -> bool:
    """Whether it begins with a number that they were never given."""
    return _ANSWER.match(folded(text)) is not None and read(session, person, text) is None


def wrong_lately(session: Session, person: Person) -> int:
    """How often a text from their phone, this one included, began with a number they were never given."""
    alone(session, f"numbers:{person.id}")  # many at once are counted one by one
    heard = select(InboundText).where(InboundText.contact_id == person.contact_id)
    heard = heard.where(InboundText.received_at > ago(minutes=WRONG_MINUTES))
    return sum(is_wrong(session, person, kept.text) for kept in session.scalars(heard))


def is_bare(text: str) -> bool:
    """`1`: it looks like an answer, and is none of ours. Forged or misdirected, it does nothing."""
    return _BARE.fullmatch(folded(text)) is not None


def is_only_a_number(text: str) -> bool:
    """Four digits and no word: it cannot have been meant for anything else."""
    said = _ANSWER.match(folded(text))
    return said is not None and not said[2].strip()


def use(session: Session, choice: Choice) -> bool:
    """Take the number. False when it was used or has run out: a text that comes twice has one effect."""
    moment = now()
    taken = session.execute(
        update(Choice)
        .where(Choice.id == choice.id, Choice.used_at.is_(None), Choice.expires_at > moment)
        .values(used_at=moment)
        .execution_options(synchronize_session=False)
    )
    session.expire(choice)
    return bool(taken.rowcount)  # type: ignore[attr-defined]


def close(session: Session, *, incident: Incident, person: Person | None = None, acts: tuple[str, ...] = ()) -> None:
    """Numbers that no longer mean anything: of this incident, of this person or everybody, of these acts or all."""
    stale = [Choice.incident_id == incident.id, Choice.used_at.is_(None)]
    stale += [Choice.person_id == person.id] if person else []
    stale += [Choice.act.in_(acts)] if acts else []
    session.execute(update(Choice).where(*stale).values(used_at=now()).execution_options(synchronize_session="fetch"))


def open_choices(session: Session, person: Person, act: str | None = None) -> list[Choice]:
    open_now = [Choice.person_id == person.id, Choice.used_at.is_(None), Choice.expires_at > now()]
    open_now += [Choice.act == act] if act else []
    return list(session.scalars(select(Choice).where(*open_now).order_by(Choice.id)))


def _around(session: Session, person: Person, text: str) -> Answer | None:
    """Only a number that waits for them, and only in a few words: a longer text that holds four digits tells of something."""
    said = folded(text)
    found = list(_NUMBER.finditer(said))
    if len(found) != 1 or len(said.split()) > FEW_WORDS:
        return None
    given = (choice for choice in open_choices(session, person) if choice.number == found[0][0])
    choice = next(given, None)
    return Answer(choice, said[found[0].end() :].strip(" .,:;!-)")) if choice else None


def _written(text: str) -> str:
    """The words as they were typed: what follows the first four digits."""
    return re.sub(r"^\D{0,3}\d{4}[\s.,:;!-]*", "", text.strip(), count=1)


def _fresh(session: Session, person: Person) -> str:
    known = session.execute(select(Choice.number, Choice.used_at).where(Choice.person_id == person.id)).all()
    given = {number for number, _ in known}
    waiting = [number for number, used_at in known if used_at is None]
    for _ in range(DRAWS):
        number = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        if "911" not in number and number not in given and all(_slips_apart(number, other) for other in waiting):
            return number
    raise RuntimeError("no free answer number")


def _slips_apart(one: str, other: str) -> bool:
    return sum(a != b for a, b in zip(one, other, strict=True)) >= 2
