"""How does a test come by a recording? A few bytes that begin as such a file does: nobody has spoken a real one yet."""

import hashlib
from pathlib import Path

import yaml

from bot.outbox import clips

MP3 = b"\xff\xfb\x90\xc4" + b"\x00" * 413
AMR = b"#!AMR\n" + b"\x3c" + b"\x00" * 31


def _sized(raw: bytes) -> bytes:
    return len(raw).to_bytes(4, "little") + raw


def opus(*comments: bytes) -> bytes:
    """Two Ogg pages: what it is, and who says so."""
    tags = b"OpusTags" + _sized(b"test") + len(comments).to_bytes(4, "little") + b"".join(map(_sized, comments))
    return b"OggS" + b"\x00" * 23 + b"\x13OpusHead" + b"\x00" * 11 + b"OggS" + b"\x00" * 24 + tags


FILES = {"mp3": MP3, "amr": AMR, "ogg": opus(b"encoder=Lavc61 libopus")}


def record(
    folder: Path,
    language: str,
    key: str,
    kind: str = "mp3",
    *,
    raw: bytes | None = None,
    note: dict[str, object] | None = None,
) -> Path:
    """A recording of this text, heard and signed; `note` says otherwise. Its name is `{language}/{key}.{kind}`."""
    place = folder / language
    place.mkdir(parents=True, exist_ok=True)
    content = FILES[kind] if raw is None else raw
    file = place / f"{key}.{kind}"
    file.write_bytes(content)
    notes_file = place / "clips.yml"
    notes = yaml.safe_load(notes_file.read_text()) if notes_file.exists() else {}
    known = notes.get(key) or {"says": _words(key, language), "heard_by": "M. L.", "files": {}}
    known["files"][kind] = hashlib.sha256(content).hexdigest()
    notes[key] = known | (note or {})
    notes_file.write_text(yaml.safe_dump(notes, allow_unicode=True))
    return file


def _words(key: str, language: str) -> str:
    try:
        return clips.spoken_words(key, language)
    except LookupError:
        return "?"
