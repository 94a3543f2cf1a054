"""The second hand: who may let an alert out, in which words, and what the page says when they may not."""

import pytest
from flask import Flask
from sqlalchemy import select
from time_machine import travel

from bot.alerts.models import Alert
from bot.clock import ahead
from bot.contacts.models import Channel
from bot.outbox.models import Broadcast, BroadcastState, Release, Rendition
from bot.people.models import Person
from bot.store.session import reading, writing
from messages import languages
from tests.console.conftest import NUMBERS, Corner, People, subscribe
from tests.console.desk import Browser, browser_of
from tests.console.test_sign_in_page import shown_code


def _page(corner: Corner) -> str:
    return f"/alerts/{corner.alert.id}"


def _released(corner: Corner) -> bool:
    with reading() as session:
        return session.get(Release, corner.alert.broadcast_id) is not None


def test_the_exact_words_stand_side_by_side_with_what_they_cost(luz: Browser, corner: Corner) -> None:
    page = luz.reads(_page(corner))
    with reading() as session:
        renditions = session.scalars(select(Rendition).where(Rendition.broadcast_id == corner.alert.broadcast_id)).all()
    assert len(renditions) == len(languages.COMPLETE) * len(Channel)
    for rendition in renditions:
        assert rendition.text.replace("&", "&amp;") in page
    assert "GSM-7, 1 segment" in page


def test_whom_it_would_reach_is_counted_now(luz: Browser, corner: Corner) -> None:
    assert "10 people would get it" in luz.reads(_page(corner))
    with writing() as session:
        subscribe(session, NUMBERS[25], "hp")
    assert "11 people would get it" in luz.reads(_page(corner))


def test_a_second_person_of_another_line_releases(luz: Browser, corner: Corner) -> None:
    said = luz.does(f"{_page(corner)}/release", words=luz.words(_page(corner)))
    assert "It is leaving now" in said
    assert "0 of 0 delivered" in said
    assert _released(corner)


def test_released_twice_is_released_once_and_says_so(luz: Browser, nora: Browser, corner: Corner) -> None:
    words = luz.words(_page(corner))
    luz.does(f"{_page(corner)}/release", words=words)
    assert "already" in nora.does(f"{_page(corner)}/release", words=words)


def test_the_confirmer_cannot_be_the_second_hand(vera: Browser, corner: Corner, people: People, app: Flask) -> None:
    with writing() as session:
        session.get_one(Person, people.vera.id).role = people.luz.role
    browser = browser_of(app, people.vera)
    assert "You confirmed this yourself" in browser.reads(_page(corner))
    luz = browser_of(app, people.luz)
    assert "You confirmed this yourself" in browser.does(f"{_page(corner)}/release", words=luz.words(_page(corner)))
    assert not _released(corner)


def test_nobody_of_the_confirmers_line_can(luz: Browser, corner: Corner, people: People, app: Flask) -> None:
    with writing() as session:
        iris = Person(name="Iris", role=people.luz.role, line_id=people.vera.line_id, created_at=people.vera.created_at)
        session.add(iris)
    browser = browser_of(app, iris)
    assert "same line" in browser.reads(_page(corner))
    assert "same line" in browser.does(f"{_page(corner)}/release", words=luz.words(_page(corner)))
    assert not _released(corner)


@pytest.mark.parametrize("words", ["", "00" * 32, "not hex"])
def test_words_that_were_not_read_do_not_leave(luz: Browser, corner: Corner, words: str) -> None:
    assert "The text changed" in luz.does(f"{_page(corner)}/release", words=words)
    assert not _released(corner)


def test_an_edit_after_the_page_was_opened_voids_it(luz: Browser, corner: Corner) -> None:
    words = luz.words(_page(corner))
    with writing() as session:
        session.scalars(
            select(Rendition).where(Rendition.broadcast_id == corner.alert.broadcast_id)
        ).first().text = "Other"  # type: ignore[union-attr]
    assert "The text changed" in luz.does(f"{_page(corner)}/release", words=words)
    assert not _released(corner)


def test_an_old_proof_asks_for_a_fresh_code(luz: Browser, corner: Corner) -> None:
    words = luz.words(_page(corner))
    with travel(ahead(minutes=6), tick=True):
        assert 'name="code"' in luz.reads(_page(corner))
        said = luz.does(f"{_page(corner)}/release", words=words)
        assert "That code did not work" in said
        assert not _released(corner)


def test_a_fresh_code_releases_and_changes_the_session(luz: Browser, corner: Corner) -> None:
    before = luz.client.get_cookie("contigo-session")
    with travel(ahead(minutes=6), tick=True):
        words = luz.words(_page(corner))
        assert "It is leaving now" in luz.does(f"{_page(corner)}/release", words=words, code=shown_code())
    after = luz.client.get_cookie("contigo-session")
    assert before
    assert after
    assert before.value != after.value


def test_a_code_is_used_up_even_when_the_release_is_refused(luz: Browser, corner: Corner) -> None:
    with travel(ahead(minutes=6), tick=True):
        shown = shown_code()
        assert "The text changed" in luz.does(f"{_page(corner)}/release", words="00", code=shown)
    with travel(ahead(minutes=11, seconds=30), tick=True):
        assert "That code did not work" in luz.does(f"{_page(corner)}/release", words="00", code=shown)


def test_what_was_seen_long_ago_is_asked_again_first(luz: Browser, corner: Corner) -> None:
    with travel(ahead(minutes=12), tick=True):
        assert "more than 10 minutes old" in luz.reads(_page(corner))
        assert "Asked. The answer comes by text." in luz.does(f"{_page(corner)}/look-again")


def test_while_frozen_nothing_is_released(luz: Browser, vera: Browser, corner: Corner) -> None:
    words = luz.words(_page(corner))
    vera.does("/freeze")
    assert "frozen" in luz.does(f"{_page(corner)}/release", words=words)
    assert not _released(corner)


def test_what_became_of_it_is_sent_again_only_when_it_changed(luz: Browser, corner: Corner) -> None:
    luz.does(f"{_page(corner)}/release", words=luz.words(_page(corner)))
    first = luz.opens(f"{_page(corner)}/progress")
    mark = first.text.split('{"If-None-Match": "')[1].split('"}')[0].replace('\\"', '"')
    assert luz.opens(f"{_page(corner)}/progress", **{"If-None-Match": mark}).status_code == 304
    with writing() as session:
        session.get_one(Broadcast, corner.alert.broadcast_id).state = BroadcastState.HALTED
    assert luz.opens(f"{_page(corner)}/progress", **{"If-None-Match": mark}).status_code == 200


def test_one_dispatcher_alone_stops_it_and_says_that_we_doubt_it(luz: Browser, dora: Browser, corner: Corner) -> None:
    luz.does(f"{_page(corner)}/release", words=luz.words(_page(corner)))
    assert "Stopped" in dora.does(f"/incidents/{corner.incident.id}/doubt")
    with reading() as session:
        kinds = set(session.scalars(select(Release.kind).where(Release.incident_id == corner.incident.id)))
        halted = session.get_one(Broadcast, corner.alert.broadcast_id).state
    assert {str(kind) for kind in kinds} == {"alert", "doubt"}
    assert halted is BroadcastState.HALTED


def test_a_correction_takes_two_lines(luz: Browser, ana: Browser, nora: Browser, corner: Corner) -> None:
    luz.does(f"{_page(corner)}/release", words=luz.words(_page(corner)))
    incident = f"/incidents/{corner.incident.id}"
    page = ana.does(f"{incident}/correction", was="police")
    assert "local police" in page
    with reading() as session:
        correction = session.scalars(select(Alert).where(Alert.pending)).one().id
    words = luz.words(f"/alerts/{correction}")
    assert "same line" in nora.does(f"/alerts/{correction}/release", words=words)
    assert "It is leaving now" in luz.does(f"/alerts/{correction}/release", words=words)
    assert "Taken back" in luz.reads(incident)
