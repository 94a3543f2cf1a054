"""Can a log name a person? Not through our fields, not through a library's sentence, not through an error's words."""

import json
import subprocess
import sys
from typing import Any

from tests.services.databases import ROOT
from tests.services.logs import numbers_in

NUMBER = "+13235550142"
BEGIN = """
import logging, structlog
from bot.logging import set_up
set_up("test")
log, number = structlog.get_logger("x"), "+13235550142"
"""


def said_by(lines: str) -> list[dict[str, Any]]:
    """What a process of its own logs when it runs these lines."""
    command = [sys.executable, "-c", BEGIN + lines]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert numbers_in(done.stderr) == []
    assert "migra" not in done.stderr
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_known_fields_are_said() -> None:
    [line] = said_by('log.warning("again", delivery=12, why="curl_7")')
    assert (line["event"], line["delivery"], line["why"]) == ("again", 12, "curl_7")
    assert (line["level"], line["process"], line["logger"]) == ("warning", "test", "x")


def test_an_unknown_field_is_named_and_its_value_is_gone() -> None:
    [line] = said_by('log.warning("again", address=number, text="vi a la migra")')
    assert line["unknown_fields"] == ["address", "text"]


def test_a_number_in_a_sentence_is_blotted_out() -> None:
    [line] = said_by('log.warning(f"sent to {number}", why="(323) 555-0142")')
    assert (line["event"], line["why"]) == ("sent to [number]", "[number]")


def test_a_library_says_its_sentence_and_nothing_that_it_puts_into_it() -> None:
    [line] = said_by('logging.getLogger("some.library").warning("could not reach %s: %s", number, "vi a la migra")')
    assert line["event"] == "could not reach %s: %s"


def test_an_error_says_its_kind_and_place_not_its_words() -> None:
    lines = said_by(
        "try:\n    raise ValueError(f'cannot text {number}: vi a la migra')\n"
        "except ValueError:\n    log.exception('job_failed', job='send')\n"
        "    logging.getLogger('some.library').exception('it broke: %s', number)"
    )
    assert [line["error_type"] for line in lines] == ["ValueError", "ValueError"]
    assert [line["event"] for line in lines] == ["job_failed", "it broke: %s"]


def test_the_carriers_library_says_nothing() -> None:
    assert (
        said_by(
            "import bot.channels.carrier_log\n"
            "logging.getLogger('twilio.http_client').error('Query Params: %s', {'To': number})"
        )
        == []
    )
