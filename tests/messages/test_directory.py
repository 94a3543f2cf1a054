"""Is a number that nobody has called kept from residents?"""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from messages import directory
from tests.messages import every_text

pytestmark = pytest.mark.usefixtures("nobody_called")

TODAY = date(2026, 11, 22)


def test_a_number_is_sent_only_when_somebody_called_it() -> None:
    unverified = replace(directory.entry("phone_oia"), verified_on=None)
    assert not unverified.may_be_sent(demo=False)
    assert unverified.may_be_sent(demo=True)
    assert replace(unverified, verified_on=TODAY).may_be_sent(demo=False)


def test_a_sentence_is_held_back_for_one_unverified_number(monkeypatch: pytest.MonkeyPatch) -> None:
    sentence = "Call %{phone_oia} or see %{web_acis}."
    assert not directory.may_say(sentence, demo=False)
    known = dict(directory._entries())
    known["phone_oia"] = replace(known["phone_oia"], verified_on=TODAY)
    monkeypatch.setattr(directory, "_entries", lambda: known)
    assert directory.may_say(sentence, demo=False)
    assert not directory.may_say("%{phone_oia} %{phone_larrn}", demo=False)


def test_numbers_are_written_out() -> None:
    assert directory.filled("See %{web_locator}.") == "See locator.ice.gov."
    with pytest.raises(KeyError):
        directory.filled("Call %{phone_nobody}.")


def test_what_nobody_verified_is_overdue(monkeypatch: pytest.MonkeyPatch) -> None:
    known = dict(directory._entries())
    known["phone_oia"] = replace(known["phone_oia"], verified_on=date(2026, 11, 1))
    known["phone_larrn"] = replace(known["phone_larrn"], verified_on=date(2026, 7, 1))
    monkeypatch.setattr(directory, "_entries", lambda: known)
    late = {entry.id for entry in directory.overdue(TODAY)}
    assert "phone_larrn" in late and "phone_eoir" in late and "web_acis" in late
    assert "phone_oia" not in late


def test_every_entry_says_where_it_was_found() -> None:
    for entry in directory.entries():
        assert entry.source and entry.name and entry.languages and entry.what_for, entry.id
        if entry.is_phone:
            assert re.fullmatch(r"\d{3}-\d{3}-\d{4}|\d{3}", entry.number or ""), entry.id
        elif entry.id.startswith("web_"):
            assert re.fullmatch(r"[a-z]+(\.[a-z]+)+(/\w+)?", entry.number or ""), entry.id
        else:
            assert entry.number is None and entry.note, entry.id  # how it is reached is not known, and the note says so


@pytest.mark.parametrize(
    "named",
    ["phone_larrn", "phone_eoir", "phone_mexico_ciam", "phone_mexico_la", "phone_honduras", "web_locator", "web_acis",
     "programme_justice_fund", "programme_hp_with_you", "programme_guatemala", "programme_el_salvador"],
)  # fmt: skip
def test_what_people_ask_us_for_stands_in_it(named: str) -> None:
    assert directory.entry(named).name


def test_no_number_stands_in_it_twice() -> None:
    numbers = [entry.number for entry in directory.entries() if entry.number]
    assert len(numbers) == len(set(numbers))


def test_every_programme_is_called_in_our_texts_what_it_is_called_here() -> None:
    texts = " ".join(each.text for each in every_text.from_rights(demo=True))
    programmes = [entry for entry in directory.entries() if entry.called]
    assert [entry.id for entry in programmes if not any(name in texts for name in entry.called)] == []


@pytest.mark.parametrize(("days", "sent"), [(0, True), (364, True), (365, False), (-1, False)])
def test_a_number_nobody_called_for_a_year_counts_as_never_called(days: int, sent: bool) -> None:
    """And one to be called tomorrow, by a slip of the pen, is not called yet."""
    called = replace(directory.entry("phone_oia"), verified_on=TODAY - timedelta(days=days))
    assert called.may_be_sent(demo=False, today=TODAY) is sent


def test_pages_and_programmes_are_named_before_anybody_verified_them() -> None:
    assert directory.entry("web_locator").may_be_sent(demo=False)
    assert directory.entry("programme_justice_fund").may_be_sent(demo=False)


def test_a_date_that_is_no_date_is_refused() -> None:
    fields = {**directory._content()["phone"]["oia"], "verified_on": "2026-12-31"}
    with pytest.raises(TypeError, match="phone_oia is no date"):
        directory._entry("phone_oia", fields)
