"""Promise 4. No request begins more than a second after a STOP is committed, in any wording a person would understand.

One confirmation: Twilio's where its keyword matched, else ours. A stop word inside a report does not unsubscribe.
"""

from collections.abc import Callable

import pytest

from tests.promises.conftest import joins
from tests.services.system import Hotline


@pytest.mark.parametrize(
    ("line", "area", "wording", "ours"),
    [
        (121, "maywood", "STOP", False),
        (122, "bell", "ya no me manden mensajes", True),
        (123, "lynwood", "please take me off this list", True),
        (124, "commerce", "ALTO", True),
    ],
)
def test_after_stop_there_is_one_confirmation_and_no_alert(
    practice: Hotline, alarm: Callable[[str], str], line: int, area: str, wording: str, ours: bool
) -> None:
    """Each in an area of its own: who joins while an alert is live hears of it too, and here that would look like an answer."""
    person = joins(practice.phone(f"+13235550{line}"), area)
    before = len(person.received())
    person.texts(wording)
    confirmation = person.receives("", after=before)
    assert ("START" in confirmation and "Contigo" in confirmation) == ours
    witness = joins(practice.phone(f"+15625550{line}"), area)
    code = alarm(area)
    witness.receives(code)
    practice.simulator.settle()
    assert len(person.received()) == before + 1


def test_a_stop_word_in_a_report_unsubscribes_nobody(practice: Hotline, alarm: Callable[[str], str]) -> None:
    person = joins(practice.phone("+13235550125"), "cudahy")
    person.answers_with("ICE at the firestone blue line stop right now, 3 agents", "")
    person.receives(alarm("cudahy"))
