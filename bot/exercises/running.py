"""How does a SIMULACRO begin and end? A coordinator chooses who takes part and what is supposed to be there.

It is no incident: it has no reports, no neighborhood is told of it, and nothing that selects incidents can find it.
"""

import secrets
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import ahead, now
from bot.exercises import texting
from bot.exercises.models import Exercise, ExercisePart, Part
from bot.exercises.script import SCENES, name_of
from bot.moderation import choices
from bot.moderation.models import Claim, ClaimState
from bot.moderation.refusals import Refused
from bot.people.models import Person, Role
from bot.people.shifts import can_be_texted
from bot.places.gazetteer import find
from bot.privacy import audit
from bot.settings import settings
from bot.store.alone import alone
from bot.store.session import reading, writing

PEOPLE, VEHICLES = 6, 2
RANGE = 2**31 - 1


class ExerciseRefused(Refused):
    """It does not begin, or not so."""


def start(session: Session, by: Person, scene: str, place: str, person_ids: Collection[int]) -> Exercise:
    """Ask those chosen, as if it were so: verifiers to look, organizers and coordinators to be the second hand.

    Raises `ExerciseRefused`.
    """
    alone(session, "exercise")
    if by.role is not Role.COORDINATOR or by.revoked_at is not None:
        raise ExerciseRefused("console.simulacro.not_yours")
    if open_now(session) is not None:
        raise ExerciseRefused("console.simulacro.one_at_a_time")
    exercise = _made(by, scene, place)
    people = _who(session, by, person_ids)
    if not any(_part(person) is Part.LOOKS for person in people):
        raise ExerciseRefused("console.simulacro.nobody_looks")
    exercise.parts = [ExercisePart(person=one, part=_part(one), asked_at=now()) for one in people]
    session.add(exercise)
    session.flush()
    audit.record(session, "exercise.started", f"exercise:{exercise.code}", by.id)
    for part in exercise.parts:
        if part.part is Part.LOOKS:
            acts = {"going": choices.GOING, "cannot": choices.CANNOT}
            texting.ask(
                session, exercise, part.person, "look", acts, people=exercise.people, vehicles=exercise.vehicles
            )
    return exercise


def end(session: Session, exercise: Exercise, by: Person | None) -> None:
    """Each hears how it went. Twice is once."""
    session.refresh(exercise, with_for_update=True)
    if exercise.ended_at is not None:
        return
    if by is not None and by.role is not Role.COORDINATOR:
        raise ExerciseRefused("console.simulacro.not_yours")
    exercise.ended_at = now()
    texting.close(session, exercise)
    session.flush()
    script = f"over_{name_of(exercise.truth, exercise.was)}"
    here = {person.id for person in texting.people_of(session, exercise)}
    for part in exercise.parts:
        if part.person_id in here:
            texting.text(session, exercise, part.person, script if part.part is Part.LOOKS else "over_release")
    audit.record(session, "exercise.ended", f"exercise:{exercise.code}", by.id if by else None)


def open_now(session: Session) -> Exercise | None:
    return session.scalars(select(Exercise).where(Exercise.ended_at.is_(None)).order_by(Exercise.started_at)).first()


def sweep() -> None:
    """For the clock."""
    with reading() as session:
        overdue = select(Exercise.id).where(Exercise.ended_at.is_(None), Exercise.ends_at <= now())
        if session.scalar(overdue.limit(1)) is None:
            return
    with writing() as session:
        end_overdue(session)


def end_overdue(session: Session) -> None:
    """Whoever began it forgot it."""
    for exercise in session.scalars(select(Exercise).where(Exercise.ended_at.is_(None), Exercise.ends_at <= now())):
        end(session, exercise, None)


def who_may_take_part(session: Session) -> list[Person]:
    """Volunteers whom a text reaches, and organizers and coordinators; nobody who is on the way to something real."""
    busy = select(Claim.person_id).where(Claim.state == ClaimState.HELD)
    here = select(Person).where(Person.revoked_at.is_(None), Person.id.not_in(busy)).order_by(Person.name)
    people = [one for one in session.scalars(here) if one.role is not Role.DISPATCHER]
    return [one for one in people if can_be_texted(one) or _part(one) is Part.RELEASES]


def _who(session: Session, by: Person, person_ids: Collection[int]) -> list[Person]:
    """Whoever knows the script does not rehearse."""
    wanted = set(person_ids) - {by.id}
    return [person for person in who_may_take_part(session) if person.id in wanted]


def _part(person: Person) -> Part:
    return Part.LOOKS if person.role is Role.VERIFIER else Part.RELEASES


def _made(by: Person, scene: str, place: str) -> Exercise:
    script, found = SCENES.get(scene), find(place)
    if script is None:
        raise ExerciseRefused("console.refused.choose")
    if not found.key or not found.neighborhoods:
        raise ExerciseRefused("console.simulacro.no_place")
    return Exercise(
        id=-1 - secrets.randbelow(RANGE),
        place_key=found.key[:80],
        place=(found.place or found.key)[:80],
        neighborhood=found.neighborhoods[0],
        truth=script.truth,
        uniform=script.uniform,
        was=script.was,
        people=PEOPLE,
        vehicles=VEHICLES,
        started_by_id=by.id,
        started_by_line=by.line_id,
        started_at=now(),
        ends_at=ahead(minutes=settings().exercise_minutes),
    )
