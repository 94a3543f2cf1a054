"""Are the files of others that we serve the ones we took? By checksum, with their source and license named."""

import hashlib
from pathlib import Path

import bot.console

STATIC = Path(bot.console.__file__).parent / "static"
OURS = {
    "contigo.css",
    "curve.js",
    "desk.js",
    "forms.js",
    "here.js",
    "keys.js",
    "mark.svg",
    "places.js",
    "reach.css",
    "vendor.txt",
}


def _named() -> dict[str, str]:
    rows = [
        line.split() for line in (STATIC / "vendor.txt").read_text().splitlines() if line and not line.startswith("#")
    ]
    return {row[0]: row[-1] for row in rows}


def test_each_vendored_file_is_the_one_we_took() -> None:
    for name, checksum in _named().items():
        assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == checksum, name


def test_there_is_no_other_file() -> None:
    assert {file.name for file in STATIC.iterdir()} == set(_named()) | OURS
