"""What should `.env.example` say? Every setting, in the order and under the headings of `bot/settings.py`.

`python -m tests.run.env_example` writes it anew.
"""

import inspect
import re
from pathlib import Path

from pydantic import SecretStr

from bot.settings import Settings

PATH = Path(__file__).parent.parent.parent / ".env.example"
HEAD = """\
# Every setting of Contigo. Copy this file to .env and take the # away before what you change; everything else is as it stands.
# `./run bot doctor` says what is still missing. `./run bot keys` makes the keys: docs/keys.md says who may hold which.
# A checkout with a .env is a real hotline: the demo refuses to run in it.
"""
HEADING = re.compile(r"^    # (?P<heading>.+)$")
FIELD = re.compile(r"^    (?P<name>[a-z_]+): ")


def render() -> str:
    """The whole file."""
    lines = [HEAD]
    for line in inspect.getsource(Settings).splitlines():
        if heading := HEADING.match(line):
            lines.append(f"\n# --- {heading['heading']}\n")
        elif (field := FIELD.match(line)) and field["name"] in Settings.model_fields:
            lines.append(_setting(field["name"]))
    return "\n".join(lines) + "\n"


def _setting(name: str) -> str:
    field = Settings.model_fields[name]
    return f"# {field.description}\n#{name.upper()}={_written(field.default)}\n"


def _written(value: object) -> str:
    match value:
        case SecretStr():
            return value.get_secret_value()
        case bool():
            return str(value).lower()
        case tuple():
            return ",".join(value)
        case _:
            return str(value)


if __name__ == "__main__":
    PATH.write_text(render())
