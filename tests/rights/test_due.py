"""Is whatever has to be read, signed or called listed, with its day, and nothing else?"""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.rights import library
from bot.rights.due import due
from messages import directory

TODAY = date(2026, 11, 22)


@pytest.fixture
def all_is_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every topic and translation is signed as it stands, every number was called, two weeks ago; they are read again in time."""
    earlier = TODAY - timedelta(days=14)
    sign = {"reviewed_by": "A. Lawyer", "reviewed_on": earlier}
    topics = {
        topic.id: replace(topic, **sign, reviewed_mark=topic.mark, review_by=TODAY + timedelta(days=30))  # type: ignore[arg-type]
        for topic in library.topics()
    }
    notes = {
        code: replace(known, note={**sign, "reviewed_mark": library.translation_mark(code)})
        for code, known in library._translations().items()
    }
    called = {each.id: replace(each, verified_on=earlier) for each in directory.entries()}
    monkeypatch.setattr(library, "_topics", lambda: topics)
    monkeypatch.setattr(library, "_translations", lambda: notes)
    monkeypatch.setattr(directory, "_entries", lambda: called)


@pytest.mark.usefixtures("nobody_signed", "nobody_called")
def test_where_nothing_is_signed_or_called_everything_is_listed() -> None:
    listed = {each.what for each in due(TODAY)}
    assert listed == (
        {f"rights/{topic.id}" for topic in library.topics()}
        | {f"rights/words.{code}" for code in library.translations()}
        | {entry.id for entry in directory.entries()}
    )
    assert all(each.by is None for each in due(TODAY))


@pytest.mark.usefixtures("all_is_well")
def test_where_all_is_well_nothing_is_listed() -> None:
    assert due(TODAY) == []


@pytest.mark.usefixtures("all_is_well")
def test_what_falls_due_soon_is_listed_by_its_day_when_asked_for() -> None:
    soon = due(TODAY, within=timedelta(days=31))
    assert {each.what for each in soon} == {f"rights/{topic.id}" for topic in library.topics()}
    assert {each.why for each in soon} == {"to be read again soon", "to be read again soon: the law is moving"}
    later = due(TODAY, within=timedelta(days=80))
    assert {entry.id for entry in directory.entries()} <= {each.what for each in later}
    assert later == sorted(later, key=lambda each: (each.by or TODAY, each.what))


@pytest.mark.usefixtures("all_is_well")
def test_one_word_that_changed_or_one_day_that_passed_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    topics = {topic.id: topic for topic in library.topics()}
    topics["door"] = replace(topics["door"], mark="v0000000")
    topics["bond"] = replace(topics["bond"], review_by=TODAY)
    monkeypatch.setattr(library, "_topics", lambda: topics)
    listed = {each.what: each for each in due(TODAY)}
    assert listed.keys() == {"rights/door", "rights/bond"}
    assert listed["rights/door"].why == "its words have changed since it was signed: the law is moving"
    assert str(listed["rights/bond"]) == "2026-11-22  rights/bond               to be read again: the law is moving"


@pytest.mark.usefixtures("all_is_well")
@pytest.mark.parametrize(("days", "listed"), [(89, False), (90, True), (-1, True)])
def test_a_number_is_called_again_after_ninety_days(days: int, listed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A date to come is a slip of the pen."""
    known = dict(directory._entries())
    known["phone_oia"] = replace(known["phone_oia"], verified_on=TODAY - timedelta(days=days))
    monkeypatch.setattr(directory, "_entries", lambda: known)
    assert [each.what for each in due(TODAY)] == (["phone_oia"] if listed else [])
