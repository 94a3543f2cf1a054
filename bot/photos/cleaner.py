"""Which picture is in this file? A process of its own that takes an unknown file in and gives a picture out, once for each photo.

It stands alone (Pillow and the standard library), has no keys, no environment and, once it has loaded what it needs, can open
neither a file nor a connection. What was written into the file beside the picture (where and when it was taken, with what, by
whom) is not copied: the pixels are painted on a fresh canvas. `cleaner.py LONGEST_SIDE` reads the file from its standard input;
0 and a JPEG on its standard output, or 1 and nothing.
"""

import contextlib
import io
import resource
import sys

from PIL import Image, ImageFile, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
AS_PHONES_SEND_THEM = (*FORMATS, "MPO")
"""MPO is a JPEG with a second picture behind it (depth, portrait)."""
ORIENTATION, ON_ITS_SIDE = 0x0112, 6
MOST_PIXELS = 50_000_000
"""A phone's largest photo has 50 million; a file of a few thousand bytes may claim as many, and more."""
MEMORY_BYTES = 224 * 1024 * 1024
"""Of addresses, so there are never more of memory (T17: under 256 MiB). Python and Pillow alone take 32."""
CPU_SECONDS = 10
LARGEST_BYTES = 5 * 1024 * 1024
QUALITY = 80
WHITE = (255, 255, 255)


def rehearse() -> None:
    """Whatever Pillow loads only when it needs it, it needs here: afterwards it cannot load anything."""
    small, exif = Image.new("RGB", (8, 16), WHITE), Image.Exif()
    exif[ORIENTATION] = ON_ITS_SIDE
    for kind in AS_PHONES_SEND_THEM:
        file = io.BytesIO()
        small.save(file, kind, exif=exif, save_all=kind == "MPO", append_images=[small] if kind == "MPO" else [])
        cleaned(file.getvalue(), 8)


def confine() -> None:
    """From here on: so much memory and time, no file, no connection, no dump. What is open (0, 1, 2) stays."""
    limits = {
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_NOFILE: 3,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for limit, most in limits.items():
        with contextlib.suppress(
            ValueError, OSError
        ):  # already lower; or a system that does not know it (macOS: memory)
            resource.setrlimit(limit, (most, most))


def cleaned(raw: bytes, longest_side: int) -> bytes:
    """The picture in the file: upright, no larger than asked, a plain JPEG. Raises whatever a broken file makes Pillow raise."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # Pillow warns at this, and refuses twice as many
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    with Image.open(io.BytesIO(raw), formats=FORMATS) as opened:
        shrink = min(1.0, longest_side / max(opened.size))
        opened.draft(
            None, (max(1, int(opened.width * shrink)), max(1, int(opened.height * shrink)))
        )  # JPEG: decoded small
        opened.thumbnail((longest_side, longest_side))
        upright = ImageOps.exif_transpose(opened)
    canvas = Image.new("RGB", upright.size, WHITE)
    if upright.has_transparency_data:
        with_alpha = upright.convert("RGBA")
        canvas.paste(with_alpha, mask=with_alpha.getchannel("A"))
    else:
        canvas.paste(upright.convert("RGB"))
    out = io.BytesIO()
    canvas.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def main(arguments: list[str]) -> int:
    rehearse()
    confine()
    raw = sys.stdin.buffer.read(LARGEST_BYTES + 1)
    try:
        picture = b"" if len(raw) > LARGEST_BYTES else cleaned(raw, int(arguments[0]))
    except Exception:  # noqa: BLE001  anything at all: it is no picture that we can show
        return 1
    sys.stdout.buffer.write(picture)
    sys.stdout.buffer.flush()
    return 0 if picture else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
