"""Can a log name a person? Not through our fields, not through a library's sentence, not through an error's words."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.logging import set_up
from tests.services.logs import numbers_in

NUMBER = "+13235550142"


@pytest.fixture(autouse=True)
def _quiet_afterwards(capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Logging as it was, once the test is over."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    set_up("test")
    yield
    root.handlers[:], root.level = before[0], before[1]
    structlog.reset_defaults()


def said(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    lines = capsys.readouterr().err.strip().splitlines()
    found: dict[str, object] = json.loads(lines[-1])
    assert numbers_in(lines[-1]) == []
    return found


def test_known_fields_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger("x").warning("again", delivery=12, why="curl_7")
    line = said(capsys)
    assert (line["event"], line["delivery"], line["why"]) == ("again", 12, "curl_7")
    assert (line["level"], line["process"]) == ("warning", "test")


def test_an_unknown_field_is_named_and_its_value_is_gone(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger("x").warning("again", address=NUMBER)
    line = said(capsys)
    assert line["unknown_fields"] == ["address"]


def test_a_number_in_a_sentence_is_blotted_out(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger("x").warning(f"sent to {NUMBER}", why="(323) 555-0142")
    assert said(capsys)["event"] == "sent to [number]"


def test_a_library_says_its_sentence_and_nothing_that_it_puts_into_it(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("some.library").warning("could not reach %s: %s", NUMBER, "Hola, vi a la migra")
    assert said(capsys)["event"] == "could not reach %s: %s"


def test_an_error_says_its_kind_and_place_not_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise ValueError(f"cannot text {NUMBER}: vi a la migra")
    except ValueError:
        structlog.get_logger("x").exception("job_failed", job="send")
    line = said(capsys)
    assert line["error_type"] == "ValueError"
    assert "migra" not in json.dumps(line)
    assert "test_logging.py" in str(line["where"])


def test_the_carriers_library_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    import bot.channels.carrier_log  # noqa: F401

    logging.getLogger("twilio.http_client").info("Query Params: %s", {"To": NUMBER})
    assert capsys.readouterr().err == ""
