"""Everybody at work can read what people are told, who has reviewed it, and have a text sent to their own phone."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from bot.clock import local, now
from bot.outbox import answers, released_only
from bot.outbox.delivery_models import Delivery, Reason
from bot.people.models import Person
from bot.rights import library
from bot.rights.topic import Review
from bot.store.session import reading
from messages import catalog, directory, languages
from tests.console.conftest import People
from tests.console.desk import Browser
from tests.services.settings import Environment


def test_every_language_every_topic_and_every_number_stands_with_its_review(vera: Browser) -> None:
    page = vera.reads("/texts")
    assert all(f'/texts/{code}"' in page for code in languages.COMPLETE)
    assert all(f">{topic.id}</code>" in page for topic in library.topics())
    assert page.count("Nobody has reviewed it") == sum(not topic.reviewed_by for topic in library.topics())
    assert page.count("nobody has called it yet") == sum(not entry.verified_on for entry in directory.entries())
    assert "nobody has reviewed: " in page


def test_what_waits_for_somebody_stands_above_all(vera: Browser) -> None:
    found = dict(re.findall(r'data-overdue="(\w+)"><a href="#\1">(\d+) ', vera.reads("/texts")))
    today = local(now()).date()
    assert int(found["languages"]) == sum(
        any(not catalog.is_signed(*file) for file in catalog.files() if file[1] == code and file[0] != "console")
        for code in languages.COMPLETE
    )
    assert int(found["topics"]) == sum(topic.review(today) is not Review.GOOD for topic in library.topics())
    assert int(found["directory"]) == len(directory.overdue(today))


def test_a_file_that_changed_after_it_was_signed_says_so(vera: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """A signature is for the words as they stood."""
    signed = {"reviewed_by": "Marisol", "reviewed_on": "2026-11-01", "reviewed_mark": catalog.mark("alerts", "es")}
    monkeypatch.setitem(catalog._notes, ("alerts", "es"), signed)
    alerts = vera.reads("/texts/es").split("<b>alerts</b>")[1].split("</summary>")[0]
    assert "Reviewed" in alerts and "reviewed by Marisol" in alerts and "2026-11-01" in alerts
    monkeypatch.setitem(catalog._notes, ("alerts", "es"), {**signed, "reviewed_mark": "v0000000"})
    alerts = vera.reads("/texts/es").split("<b>alerts</b>")[1].split("</summary>")[0]
    assert "Changed since it was signed" in alerts


def test_what_nobody_has_called_is_said_not_to_be_sent_outside_a_demo(vera: Browser, env: Environment) -> None:
    env.set(demo=False)
    assert vera.reads("/texts").count("not sent until somebody calls it") == sum(
        not entry.may_be_sent(demo=False) for entry in directory.entries()
    )


def test_a_language_is_read_as_it_stands(vera: Browser) -> None:
    for code in languages.COMPLETE:
        shown = set(re.findall(r'<code class="quiet">([^<]+)</code>', vera.reads(f"/texts/{code}")))
        assert _written(code) <= shown
        assert {f"topic.{topic.id}.0" for topic in library.topics()} <= shown
        assert not any(key.startswith("console.") for key in shown)


def _written(code: str) -> set[str]:
    names = [name for name in catalog.namespaces() if name != "console"]
    return {key for name in names for key in catalog.keys(name) if catalog.has(key, code)}


def test_what_stands_around_an_aid_message_is_read_too(vera: Browser) -> None:
    assert all("notices.cancelled" in vera.reads(f"/texts/{code}") for code in languages.COMPLETE)
    assert len(re.findall(r"nobody has reviewed: [^<]*\bnotices\b", vera.reads("/texts"))) == sum(
        not catalog.is_signed("notices", code) for code in languages.COMPLETE
    )


def test_each_topic_and_each_number_stands_with_its_sources(vera: Browser) -> None:
    page = unescape(vera.reads("/texts"))
    for topic in library.topics():
        assert topic.sources and all(f">{source}</li>" in page for source in topic.sources), topic.id
    assert all(f">{entry.source}</small>" in page for entry in directory.entries())


def test_a_topic_says_in_each_language_whether_anybody_has_reviewed_it(
    vera: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    lawyers = sum(topic.review(local(now()).date()) is Review.MISSING for topic in library.topics())
    for code in languages.COMPLETE:
        expected = lawyers
        if code in library.translations():
            expected = 0 if library.note(code).get("reviewed_by") else len(library.topics())
        assert sum("Nobody has reviewed it" in head for head in _topic_heads(vera, code)) == expected, code
    signed = {"reviewed_by": "Sokha", "reviewed_on": "2026-11-01", "reviewed_mark": library.translation_mark("km")}
    monkeypatch.setattr(library, "note", lambda language: signed)
    assert all("Sokha" in head and "2026-11-01" in head for head in _topic_heads(vera, "km"))
    monkeypatch.setattr(library, "note", lambda language: {**signed, "reviewed_mark": "v0000000"})
    assert all("Changed since it was signed" in head for head in _topic_heads(vera, "km"))


def _topic_heads(vera: Browser, code: str) -> list[str]:
    heads = re.findall(
        r"<summary>.*?</summary>", vera.reads(f"/texts/{code}").split("<h2>Know your rights</h2>")[1], re.DOTALL
    )
    assert len(heads) == len(library.topics())
    return heads


def test_a_language_that_nobody_speaks_here_is_not_found(vera: Browser) -> None:
    assert vera.opens("/texts/xx").status_code == 404
    assert vera.sends("/texts/xx/sample", key="hotline.empty").status_code == 404


def test_a_sample_comes_to_ones_own_phone_in_that_language(vera: Browser, people: People) -> None:
    assert "on its way" in vera.does("/texts/km/sample", key="topic.door.0")
    with reading() as session:
        sent = session.scalars(select(Delivery)).one()
        assert (sent.key, sent.language, sent.reason) == ("sample.topic.door.0", "km", Reason.ON_SHIFT)
        assert sent.contact_id == session.get_one(Person, people.vera.id).contact_id
        assert answers.rendered(sent).startswith(catalog.text("samples.mark", "km"))


def test_a_text_with_gaps_comes_with_made_up_values_and_the_form_gives_none(vera: Browser) -> None:
    vera.does(
        "/texts/en/sample", key="pages.lease", place="Pacific & Florence", values='{"place": "Pacific & Florence"}'
    )
    with reading() as session:
        sent = session.scalars(select(Delivery)).one()
        assert not sent.values
        words = answers.rendered(sent)
    assert words.startswith(
        "SAMPLE, nothing of it is true: Imaginary Blvd & No Such Street Ave: you have until 12:08am."
    )


def test_each_text_but_what_two_people_let_out_is_offered_as_a_sample(vera: Browser) -> None:
    page = vera.reads("/texts/en")
    offered = set(re.findall(r'name="key" value="([^"]+)"', page))
    assert _written("en") - offered == {key for key in released_only.KEYS if catalog.has(key, "en")}
    assert not offered & set(released_only.KEYS)


def test_no_sample_of_what_two_people_let_out_or_what_no_phone_gets(vera: Browser) -> None:
    two_people = ("alerts.alert", "alerts.doubt", "notices.notice")
    for key in (*two_people, "sample.hotline.empty", "console.phone_code", "topic.door.99", "no.such", ""):
        assert vera.sends("/texts/es/sample", key=key).status_code == 404, key


def test_whoever_has_told_us_no_phone_is_asked_for_it(ana: Browser) -> None:
    assert "First give us your phone" in ana.does("/texts/en/sample", key="topic.door.0")


def test_samples_are_few(vera: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.console.texts.SAMPLES_AN_HOUR", 2)
    pages = [vera.does("/texts/en/sample", key="topic.door.0") for _ in range(3)]
    assert ["enough for this hour" in page for page in pages] == [False, False, True]
