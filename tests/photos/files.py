"""Which files may somebody send us? Photos as phones make them, with all they write into them, and files meant to do harm."""

import io
import struct
import zlib
from collections.abc import Callable, Iterator

from PIL import ExifTags, Image, PngImagePlugin

MARIA, NUMBER, CORNER = b"taken by Maria", b"+13235550101", (33.9747, -118.2251)
"""What must not be in what we keep."""
ICC = b"\x00\x00\x02\x0cappl\x02\x10\x00\x00mntrRGB XYZ " + b"\x00" * 488 + MARIA
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:creator>' + MARIA + NUMBER + b"</dc:creator></x:xmpmeta>"


def painted(width: int = 320, height: int = 240, mode: str = "RGB") -> Image.Image:
    """Something with detail in it: left is dark, right is light."""
    return Image.linear_gradient("L").rotate(90).resize((width, height)).convert(mode)


def exif(orientation: int = 1, thumbnail: bool = True) -> bytes:
    """Place, time, camera and a small picture of the whole, as a phone writes them."""
    made = Image.Exif()
    base, gps = ExifTags.Base, ExifTags.GPS
    made[base.Orientation] = orientation
    made[base.Make], made[base.Artist], made[base.DateTime] = "Phone of", MARIA.decode(), "2026:11:22 06:08:00"
    made[base.ImageDescription] = f"{MARIA.decode()} {NUMBER.decode()}"
    made.get_ifd(ExifTags.IFD.GPSInfo).update(
        {gps.GPSLatitudeRef: "N", gps.GPSLatitude: (33.0, 58.0, 28.9),
         gps.GPSLongitudeRef: "W", gps.GPSLongitude: (118.0, 13.0, 30.4)}
    )  # fmt: skip
    made.get_ifd(ExifTags.IFD.Exif)[base.UserComment] = MARIA + NUMBER
    written: bytes = made.tobytes()
    return written + (saved(painted(16, 12), "JPEG") if thumbnail else b"")


def saved(image: Image.Image, kind: str, **how: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **how)
    return file.getvalue()


def with_segments(jpeg: bytes, *segments: tuple[int, bytes]) -> bytes:
    """A JPEG with more marker segments (marker's second byte, content) right after its start."""
    more = b"".join(b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body for marker, body in segments)
    return jpeg[:2] + more + jpeg[2:]


def iptc() -> bytes:
    record = b"\x1c\x02\x50" + struct.pack(">H", len(MARIA)) + MARIA
    return b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + struct.pack(">I", len(record)) + record


def phones() -> Iterator[tuple[str, bytes]]:
    """Fifty files of the kinds that phones, carriers and messengers make."""
    for orientation in range(1, 9):
        yield f"jpeg-turned-{orientation}", saved(painted(), "JPEG", exif=exif(orientation), comment=MARIA + NUMBER)
        yield f"png-turned-{orientation}", saved(painted(), "PNG", exif=exif(orientation), pnginfo=png_words())
        yield f"webp-turned-{orientation}", saved(painted(), "WEBP", exif=exif(orientation), xmp=XMP, icc_profile=ICC)
    for quality in (10, 50, 95):
        for subsampling in (0, 1, 2):
            for progressive in (False, True):
                how = {"quality": quality, "subsampling": subsampling, "progressive": progressive}
                name = "-".join(map(str, how.values()))
                yield f"jpeg-{name}", saved(painted(), "JPEG", exif=exif(6), icc_profile=ICC, xmp=XMP, **how)
    for mode in ("1", "L", "LA", "P", "RGBA", "I;16"):
        yield (
            f"png-{mode}",
            saved(painted(mode=mode) if mode != "I;16" else painted().convert("I;16"), "PNG", pnginfo=png_words()),
        )
    yield "jpeg-cmyk", saved(painted(mode="CMYK"), "JPEG", comment=MARIA)
    plain = saved(painted(), "JPEG")
    yield "jpeg-all-at-once", with_segments(
        plain, (0xE1, b"Exif\x00\x00" + exif()[6:]), (0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + XMP),
        (0xE2, b"ICC_PROFILE\x00\x01\x01" + ICC), (0xED, iptc()), (0xEE, b"Adobe" + MARIA), (0xFE, MARIA + NUMBER),
    )  # fmt: skip


def png_words() -> PngImagePlugin.PngInfo:
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", MARIA.decode())
    words.add_itxt("XML:com.adobe.xmp", XMP.decode())
    words.add_text("Comment", NUMBER.decode(), zip=True)
    return words


def png_of(width: int, height: int, pixels: bytes = b"", *more: tuple[bytes, bytes]) -> bytes:
    """A PNG that claims a size, with whatever in it."""
    header = (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(*one) for one in (header, *more, (b"IDAT", zlib.compress(pixels)), (b"IEND", b""))
    )


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


OTHER_KINDS = (
    "AVIF", "BLP", "BMP", "BUFR", "CUR", "DCX", "DDS", "DIB", "EPS", "FITS", "FLI", "FTEX", "GBR", "GIF", "GRIB", "HDF5", "ICNS",
    "ICO", "IM", "IMT", "IPTC", "JPEG2000", "MCIDAS", "MPEG", "MSP", "PCD", "PCX", "PIXAR", "PPM", "PSD", "QOI", "SGI", "SPIDER",
    "SUN", "TGA", "TIFF", "WMF", "XBM", "XPM", "XVTHUMB",
)  # fmt: skip
"""Forty formats that Pillow knows and we never open."""
BEGINNINGS = {
    "BLP": b"BLP2", "BUFR": b"BUFR", "CUR": b"\x00\x00\x02\x00", "FITS": b"SIMPLE  =                    T",
    "FLI": b"\x00\x00\x00\x00\x11\xaf", "FTEX": b"FTEX", "GBR": b"\x00\x00\x00\x14\x00\x00\x00\x02",
    "GRIB": b"GRIB\x00\x00\x00\x01", "HDF5": b"\x89HDF\r\n\x1a\n", "IM": b"Image type: RGB image\r\n", "IMT": b"width*",
    "IPTC": b"\x1c\x02\x00\x00\x02", "MCIDAS": b"\x00\x00\x00\x00\x00\x00\x00\x04", "MPEG": b"\x00\x00\x01\xb3",
    "PCD": b"PCD_", "PIXAR": b"\x80\xe8\x00\x00", "PSD": b"8BPS\x00\x01", "SUN": b"\x59\xa6\x6a\x95",
    "WMF": b"\xd7\xcd\xc6\x9a\x00\x00", "XPM": b"/* XPM */", "XVTHUMB": b"P7 332", "DCX": b"\xb1\x68\xde\x3a",
    "AVIF": b"\x00\x00\x00\x20ftypavif",
}  # fmt: skip


def other_kinds() -> Iterator[tuple[str, bytes]]:
    for kind in OTHER_KINDS:
        yield kind, BEGINNINGS[kind] + b"\x00" * 4096 if kind in BEGINNINGS else _other(kind)


def _other(kind: str) -> bytes:
    mode = {"MSP": "1", "XBM": "1", "SPIDER": "F", "GIF": "P", "PCX": "P"}.get(kind, "RGB")
    return saved(painted(mode=mode), kind)


def harmful() -> Iterator[tuple[str, bytes]]:
    """Bombs, cut-off files, and files that are two things at once."""
    jpeg, png = saved(painted(), "JPEG", exif=exif()), saved(painted(), "PNG")
    webp, mpo = saved(painted(), "WEBP"), saved(painted(), "MPO", save_all=True, append_images=[painted()])
    for name, whole in (("jpeg", jpeg), ("png", png), ("webp", webp), ("mpo", mpo)):
        for part in (0.01, 0.3, 0.6, 0.95):
            yield f"{name}-cut-{part}", whole[: int(len(whole) * part)]
        yield f"{name}-with-a-page-behind", whole + b"<html><script>alert(1)</script></html>"
        yield f"{name}-with-an-archive-behind", whole + b"PK\x03\x04" + b"\x00" * 26 + b"PK\x05\x06" + b"\x00" * 18
        yield f"{name}-behind-a-page", b"<html><script>alert(1)</script>" + whole
        yield f"{name}-with-a-wrong-byte", whole[:40] + bytes([whole[40] ^ 0xFF]) + whole[41:]
    yield "nothing", b""
    yield "zeros", b"\x00" * 1_000_000
    yield "a page", b"<!doctype html><script>alert(1)</script>"
    yield "a drawing", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    yield "a program", b"\x7fELF" + b"\x00" * 1000
    yield "postscript", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n(/etc/passwd) run\n"
    yield "png-of-a-billion-pixels", png_of(2**31 - 1, 2**31 - 1)
    yield "png-wider-than-memory", png_of(60_000, 60_000, b"\x00" * 1000)
    yield "png-flat-bomb", saved(Image.new("1", (9_000, 9_000)), "PNG")
    yield "png-colour-bomb", saved(Image.new("RGB", (6_500, 6_500)), "PNG")
    yield "png-of-no-pixels", png_of(0, 0)
    yield (
        "png-with-endless-words",
        png_of(2, 2, b"\x00" * 14, (b"zTXt", b"x\x00\x00" + zlib.compress(b"a" * 60_000_000))),
    )
    yield (
        "png-with-an-endless-profile",
        png_of(2, 2, b"\x00" * 14, (b"iCCP", b"x\x00\x00" + zlib.compress(b"a" * 60_000_000))),
    )
    yield "png-with-a-chunk-that-never-ends", png_of(2, 2)[:8] + struct.pack(">I", 2**31 - 1) + b"IHDR"
    yield "jpeg-of-many-pixels", saved(Image.new("L", (9_000, 9_000)), "JPEG")
    yield "jpeg-in-many-passes", saved(Image.new("RGB", (7_000, 7_000)), "JPEG", progressive=True, subsampling=0)
    yield (
        "jpeg-that-claims-more-than-it-has",
        jpeg.replace(struct.pack(">HH", 240, 320), struct.pack(">HH", 65_500, 65_500), 1),
    )
    itself = b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x87i\x00\x04\x00\x00\x00\x01\x00\x00\x00\x08\x00\x00\x00\x08"
    yield "jpeg-with-exif-that-points-at-itself", with_segments(saved(painted(), "JPEG"), (0xE1, itself))
    yield "webp-bomb", saved(Image.new("RGB", (16_000, 3_000)), "WEBP", lossless=True)
    yield "webp-of-many-frames", saved(painted(), "WEBP", save_all=True, append_images=[painted()] * 50, lossless=True)
    yield "webp-with-a-size-of-its-own", webp[:4] + struct.pack("<I", 2**32 - 10) + webp[8:]


EVERYTHING: tuple[Callable[[], Iterator[tuple[str, bytes]]], ...] = (phones, other_kinds, harmful)
