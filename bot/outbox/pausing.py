"""Which sender stands still, since when, and who may try it? One open row a channel, for every worker and host alike.

The first trial comes soon, each later one after as long as it has stood still by then (twice, four times ... the first wait), up
to a ceiling. Whoever takes the trial has it alone until the time it would be somebody else's turn: a worker that dies with it
holds up nothing. What became of the copy that was tried is asked of the copy itself, so anybody may end the pause.
"""

import datetime as dt
import time
from dataclasses import dataclass
from math import inf

import structlog
from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.channels.failures import BY_NAME
from bot.clock import ago, now
from bot.contacts.models import Channel
from bot.outbox import wake
from bot.outbox.carrier_models import Pause
from bot.outbox.delivery_models import Delivery, State
from bot.outbox.models import Lane
from bot.people.models import Person
from bot.privacy import audit
from bot.settings import settings
from bot.store.session import looking, once_committed, reading, writing

RUNS = ("out_of_reach", "no_answer", "server_errors")
"""What may come too often in a row. Every other reason is a name of `channels.failures`."""
ARRIVED = (State.SENT, State.DELIVERED, State.READ)
ANSWER_MARGIN_SECONDS = 2.0
"""Above the longest a request lasts: until then the trial is nobody else's."""

LOOK_AGAIN_SECONDS, KNOWN_SECONDS = 0.4, 0.8
"""How soon it is read again, and how long what was read counts: nothing begins later than this after another process's pause."""
LATELY_DAYS, MOST_LISTED = 7, 20

_PAUSE, _TRIED = Pause.__table__.c, Delivery.__table__.c
_STANDING = (
    select(
        _PAUSE.id, _PAUSE.channel, _PAUSE.why, _PAUSE.by_receipt, _PAUSE.began_at, _PAUSE.until, _TRIED.state
    )
    .select_from(Pause.__table__.outerjoin(Delivery.__table__, _TRIED.id == _PAUSE.tried_with))
    .where(_PAUSE.channel == bindparam("channel"), _PAUSE.ended_at.is_(None))
)  # fmt: skip
"""Written once: each worker asks it several times a second."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """A sender that stands still, and what became of the copy that was tried."""

    id: int
    channel: Channel
    why: str
    by_receipt: bool
    began_at: dt.datetime
    until: dt.datetime
    tried: State | None

    @property
    def seconds(self) -> float:
        return max(0.0, (now() - self.began_at).total_seconds())

    @property
    def is_due(self) -> bool:
        """Its time has come; or it is further off than any wait of ours: then another host's clock was wrong."""
        left = (self.until - now()).total_seconds()
        return left <= 0 or left > _trial_seconds(self.why, inf)

    @property
    def is_over(self) -> bool:
        """The copy tried went through. Where only a receipt shows that, the carrier's silence until the next trial does too."""
        return self.tried in ARRIVED or (self.tried is State.HANDED and (not self.by_receipt or self.is_due))


def standing(session: Session) -> list[Pause]:
    """Every sender that stands still now."""
    return list(session.scalars(select(Pause).where(Pause.ended_at.is_(None)).order_by(Pause.channel)))


def lately(session: Session) -> list[Pause]:
    """Those that ended in these days, the newest first."""
    recent = (
        select(Pause).where(Pause.ended_at > ago(days=LATELY_DAYS)).order_by(Pause.ended_at.desc()).limit(MOST_LISTED)
    )
    return list(session.scalars(recent))


def takes_answers(channel: Channel) -> bool:
    """Whether an answer inside Twilio's own request would arrive. Not where it takes everything and refuses it afterwards.

    Asked for each text that comes in, so it is known for a moment.
    """
    name = (settings().database_url, channel)
    known_until, takes = _answers.get(name, (0.0, True))
    if time.monotonic() < known_until:
        return takes
    with reading() as session:
        refused = select(Pause.id).where(Pause.channel == channel, Pause.ended_at.is_(None), Pause.by_receipt)
        takes = session.scalar(refused) is None
    _answers[name] = (time.monotonic() + LOOK_AGAIN_SECONDS, takes)
    return takes


_answers: dict[tuple[str, Channel], tuple[float, bool]] = {}


def look(channel: Channel) -> Standing | None:
    """Whether this sender stands still. A pause that a trial has shown to be over is ended here."""
    with looking() as connection:
        row = connection.execute(_STANDING, {"channel": channel}).one_or_none()
    found = Standing(*row) if row else None
    if found and found.is_over:
        end(found.id)
        return None
    return found


def begin(channel: Channel, why: str, *, by_receipt: bool = False) -> bool:
    """From now on nothing of this channel begins anywhere. False where it stands still already."""
    moment = now()
    row = {
        "channel": channel, "why": why, "by_receipt": by_receipt, "began_at": moment,
        "until": moment + dt.timedelta(seconds=next_wait_seconds(why, 0)),
    }  # fmt: skip
    with writing() as session:
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        begun = session.scalar(insert(Pause).values(row).on_conflict_do_nothing().returning(Pause.id))
    if is_new := begun is not None:
        log.error("sender_stands_still", kind=channel.value, why=why)
    return is_new


def next_wait_seconds(why: str, stood_seconds: float) -> float:
    """How long until the next trial, after standing still this long."""
    refusal = BY_NAME.get(why)
    first = refusal.after_seconds if refusal else settings().pause_seconds
    longest = settings().refused_longest_seconds if refusal else settings().pause_longest_seconds
    return min(max(first, stood_seconds), max(first, longest))


def take_trial(found: Standing, copy_id: int) -> bool:
    """This copy goes first, alone. False where somebody else was quicker, or it goes on already."""
    until = now() + dt.timedelta(seconds=_trial_seconds(found.why, found.seconds))
    return _change(found.id, Pause.until == found.until, until=until, tried_with=copy_id)


def _trial_seconds(why: str, stood_seconds: float) -> float:
    """How long a trial is nobody else's: the next wait, and longer than a request lasts."""
    return max(next_wait_seconds(why, stood_seconds), settings().twilio_timeout_seconds + ANSWER_MARGIN_SECONDS)


def put_off(found: Standing, copy_id: int, why: str) -> None:
    """The trial failed, for this reason: the next one in a while."""
    wait = next_wait_seconds(why, found.seconds)
    _change(found.id, Pause.tried_with == copy_id, until=now() + dt.timedelta(seconds=wait), why=why)


def end(pause_id: int) -> None:
    """It goes on, for everybody."""
    if not _change(pause_id, ended_at=now()):
        return
    with reading() as session:
        ended = session.get_one(Pause, pause_id)
    log.warning("sender_goes_on", kind=ended.channel.value, why=ended.why, seconds=lasted_seconds(ended))
    wake.senders(Lane.ALERT)
    wake.senders(Lane.NOTICE)


def lasted_seconds(pause: Pause) -> float:
    return round(((pause.ended_at or now()) - pause.began_at).total_seconds(), 1)


def try_now(session: Session, pause_id: int, person: Person) -> bool:
    """Somebody mended it, and does not want to wait. False where it goes on already."""
    changed = session.execute(update(Pause).where(Pause.id == pause_id, Pause.ended_at.is_(None)).values(until=now()))
    if is_tried := bool(changed.rowcount):  # type: ignore[attr-defined]
        audit.record(session, "sender.try", f"pause:{pause_id}", person.id)
        once_committed(session, lambda: wake.senders(Lane.ALERT))
    return is_tried


def _change(pause_id: int, *only: object, **values: object) -> bool:
    with writing() as session:
        changed = session.execute(
            update(Pause)
            .where(Pause.id == pause_id, Pause.ended_at.is_(None), *only)  # type: ignore[arg-type]
            .values(**values)
            .execution_options(synchronize_session=False)
        )
    return bool(changed.rowcount)  # type: ignore[attr-defined]
