"""Does `.env.example` tell an operator about every setting, and nothing it should not?"""

import re

from pydantic import SecretStr

from bot.settings import Settings
from tests.run.env_example import PATH, render

LINE = re.compile(r"^#?(?P<name>[A-Z0-9_]+)=(?P<value>.*)$", re.MULTILINE)
SECRET = re.compile(r"key|token|secret|sid(?![a-z])|number|whatsapp_from")


def test_the_file_is_what_the_settings_say() -> None:
    assert PATH.read_text() == render(), "python -m tests.run.env_example writes it anew"


def test_every_setting_is_there_once_and_no_other() -> None:
    names = [match["name"] for match in LINE.finditer(PATH.read_text())]
    assert sorted(names) == sorted(name.upper() for name in Settings.model_fields)


def test_every_setting_is_described() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_no_setting_has_a_secret_for_its_default() -> None:
    stated = {match["name"].lower(): match["value"] for match in LINE.finditer(PATH.read_text())}
    harmless = {"redis_key_prefix", "brigade_numbers", "keys_old_days"}
    assert {
        name: stated[name] for name in stated if SECRET.search(name) and name not in harmless and stated[name]
    } == {}
    assert all(
        stated[name] == "" for name, field in Settings.model_fields.items() if isinstance(field.default, SecretStr)
    )


def test_an_example_taken_as_it_stands_changes_nothing() -> None:
    assert not [line for line in PATH.read_text().splitlines() if line and not line.startswith("#")]
