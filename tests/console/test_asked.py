"""Does an incident's timeline say what volunteers were asked as time passed, and what they answered, in both languages?"""

import pytest

from bot.alerts.models import ReleaseTurn
from bot.clock import now
from bot.console.words import CHOICES
from bot.moderation import choices
from bot.moderation.asking_models import Asked, Question
from bot.people.models import Person
from bot.store.session import writing
from messages import catalog
from tests.console.conftest import Corner, People
from tests.console.desk import Browser


def _asked(corner: Corner, kind: Asked, person: Person, answer: str | None = None, told: bool = False) -> None:
    with writing() as session:
        session.add(
            Question(
                kind=kind,
                incident_id=corner.incident.id,
                person_id=person.id,
                asked_at=now(),
                answered_at=now() if answer else None,
                answer=answer,
                told_at=now() if told else None,
            )
        )


def _page(corner: Corner) -> str:
    return f"/incidents/{corner.incident.id}"


def test_who_was_asked_to_choose_and_what_they_chose(vera: Browser, corner: Corner, people: People) -> None:
    _asked(corner, Asked.DECIDE, people.dora, choices.SECOND_WAY)
    page = vera.reads(_page(corner))
    assert "Dora was asked: wait, ask volunteers again, find out another way, or close?" in page
    assert "Dora chose: find out another way" in page


def test_who_fell_silent_is_shown_to_those_who_dispatch_alone(
    vera: Browser, dora: Browser, corner: Corner, people: People
) -> None:
    _asked(corner, Asked.ARE_YOU_OK, people.luz, told=True)
    for_dora, for_vera = dora.reads(_page(corner)), vera.reads(_page(corner))
    assert "Luz was asked: are you OK?" in for_dora and "No answer came from Luz" in for_dora
    assert "are you OK?" not in for_vera and "No answer came" not in for_vera


def test_who_was_called_to_release_and_cannot(luz: Browser, corner: Corner, people: People) -> None:
    with writing() as session:
        session.add(ReleaseTurn(alert_id=corner.alert.id, person_id=people.ana.id, paged_at=now(), declined_at=now()))
    page = luz.reads(_page(corner))
    assert "Ana was called to release it" in page and "Ana cannot release it" in page


@pytest.mark.parametrize("language", CHOICES)
def test_every_question_and_choice_has_its_words(language: str) -> None:
    acts = [f"question_{kind}" for kind in Asked] + [f"chose_{act}" for act in choices.WHEN_NOBODY_GOES]
    assert [act for act in acts if not catalog.has(f"console.timeline.{act}", language)] == []
