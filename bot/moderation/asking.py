"""What do we ask the one who looks? What is there; what says so; whether it is still there. Each answer has its own number."""

from sqlalchemy.orm import Session

from bot.incidents.models import Incident
from bot.incidents.places import spoken
from bot.moderation import choices
from bot.moderation.models import Saw
from bot.moderation.texting import text
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
}
"""What it was instead: an act, and the last part of the outcome's key."""
LOOKS = (Saw.IMMIGRATION, Saw.OTHER_POLICE, Saw.SOMETHING_ELSE, Saw.NOBODY, Saw.UNSURE, Saw.UNSAFE)


def what_is_there(session: Session, incident: Incident, person: Person) -> None:
    """`Anaheim & Cherry? 4473 immigration, 8120 other police, ...`"""
    _ask(session, incident, person, "pages.what", {saw.value: saw.value for saw in LOOKS})


def what_says_so(session: Session, incident: Incident, person: Person) -> None:
    """They say it is immigration, without what identified it: nothing is confirmed on a feeling."""
    _ask(session, incident, person, "pages.what_says_so", {act: act for act in IDENTIFIED} | _also(Saw.UNSURE))


def what_was_it(session: Session, incident: Incident, person: Person) -> None:
    """They say it is something else, without what: only a positive identification debunks."""
    _ask(session, incident, person, "pages.what_was_it", {act: act for act in WAS} | _also(Saw.UNSURE))


def still_there(session: Session, incident: Incident, person: Person) -> None:
    """Confirmed: when they leave, one number says so; so does another, should it prove to be something else."""
    _ask(session, incident, person, "pages.when_over", _also(Saw.GONE, Saw.OTHER_POLICE))


def look_again(session: Session, incident: Incident, person: Person) -> None:
    """The finding has grown old while it waited for its second person: is it still so?"""
    _ask(session, incident, person, "pages.look_again", _also(Saw.IMMIGRATION, Saw.GONE, Saw.OTHER_POLICE, Saw.UNSURE))


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
