"""A coordinator begins and ends a SIMULACRO, those chosen rehearse, and its page says how it went."""

import re

from flask import Flask
from sqlalchemy import select

from bot.alerts import by_text
from bot.exercises.models import Exercise
from bot.moderation import choices
from bot.outbox.models import Release
from bot.people.models import Person
from bot.store.session import reading, writing
from tests.console.conftest import People
from tests.console.desk import Browser


def _exercise() -> Exercise:
    with reading() as session:
        return session.scalars(select(Exercise)).one()


def _says(person_id: int, *acts: str) -> None:
    for act in acts:
        with writing() as session:
            person = session.get_one(Person, person_id)
            number = choices.open_choices(session, person, act)[-1].number
            assert person.contact is not None
            by_text.hear(session, person, number, person.contact)


def test_from_beginning_to_end(ana: Browser, luz: Browser, people: People) -> None:
    page = ana.reads("/simulacro")
    assert "Vera" in page and "Local police" in page
    said = ana.does("/simulacro", scene="police", place="Pacific y Florence", people=[people.vera.id, people.luz.id])
    assert "It has begun" in said
    address = f"/simulacro/{-_exercise().id}"
    assert "Local police" not in luz.reads(address), "who rehearses does not read the script"
    _says(people.vera.id, "going", "immigration", "is_ice")
    rehearsed = luz.reads(address)
    assert "DRILL, a rehearsal" in rehearsed
    words = re.search(r'name="words" value="([0-9a-f]+)"', rehearsed)
    assert words is not None
    assert "nobody else" in luz.does(f"{address}/release", words=words[1])
    assert "It is over" in ana.does(f"{address}/end")
    shown = luz.reads(address)
    assert "Local police" in shown and "not what the script says" in shown and "0 of 1 answers were right" in shown
    assert "the script says that no immigration agents are there" in shown
    with reading() as session:
        assert session.scalars(select(Release)).all() == []


def test_a_form_without_a_choice_begins_nothing(ana: Browser, people: People) -> None:
    for form in (
        {"scene": "", "place": "Pacific y Florence"},
        {"scene": "ice", "place": "Pacific y Florence", "people": ["x"]},
    ):
        ana.does("/simulacro", **form)
    with reading() as session:
        assert session.scalars(select(Exercise)).all() == []


def test_only_coordinators_begin_one(luz: Browser, app: Flask) -> None:
    assert "Begin the SIMULACRO" not in luz.reads("/simulacro")
