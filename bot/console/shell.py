"""What stands around every page: who is signed in, where they can go, whether sending is frozen, and how things are named."""

from flask import Flask, g
from flask_wtf.csrf import generate_csrf  # type: ignore[import-untyped]
from markupsafe import Markup
from sqlalchemy import select

from bot.console import named, sending
from bot.console.doors import ORGANIZERS, Visit
from bot.console.words import language
from bot.incidents.places import spoken
from bot.incidents.states import IncidentState
from bot.people import key_address, passkeys
from bot.people.models import Person
from bot.places import neighborhoods
from bot.settings import settings
from messages import languages

SHAPES = {
    IncidentState.UNCONFIRMED: "○",
    IncidentState.VERIFYING: "◐",
    IncidentState.CONFIRMED: "●",
    IncidentState.DEBUNKED: "✕",
    IncidentState.NOT_SEEN: "◌",
    IncidentState.UNVERIFIABLE: "?",
    IncidentState.DISPUTED: "≠",
    IncidentState.ENDED: "■",
    IncidentState.RETRACTED: "↩",
    IncidentState.MERGED: "⇉",
}
"""A state is a word and a shape; colour only repeats them."""

EVERYBODYS = (
    ("queue.show", "nav.queue"),
    ("places.show", "nav.map"),
    ("calendar.show", "nav.shifts"),
    ("notices.show", "nav.notices"),
    ("people.show", "nav.people"),
    ("texts.show", "nav.texts"),
    ("me.show", "nav.me"),
)


def teach(app: Flask) -> None:
    app.context_processor(_around)
    app.jinja_env.globals.update(
        csrf=_csrf,
        shapes=SHAPES,
        area_name=_area_name,
        area_names=lambda areas: [_area_name(area) for area in areas],
        language_name=_language_name,
        staff_languages=languages.STAFF,
        name_of=_name_of,
        place_of=lambda incident: spoken(incident, language()),
        named=named.word,
        why=named.reason,
        refusal=named.refusal,
        equipment=named.equipment,
        my_keys=_my_keys,
    )


def _around() -> dict[str, object]:
    visit: Visit | None = g.get("visit")
    return {
        "visit": visit,
        "me": visit.person if visit else None,
        "places_to_go": EVERYBODYS,
        "organizes": visit is not None and visit.person.role in ORGANIZERS,
        "demo": settings().demo,
        **(sending.standing(visit) if visit else {}),
    }


def _csrf() -> Markup:
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def _area_name(area: str) -> str:
    return neighborhoods.name_of(area, language())


def _language_name(code: str) -> str:
    known = languages.LANGUAGES.get(languages.base(code))
    return known.own_name if known else code


def _my_keys() -> bool:
    """Whether this person can show a passkey instead of a code, here."""
    visit: Visit = g.visit
    return key_address.possible() and passkeys.has_any(visit.session, visit.person)


def _name_of(person_id: int | None) -> str:
    """A volunteer's pseudonym."""
    return g.visit.session.scalar(select(Person.name).where(Person.id == person_id)) or "?"
