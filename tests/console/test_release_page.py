"""The second hand: who may let an alert out, in which words, and what the page says when they may not."""

import re

import pytest
from flask import Flask
from sqlalchemy import func, select
from time_machine import travel

from bot.alerts import compose, desk
from bot.alerts.models import Alert, ReleaseTurn
from bot.clock import ago, ahead
from bot.contacts.models import Channel, find_or_add
from bot.incidents.models import Incident
from bot.moderation.models import Saw
from bot.outbox import expecting
from bot.outbox.models import Broadcast, BroadcastState, Kind, Release, Rendition
from bot.people.models import Person
from bot.store.session import reading, writing
from messages import languages
from tests.console.conftest import NUMBERS, Corner, People, subscribe
from tests.console.desk import HIDDEN_WORDS, Browser, browser_of
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
    assert len(renditions) == len(languages.WRITTEN) * len(Channel)
    for rendition in renditions:
        assert rendition.text.replace("&", "&amp;") in page
    assert "GSM-7, 1 segment" in page


def test_whom_it_would_reach_is_what_the_clock_counted(luz: Browser, corner: Corner) -> None:
    assert "Not counted yet" in luz.reads(_page(corner))
    expecting.count()
    page = luz.reads(_page(corner))
    assert "10 people would get it" in page and "Release to 10 people" in page
    assert "10 segments in all" in page and "about $0.12" in page
    with writing() as session:
        subscribe(session, NUMBERS[25], "hp", language="ko")
    with travel(ahead(seconds=50), tick=True):
        expecting.count()
        assert "11 people would get it" in luz.reads(_page(corner))


def test_a_count_that_grew_old_is_said_to_be_old(luz: Browser, corner: Corner) -> None:
    expecting.count()
    assert "stands still" not in luz.reads(_page(corner))
    with travel(ahead(seconds=61), tick=True):
        assert "stands still" in luz.reads(_page(corner))


def test_what_lives_on_the_page_comes_again_only_when_it_changed(luz: Browser, corner: Corner) -> None:
    with travel(ahead(seconds=1), tick=False):
        mark = _mark(luz.reads(f"{_page(corner)}/waiting"))
        assert luz.opens(f"{_page(corner)}/waiting", **{"If-None-Match": mark}).status_code == 304
        expecting.count()
        again = luz.opens(f"{_page(corner)}/waiting", **{"If-None-Match": mark})
    assert "10 people would get it" in again.text
    assert "/release" not in again.text  # nobody's half-typed code is taken away


def test_the_button_and_its_sentence_follow_the_count_as_text(luz: Browser, corner: Corner) -> None:
    page = luz.reads(_page(corner))
    assert '<span id="release-to">Release to all who asked</span></button>' in page
    assert "swap-oob" not in page
    expecting.count()
    again = luz.reads(f"{_page(corner)}/waiting")
    assert '<span id="release-to" hx-swap-oob="textContent">Release to 10 people</span>' in again
    assert re.search(r'<p id="who-reads" hx-swap-oob="textContent">10 people will read these words\. [^<]*</p>', again)
    assert not re.search("<(form|button|input)", again.split('id="who-reads"')[1])
    assert '<span id="release-to">Release to 10 people</span></button>' in luz.reads(_page(corner))


def test_nothing_follows_where_there_is_no_button(luz: Browser, dora: Browser, corner: Corner) -> None:
    expecting.count()
    assert 'id="release-to"' in luz.reads(f"{_page(corner)}/waiting")
    assert 'id="release-to"' not in dora.reads(f"{_page(corner)}/waiting")


def test_who_waits_at_the_page_sees_that_somebody_released_it(luz: Browser, nora: Browser, corner: Corner) -> None:
    luz.does(f"{_page(corner)}/release", words=luz.words(_page(corner)))
    answer = nora.opens(f"{_page(corner)}/waiting")
    assert answer.headers["HX-Redirect"] == _page(corner)


def _mark(page: str) -> str:
    return page.split('{"If-None-Match": "')[1].split('"}')[0].replace('\\"', '"')


def test_who_can_release_it_now_is_shown_and_not_guessed(dora: Browser, corner: Corner, luz: Browser) -> None:
    luz.reads("/me")
    page = dora.reads(_page(corner))
    assert all(f'data-turn="{name}"' in page for name in ("Luz", "Nora", "Ana"))
    assert 'data-turn="Dora"' not in page and 'data-turn="Vera"' not in page
    assert "last seen" in page and "no phone linked" in page


def test_page_now_texts_that_person_and_the_page_says_when(dora: Browser, corner: Corner, people: People) -> None:
    with writing() as session:
        session.get_one(Person, people.luz.id).contact = find_or_add(session, NUMBERS[28], Channel.SMS)
    assert "Luz was paged" in dora.does(f"{_page(corner)}/call", person=people.luz.id)
    assert "no answer" in dora.reads(_page(corner))
    with reading() as session:
        assert [call.person_id for call in session.scalars(select(ReleaseTurn))] == [people.luz.id]


def test_nobody_is_paged_or_asked_again_and_again(dora: Browser, corner: Corner, people: People) -> None:
    with writing() as session:
        for person, phone in ((people.luz, NUMBERS[28]), (people.vera, NUMBERS[27])):
            session.get_one(Person, person.id).contact = find_or_add(session, phone, Channel.SMS)
    for words, do in (("called a moment ago", {"person": people.luz.id}), ("asked a moment ago", {})):
        act = f"{_page(corner)}/{'call' if do else 'look-again'}"
        assert words not in dora.does(act, **do) and words in dora.does(act, **do)
    with reading() as session:
        assert session.scalar(select(func.count(ReleaseTurn.id)).where(ReleaseTurn.person_id == people.luz.id)) == 1


def test_nobody_is_paged_for_what_they_would_be_refused(dora: Browser, corner: Corner, people: People) -> None:
    with writing() as session:
        session.get_one(Person, people.luz.id).contact = find_or_add(session, NUMBERS[28], Channel.SMS)
        session.get_one(Incident, corner.incident.id).seen_at = ago(minutes=60)
    assert "cannot release it" in dora.does(f"{_page(corner)}/call", person=people.luz.id)


def test_nobody_is_paged_who_could_not_release_it(dora: Browser, corner: Corner, people: People) -> None:
    for person in (people.vera.id, people.dora.id, 9999, "x"):
        assert "cannot release it" in dora.does(f"{_page(corner)}/call", person=person)
    assert "No text reaches Ana" in dora.does(f"{_page(corner)}/call", person=people.ana.id)


def test_what_happened_since_it_was_proposed_stands_above_it(luz: Browser, corner: Corner, people: People) -> None:
    assert "Changed since" not in luz.reads(_page(corner))
    with travel(ahead(minutes=2), tick=True):
        with writing() as session:
            incident = session.get_one(Incident, corner.incident.id)
            vera = session.get_one(Person, people.vera.id)
            desk.found(session, incident, vera, Saw.IMMIGRATION, "still 8", uniform="ICE")
        alert = _newest(corner)
        assert "Vera saw: Immigration agents" in luz.reads(_page(corner)) + luz.reads(f"/alerts/{alert}")


def test_a_draft_that_took_anothers_place_says_which_words_differ(luz: Browser, corner: Corner, people: People) -> None:
    with travel(ahead(minutes=2), tick=True):
        with writing() as session:
            incident = session.get_one(Incident, corner.incident.id)
            incident.uniform = "HSI"
            compose.propose(session, incident, Kind.ALERT, session.get_one(Person, people.vera.id))
        newer = _newest(corner)
        assert newer != corner.alert.id
        page = luz.reads(f"/alerts/{newer}")
        assert re.search(r"<del>.*?ICE.*?</del><ins>.*?HSI.*?</ins>", page)
        old = luz.reads(_page(corner))
        assert "Nobody may release this any more" in old and f'href="/alerts/{newer}"' in old


def _newest(corner: Corner) -> int:
    with reading() as session:
        newest = select(Alert.id).where(Alert.incident_id == corner.incident.id).order_by(Alert.id.desc()).limit(1)
        return session.scalars(newest).one()


def test_words_edited_while_somebody_read_are_shown_with_what_is_different(luz: Browser, corner: Corner) -> None:
    page = luz.reads(_page(corner))
    words, read = HIDDEN_WORDS.search(page), re.search(r'name="read" value="([^"]+)"', page)
    assert words and read
    with writing() as session:
        edited = select(Rendition).where(
            Rendition.broadcast_id == corner.alert.broadcast_id,
            Rendition.language == "km",
            Rendition.channel == Channel.SMS,
        )
        session.scalars(edited).one().text += " PLUS"
    answer = luz.sends(f"{_page(corner)}/release", words=words[1], read=read[1])
    assert answer.status_code == 409
    assert "The text changed" in answer.text and "PLUS</ins>" in answer.text
    assert not _released(corner)


def test_freezing_is_in_reach_on_the_page_itself(luz: Browser, corner: Corner) -> None:
    page = luz.reads(_page(corner))
    assert 'class="in-reach"' in page and page.count('action="/freeze"') >= 2


@pytest.mark.threat("T13")
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


@pytest.mark.threat("T26")
def test_an_edit_after_the_page_was_opened_voids_it(luz: Browser, corner: Corner) -> None:
    words = luz.words(_page(corner))
    with writing() as session:
        session.scalars(
            select(Rendition).where(Rendition.broadcast_id == corner.alert.broadcast_id)
        ).first().text = "Other"  # type: ignore[union-attr]
    assert "The text changed" in luz.does(f"{_page(corner)}/release", words=words)
    assert not _released(corner)


@pytest.mark.threat("T13")
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
    mark = _mark(luz.reads(f"{_page(corner)}/progress"))
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
