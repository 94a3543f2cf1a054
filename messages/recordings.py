"""Which of our texts can be heard, in languages that are mostly spoken? Recordings by people, one file for each text.

`clips/<language>/<key>.<kind>`, and beside them `clips.yml`, which says of each what it speaks, who has heard it, and which file
that was: a recording that nobody has heard through, or that is another than was heard, is never sent. clips/README.md says how
to make one.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from messages import languages, yaml_files

FOLDER = Path(__file__).parent / "clips"
NOTES = "clips.yml"
KINDS = {"mp3": "audio/mpeg", "amr": "audio/amr", "ogg": "audio/ogg; codecs=opus"}
"""What MMS and WhatsApp carry (Twilio's page on accepted media types); WhatsApp plays ogg only with Opus in it."""
LARGEST_BYTES = 600_000
"""What every carrier of the United States passes on by MMS (Twilio's page on MMS sizes)."""
NAME = re.compile(r"(?P<key>[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+)\.(?P<kind>[a-z0-9]+)")
ENCODERS = (b"encoder=", b"ENCODER=")


@dataclass(frozen=True, slots=True)
class Clip:
    """One recording of one text."""

    language: str
    key: str
    kind: str
    path: Path
    mark: str
    """SHA-256 of the file, as it is now."""
    says: str
    """The Spanish words it was made from, as they stood then."""
    heard_by: str
    """Who speaks the language, and heard it through."""
    heard_mark: str
    """Of the file that was heard."""
    fault: str
    """Why nobody should be sent it; empty where nothing is wrong with the file."""

    @property
    def name(self) -> str:
        return f"{self.language}/{self.path.name}"

    @property
    def content_type(self) -> str:
        return KINDS[self.kind]


@cache
def read(folder: Path) -> dict[str, Clip]:
    """Every recording in a folder, by its name (`mixtec/hotline.help.mp3`)."""
    found = [clip for code in languages.WISHED for clip in _of_language(folder / code, code)]
    return {clip.name: clip for clip in found}


def _of_language(folder: Path, code: str) -> list[Clip]:
    notes = yaml_files.read(folder / NOTES) if (folder / NOTES).is_file() else {}
    files = sorted(path for path in folder.iterdir() if path.name != NOTES) if folder.is_dir() else []
    matches = [(path, NAME.fullmatch(path.name)) for path in files]
    return [
        _clip(path, code, match["key"], match["kind"], notes.get(match["key"]) or {})
        for path, match in matches
        if match is not None and match["kind"] in KINDS
    ]


def _clip(path: Path, code: str, key: str, kind: str, note: dict[str, Any]) -> Clip:
    raw = path.read_bytes()
    mark = hashlib.sha256(raw).hexdigest()
    return Clip(
        language=code,
        key=key,
        kind=kind,
        path=path,
        mark=mark,
        says=str(note.get("says") or ""),
        heard_by=str(note.get("heard_by") or ""),
        heard_mark=str((note.get("files") or {}).get(kind) or ""),
        fault=_fault(raw, kind),
    )


def _fault(raw: bytes, kind: str) -> str:
    """Too large for a phone, no sound of that kind, or somebody is named in it (players write such things into a file)."""
    if len(raw) > LARGEST_BYTES:
        return "too_large"
    if not _BEGINS[kind](raw):
        return "not_this_kind"
    return "names_somebody" if _NAMES[kind](raw) else ""


def _is_mp3(raw: bytes) -> bool:
    return raw[:3] == b"ID3" or (len(raw) > 3 and raw[0] == 0xFF and raw[1] & 0xE6 == 0xE2)


def _has_comments(raw: bytes) -> bool:
    """Opus keeps them in its second packet: vendor, then a count, then each."""
    at = raw.find(b"OpusTags")
    if at < 0:
        return True
    at += 8
    at += 4 + int.from_bytes(raw[at : at + 4], "little")
    count, at = int.from_bytes(raw[at : at + 4], "little"), at + 4
    for _ in range(min(count, 100)):
        size = int.from_bytes(raw[at : at + 4], "little")
        if not raw[at + 4 : at + 4 + size].startswith(ENCODERS):
            return True
        at += 4 + size
    return False


_BEGINS: dict[str, Callable[[bytes], bool]] = {
    "mp3": _is_mp3,
    "amr": lambda raw: raw.startswith(b"#!AMR\n"),
    "ogg": lambda raw: raw.startswith(b"OggS") and b"OpusHead" in raw[:100],
}
_NAMES: dict[str, Callable[[bytes], bool]] = {
    "mp3": lambda raw: raw[:3] == b"ID3" or raw[-128:-125] == b"TAG",
    "amr": lambda raw: False,
    "ogg": _has_comments,
}
