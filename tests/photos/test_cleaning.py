"""A stranger's file becomes a plain picture or nothing: whatever is in it, we stay up, and keep only what can be seen."""

import io
import json
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from bot.photos import cleaner, cleaning
from tests.photos import files
from tests.services.settings import Environment

pytestmark = pytest.mark.usefixtures("env")
MIB = 1024
"""In KiB."""
PICTURE_ONLY = {0xE0, 0xDB, 0xC0, 0xC2, 0xC4, 0xDD, 0xDA, 0xD9}
"""JFIF's own header, tables, frame, scan, end. No EXIF or XMP (E1), profile (E2), IPTC (ED), Adobe (EE), comment (FE)."""


def cleaned(raw: bytes) -> bytes:
    picture = cleaning.cleaned(raw)
    assert picture is not None
    return picture


def markers(jpeg: bytes) -> Iterator[int]:
    """The marker segments up to the scan, and the end; nothing may stand behind that."""
    at = 2
    while jpeg[at + 1] != 0xDA:
        yield jpeg[at + 1]
        at += 2 + int(struct.unpack(">H", jpeg[at + 2 : at + 4])[0])
    yield 0xDA
    yield jpeg[-1]
    assert jpeg.count(b"\xff\xd9") == 1 and jpeg.endswith(b"\xff\xd9")


def assert_it_says_nothing(picture: bytes, name: str) -> None:
    assert set(markers(picture)) <= PICTURE_ONLY, name
    assert picture[2:20].startswith(b"\xff\xe0\x00\x10JFIF\x00") and picture[18:20] == b"\x00\x00", (
        "and no thumbnail in it"
    )
    for word in (
        files.MARIA,
        files.NUMBER,
        b"Exif",
        b"http",
        b"Photoshop",
        b"ICC_PROFILE",
        b"8BIM",
        b"xmp",
        b"PK\x03\x04",
    ):
        assert word not in picture, name
    opened = Image.open(io.BytesIO(picture))
    assert (opened.format, opened.mode, dict(opened.getexif())) == ("JPEG", "RGB", {})
    assert {"exif", "icc_profile", "comment", "xmp", "photoshop", "adobe"}.isdisjoint(opened.info)


@pytest.mark.threat("T18")
def test_a_phones_photo_keeps_what_can_be_seen_and_nothing_else() -> None:
    photos = list(files.phones())
    assert len(photos) == 50
    for name, raw in photos:
        picture = cleaning.cleaned(raw)
        assert picture is not None, name
        assert_it_says_nothing(picture, name)


@pytest.mark.threat("T18")
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_stands_upright(kind: str, orientation: int) -> None:
    """Dark was left before the phone was turned. Where it belongs follows from the tag alone."""
    picture = Image.open(io.BytesIO(cleaned(files.saved(files.painted(), kind, exif=files.exif(orientation))))).convert(
        "L"
    )
    on_its_side = orientation >= 5
    assert picture.size == ((240, 320) if on_its_side else (320, 240))
    edges = {"left": (2, picture.height // 2), "right": (picture.width - 3, picture.height // 2),
             "top": (picture.width // 2, 2), "bottom": (picture.width // 2, picture.height - 3)}  # fmt: skip
    darkest = min(edges, key=lambda edge: picture.getpixel(edges[edge]))  # type: ignore[arg-type, return-value]
    turned = dict(zip(range(1, 9), ("", "right", "right", "", "top", "top", "bottom", "bottom"), strict=True))
    assert darkest == (turned[orientation] or _left_as_painted())


def _left_as_painted() -> str:
    upright = files.painted().convert("L")
    return "left" if upright.getpixel((2, 120)) < upright.getpixel((317, 120)) else "right"  # type: ignore[operator]


def test_what_one_could_see_through_becomes_white() -> None:
    see_through = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    picture = Image.open(io.BytesIO(cleaned(files.saved(see_through, "PNG"))))
    assert picture.getpixel((32, 32)) == (255, 255, 255)


def test_it_is_no_larger_than_needed(env: Environment) -> None:
    env.set(photo_longest_side_pixels=800)
    large = files.saved(files.painted(4032, 3024), "JPEG")
    assert Image.open(io.BytesIO(cleaned(large))).size == (800, 600)
    small = files.saved(files.painted(40, 30), "JPEG")
    assert Image.open(io.BytesIO(cleaned(small))).size == (40, 30)


@pytest.mark.threat("T17")
def test_forty_other_formats_are_not_opened() -> None:
    kinds = list(files.other_kinds())
    assert len(kinds) == 40
    assert [kind for kind, raw in kinds if cleaning.cleaned(raw) is not None] == []


@pytest.mark.threat("T17")
def test_what_is_meant_to_do_harm_becomes_a_plain_picture_or_nothing() -> None:
    opened = {name: picture for name, raw in files.harmful() if (picture := cleaning.cleaned(raw)) is not None}
    for name, picture in opened.items():
        assert_it_says_nothing(picture, name)
    for never in ("cut-0.01", "cut-0.3", "behind-a-page", "billion", "wider", "of-no-pixels", "program"):
        assert [name for name in opened if never in name] == []


@pytest.mark.threat("T17")
@pytest.mark.skipif(sys.platform != "linux", reason="counts memory as Linux does")
def test_all_of_them_take_less_than_256_mib(tmp_path: Path) -> None:
    for group in files.EVERYTHING:
        for name, raw in group():
            (tmp_path / name.replace("/", "-")).write_bytes(raw)
    large = {
        "jpeg": files.painted(5712, 4284),
        "webp": files.painted(4032, 3024),
        "png": files.painted(4032, 3024, "RGBA"),
    }
    for kind, image in large.items():
        (tmp_path / f"large-{kind}").write_bytes(files.saved(image, kind.upper()))
    program = Path(__file__).parent / "measured.py"
    told = subprocess.run([sys.executable, str(program), str(tmp_path)], capture_output=True, check=True).stdout
    most = json.loads(told.splitlines()[-1])
    assert most["tried"] > 140 and most["opened"] >= 50 + len(large)
    assert most["child_kib"] < 256 * MIB and most["parent_kib"] < 256 * MIB, most


LOOKS_ROUND = """
import socket, sys
sys.path.insert(0, {folder!r})
import cleaner
cleaner.rehearse()
cleaner.confine()
def fails(act):
    try:
        act()
    except (OSError, MemoryError):
        return True
print([fails(lambda: open("/etc/hostname")), fails(lambda: socket.socket()), fails(lambda: b"x" * 256 * 1024 * 1024)])
"""


@pytest.mark.threat("T17")
def test_whoever_took_that_process_over_could_open_no_file_and_no_connection() -> None:
    script = LOOKS_ROUND.format(folder=str(cleaning.PROGRAM.parent))
    done = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[True, True, True]", done.stderr


@pytest.mark.threat("T17")
@pytest.mark.parametrize(
    "program",
    [
        "import os, sys; sys.stdin.buffer.read(); sys.stdout.write(repr(dict(os.environ)))",
        "import sys\nsys.stdin.buffer.read()\nwhile True: sys.stdout.buffer.write(b'\\xff\\xd8\\xff' * 100_000)",
        "import sys, time; sys.stdin.buffer.read(); time.sleep(600)",
        "import time; time.sleep(600)",
        "import os; os.abort()",
        "raise SystemExit(0)",
        "import sys; sys.stdin.buffer.read(); sys.stdout.buffer.write(b'GIF89a')",
    ],
    ids=["talks", "never-ends", "hangs", "never-reads", "crashes", "says-nothing", "gives-something-else"],
)
def test_whatever_that_process_becomes_nothing_comes_of_it(
    program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "program.py").write_text(program)
    monkeypatch.setattr(cleaning, "PROGRAM", tmp_path / "program.py")
    monkeypatch.setattr(cleaning, "LONGEST_SECONDS", 1.0)
    assert cleaning.cleaned(files.saved(files.painted(2000, 2000), "PNG", compress_level=0)) is None


@pytest.mark.threat("T17")
def test_it_is_given_none_of_our_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "program.py").write_text(
        "import os, sys\nsys.stdin.buffer.read()\nsys.stdout.buffer.write(b'\\xff\\xd8\\xff' + repr(sorted(os.environ)).encode())"
    )
    monkeypatch.setattr(cleaning, "PROGRAM", tmp_path / "program.py")
    names = cleaned(b"x")[3:].decode()
    assert set(json.loads(names.replace("'", '"'))) <= {*cleaning.PASSED_ON, "LC_CTYPE"}


def test_where_no_process_can_be_started_nothing_is_said_of_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(cleaning.CannotStart):
        cleaning.cleaned(b"x")


def test_what_is_larger_than_the_carrier_takes_is_not_even_read() -> None:
    assert cleaning.cleaned(files.saved(files.painted(), "JPEG") + b"\x00" * cleaner.LARGEST_BYTES) is None
