"""What do we ask the one who looks? What is there; what says so; whether it is still there. Each answer has its own number."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.incidents.models import Incident
from bot.incidents.opening import witnessed_at
from bot.incidents.places import spoken
from bot.moderation import choices
from bot.moderation.models import Finding, Saw
from bot.moderation.texting import at, text
from bot.people.models import Person
from bot.people.shifts import can_be_texted
from bot.settings import settings

IDENTIFIED = {"is_ice": "ICE", "is_hsi": "HSI", "is_cbp": "CBP", "is_immigration": "immigration"}
"""What says that it is immigration: an act, and the uniform it stands for."""
WAS = {
    "was_police": "police",
    "was_tow_truck": "tow_truck",
    "was_ambulance": "ambulance",
    "was_film_crew": "film_crew",
    "was_construction": "construction",
    "was_other_agency": "other_agency",
    "was_drill": "drill",
}
"""What it was instead: an act, and the last part of the outcome's key."""
LOOKS = (Saw.IMMIGRATION, Saw.OTHER_POLICE, Saw.SOMETHING_ELSE, Saw.NOBODY, Saw.UNSURE, Saw.UNSAFE)


def what_is_there(session: Session, incident: Incident, person: Person) -> None:
    """`Anaheim & Cherry? 4473 immigration, 8120 other police, ... 1234 20: 20 min more`"""
    acts = {saw.value: saw.value for saw in LOOKS} | {choices.GOING: choices.GOING}
    _ask(session, incident, person, "pages.what", acts)


def lease(session: Session, incident: Incident, person: Person, until: dt.datetime) -> None:
    """`You have until 5:31`, with a fresh number for more. What they were asked stays open."""
    going = choices.give(session, person, choices.GOING, incident=incident, minutes=settings().alert_minutes)
    time, place = at(until, person.language), spoken(incident, person.language)
    text(session, person, "pages.lease", place=place, time=time, going=going)


def what_says_so(session: Session, incident: Incident, person: Person) -> None:
    """They say it is immigration, without what identified it: nothing is confirmed on a feeling."""
    _ask(session, incident, person, "pages.what_says_so", {act: act for act in IDENTIFIED} | _also(Saw.UNSURE))


def what_was_it(session: Session, incident: Incident, person: Person) -> None:
    """They say it is something else, without what: only a positive identification debunks."""
    _ask(session, incident, person, "pages.what_was_it", {act: act for act in WAS} | _also(Saw.UNSURE))


def still_there(session: Session, incident: Incident, person: Person) -> None:
    """Confirmed, and a second person decides: when they leave, one number says so; so does another, should it prove to be
    something else.
    """
    _ask(session, incident, person, "pages.when_over", _also(Saw.GONE, Saw.OTHER_POLICE))


def when_gone(session: Session, incident: Incident, person: Person) -> None:
    """The same, where nobody has to decide anything about it now."""
    _ask(session, incident, person, "pages.when_gone", _also(Saw.GONE, Saw.OTHER_POLICE))


def look_again(session: Session, incident: Incident, person: Person) -> None:
    """What was seen has grown old: is it still so? Who identified it before need not say again what says so."""
    there = choices.STILL_THERE if _identified(session, incident, person) else Saw.IMMIGRATION.value
    acts = {Saw.IMMIGRATION.value: there} | _also(Saw.GONE, Saw.OTHER_POLICE, Saw.UNSURE)
    _ask(session, incident, person, "pages.look_again", acts)


def _identified(session: Session, incident: Incident, person: Person) -> bool:
    """Whether it is what they saw themselves, since it was last reported."""
    theirs = select(Finding.id).where(
        Finding.incident_id == incident.id,
        Finding.person_id == person.id,
        Finding.saw == Saw.IMMIGRATION,
        Finding.uniform == incident.uniform,
        Finding.shadow.is_(False),
        Finding.found_at >= witnessed_at(session, incident),
    )
    return incident.uniform != "unknown" and session.scalar(theirs.limit(1)) is not None


def _also(*saw: Saw) -> dict[str, str]:
    return {one.value: one.value for one in saw}


def _ask(session: Session, incident: Incident, person: Person, key: str, acts: dict[str, str]) -> None:
    """Fresh numbers for these answers take the place of all this person held for the incident."""
    choices.close(session, incident=incident, person=person)
    minutes = settings().alert_minutes
    numbers = {
        name: choices.give(session, person, act, incident=incident, minutes=minutes) for name, act in acts.items()
    }
    text(session, person, key, values={"place": spoken(incident, person.language), **numbers})


def reaches(person: Person) -> bool:
    """Whether they would get our question at all."""
    return can_be_texted(person)
