"""Which pages has the console, and what stands on each? One line for every address that shows something.

A new page without a line here fails `test_every_page_of_the_console_is_walked`, so that whatever is asked of all pages (does a
screen reader get through, does it fit a phone) is asked of that one too.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.alerts import desk, release
from bot.alerts.models import Alert
from bot.clock import ahead, now
from bot.contacts.models import Channel, find_or_add
from bot.exercises import running
from bot.incidents.models import Incident
from bot.incidents.states import IncidentState
from bot.moderation.emergency_models import Emergency
from bot.moderation.models import Saw
from bot.notices import approval, drafts
from bot.notices.models import Notice
from bot.outbox import freezing, fuse
from bot.outbox.models import Freeze
from bot.people import invitations, recovery
from bot.people.models import Person, Role
from bot.store.session import reading, writing
from bot.subscriptions.models import AidKind
from tests.services.system import Hotline
from tests.services.waiting import eventually

CRY = "ayuda la migra esta en mi puerta"
SEEN = (
    "ice at slauson and pacific right now, 4 agents with vests, 2 white vans",
    "veo a la migra en gage y seville, vienen en una troca negra",
    "agents stopping a gray car on randolph at state st, i am across the street",
)
SOMEWHERE = "i see ice agents with vests taking people out of a van right now"
FOOD = {
    "en": "Free food on Sunday at Salt Lake Park. Bring bags.",
    "es": "Comida gratis el domingo en Salt Lake Park. Traiga bolsas.",
}


@dataclass(frozen=True)
class Town:
    """What there is to be seen: the ids that the addresses are made of."""

    untouched: int
    """An incident that nobody has looked at."""
    waiting: int
    """One that somebody confirmed, and its draft."""
    draft: int
    told: int
    """One that the neighborhood was told of, and its alert."""
    alert: int
    notice: int
    person: int
    freeze: int
    rehearsal: int
    """The number of a SIMULACRO in its address."""
    invitation: str
    returning: str
    """The secret of somebody's way back."""


Address = Callable[[Town], str]

SIGNED_OUT: dict[str, Address] = {
    "sign_in.ask": lambda _: "/sign-in",
    "acceptance.ask": lambda town: f"/invitation/{town.invitation}",
    "returning.ask": lambda town: f"/return/{town.returning}",
}
SIGNED_IN: dict[str, tuple[Address, ...]] = {
    "queue.show": (lambda _: "/",),
    "incident.show": (
        lambda town: f"/incidents/{town.untouched}",
        lambda town: f"/incidents/{town.waiting}",
        lambda town: f"/incidents/{town.told}",
    ),
    "alert.show": (lambda town: f"/alerts/{town.draft}", lambda town: f"/alerts/{town.alert}"),
    "notices.show": (lambda _: "/notices",),
    "notices.write": (lambda _: "/notices/new",),
    "notice.show": (lambda town: f"/notices/{town.notice}",),
    "notice.rewrite": (lambda town: f"/notices/{town.notice}/edit",),
    "freezing.show": (lambda _: "/freeze",),
    "people.show": (lambda _: "/people",),
    "people.ask_revoke": (lambda town: f"/people/{town.person}/revoke",),
    "me.show": (lambda _: "/me",),
    "sending.show": (lambda _: "/sending",),
    "texts.show": (lambda _: "/texts",),
    "texts.read": (lambda _: "/texts/es",),
    "calls.ask": (lambda _: "/calls/new",),
    "unplaced.show": (lambda _: "/unplaced",),
    "parting.ask": (lambda town: f"/incidents/{town.untouched}/split",),
    "after_action.show": (lambda town: f"/incidents/{town.told}/after",),
    "night.show": (lambda town: f"/incidents/{town.waiting}/night",),
    "night.reviews": (lambda _: "/night",),
    "health.show": (lambda _: "/health",),
    "places.show": (lambda _: "/map",),
    "places.history": (lambda _: "/map/history",),
    "calendar.show": (lambda _: "/shifts",),
    "keys.show": (lambda _: "/me/keys",),
    "person.show": (lambda town: f"/people/{town.person}",),
    "trials.show": (lambda _: "/people/trials",),
    "simulacro.show": (lambda _: "/simulacro",),
    "simulacro.one": (lambda town: f"/simulacro/{town.rehearsal}",),
}
NO_PAGES = {
    # a part of its page, fetched again
    "queue.rows", "incident.known", "alert.progress", "alert.waiting", "notice.progress", "sending.stands", "health.now_it_is",
    "places.rows", "me.here",
    # no text
    "photo.show", "static", "places.now", "places.shapes", "after_action.table",
    # where a form leads: walked by journeys of their own
    "freezing.again", "people.show_invitation", "people.back", "person.back_from_recovery", "person.back_from_role", "keys.back",
}  # fmt: skip


def settle(hotline: Hotline, new_number: Callable[[], str]) -> Town:
    """Fills the hotline by its own doors: residents text, people find and release, aid waits, a freeze is over."""
    for words in SEEN:
        hotline.phone(new_number()).texts(words)
    hotline.phone(new_number()).texts(CRY)
    hotline.phone(new_number()).texts(SOMEWHERE)
    with writing(hotline.database_url) as session:
        vera, olga = _person(session, "Vera", Role.VERIFIER), _person(session, "Olga", Role.ORGANIZER)
        cora, spare = _person(session, "Cora", Role.COORDINATOR), _person(session, "Sam", Role.VERIFIER)
        spare.contact_id = find_or_add(session, new_number(), Channel.SMS).id
        invited = invitations.invite(session, olga, Role.VERIFIER)
        back = recovery.ask(session, _person(session, "Rosa", Role.VERIFIER), olga)
        recovery.agree(session, back.recovery_id, cora)
        ids = vera.id, olga.id, cora.id, spare.id
    untouched, waiting, told = eventually(lambda: _unconfirmed(hotline), within=30, saying="the reports are not all in")
    eventually(lambda: _has_cried(hotline), within=30, saying="nobody was heard crying")
    with writing(hotline.database_url) as session:
        vera, olga, cora, spare = (session.get_one(Person, one) for one in ids)
        for incident_id in (waiting, told):
            incident = session.get_one(Incident, incident_id)
            desk.found(session, incident, vera, Saw.IMMIGRATION, "4 agents, vests say ICE", uniform="ICE")
        draft, alert = _alert(session, waiting), _alert(session, told)
        release.release(session, alert, olga, fuse.words_of(alert.broadcast))
        rehearsal = running.start(session, cora, "ice", "zoe and seville", [spare.id, olga.id])
        return Town(
            untouched,
            waiting,
            draft.id,
            told,
            alert.id,
            _notice(session, olga).id,
            spare.id,
            _freeze_and_thaw(session, vera, olga).id,
            -rehearsal.id,
            invited.token,
            back.secret,
        )


def _person(session: Session, name: str, role: Role) -> Person:
    name = f"{name} of the walk"
    told = invitations.found(session, f"{name}'s line", role)
    return invitations.accept(
        session, told.token, told.code, name, "tres gatos cruzan el puente", secret="A" * 32, neighborhoods=("hp",)
    )


def _unconfirmed(hotline: Hotline) -> list[int]:
    with reading(hotline.database_url) as session:
        open_now = select(Incident.id).where(Incident.state == IncidentState.UNCONFIRMED).order_by(Incident.id)
        found = list(session.scalars(open_now))
    return found if len(found) == len(SEEN) else []


def _has_cried(hotline: Hotline) -> bool:
    with reading(hotline.database_url) as session:
        return session.scalar(select(Emergency.id).limit(1)) is not None


def _alert(session: Session, incident_id: int) -> Alert:
    return session.scalars(select(Alert).where(Alert.incident_id == incident_id, Alert.pending)).one()


def _notice(session: Session, author: Person) -> Notice:
    notice = drafts.write(
        session,
        author,
        kind=AidKind.FOOD,
        neighborhoods=["hp"],
        texts=FOOD,
        starts_at=now() + dt.timedelta(minutes=5),
        ends_at=ahead(hours=30),
    )
    approval.submit(session, notice, author)
    return notice


def _freeze_and_thaw(session: Session, first: Person, second: Person) -> Freeze:
    frozen = freezing.freeze(session, first)
    freezing.thaw(session, frozen.id, first)
    freezing.thaw(session, frozen.id, second)
    return frozen
