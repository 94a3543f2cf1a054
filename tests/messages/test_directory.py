"""Is a number that nobody has called kept from residents?"""

import re
from dataclasses import replace
from datetime import date

import pytest

from messages import directory

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
        assert entry.source and entry.name and entry.languages
        assert entry.id.startswith("web_") or re.fullmatch(r"\d{3}-\d{3}-\d{4}|\d{3}", entry.number)
