"""Pictures and pretenders for the media tests, made here so that no binary lies in the repository."""

import io
import struct
import zipfile
import zlib
from typing import Any

from PIL import Image, ImageDraw

TAKEN = "2026:11:24 21:03:05"
SECRET = b"CANARY-7f3a"  # planted in every metadata field; no derivative may carry it
LAT, LON = 3.589722, 98.673889  # the Great Post Office of Medan


def scene(width: int = 640, height: int = 480) -> Image.Image:
    """Red above, blue below, so that a test sees which side is up."""
    image = Image.new("RGB", (width, height), "red")
    ImageDraw.Draw(image).rectangle((0, height // 2, width, height), fill="blue")
    return image


def exif(orientation: int = 1, offset: str | None = "+07:00") -> Image.Exif:
    data = Image.Exif()
    data[0x0112], data[0x010F], data[0x013B] = orientation, "Samsung", SECRET.decode()
    data[0x8769] = {0x9003: TAKEN, 0x9286: SECRET} | ({0x9011: offset} if offset else {})
    data[0x8825] = {1: "N", 2: (3.0, 35.0, 23.0), 3: "E", 4: (98.0, 40.0, 26.0)}
    return data


def encode(image: Image.Image, format: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def jpeg(width: int = 640, height: int = 480, orientation: int = 1, offset: str | None = "+07:00") -> bytes:
    return encode(scene(width, height), "JPEG", exif=exif(orientation, offset), comment=SECRET)


def png() -> bytes:
    from PIL.PngImagePlugin import PngInfo

    words = PngInfo()
    words.add_text("Author", SECRET.decode())
    return encode(scene(), "PNG", exif=exif(), pnginfo=words)


def webp() -> bytes:
    return encode(scene(), "WEBP", exif=exif(), xmp=SECRET)


def heic() -> bytes:
    import pillow_heif

    pillow_heif.register_heif_opener()
    return encode(scene(), "HEIF", exif=exif().tobytes())


def avif() -> bytes:
    return encode(scene(), "AVIF", exif=exif().tobytes(), xmp=SECRET)


def animated(format: str) -> bytes:
    return encode(scene(), format, save_all=True, append_images=[Image.new("RGB", (640, 480), "green")], duration=100)


def see_through() -> bytes:
    return encode(Image.new("RGBA", (64, 64), (0, 0, 0, 0)), "PNG")


def deep_grey() -> bytes:
    """16 bits a pixel, in the middle of the scale."""
    return encode(Image.new("I;16", (64, 64), 0x8000), "PNG")


def wide_colours() -> bytes:
    """Carries a colour profile, with the canary where its description stands."""
    from PIL import ImageCms

    return encode(scene(), "JPEG", icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())


def crooked_exif() -> bytes:
    """Latitude over a zero denominator, a month 13, and a table that points past the end."""
    data = exif()
    data[0x8769] = {0x9003: "2026:13:99 99:99:99"}
    data[0x8825] = {1: "N", 2: (float("inf"), 0.0, 0.0), 3: "E", 4: (98.0,)}
    return encode(scene(), "JPEG", exif=data)


def png_bomb(width: int, height: int) -> bytes:
    """One bit a pixel, all zero: 14,000 x 14,000 fit in 24 KiB and would decode to 700 MiB and more."""
    squeeze = zlib.compressobj(9)
    line = bytes(1 + (width + 7) // 8)
    pixels = b"".join(squeeze.compress(line) for _ in range(height)) + squeeze.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def text_bomb() -> bytes:
    """A small PNG whose comment unpacks to 200 MiB."""
    squeeze = zlib.compressobj(9)
    words = b"".join(squeeze.compress(bytes(1 << 20)) for _ in range(200)) + squeeze.flush()
    whole = encode(scene(64, 64), "PNG")
    return whole[:33] + chunk(b"zTXt", b"Comment\0\0" + words) + whole[33:]


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def huge_webp() -> bytes:
    """A lossless header that claims 16,384 x 16,384 and then stops."""
    body = b"VP8L" + struct.pack("<I", 6) + b"\x2f" + struct.pack("<I", 16383 | 16383 << 14) + b"\0"
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def giant(kind: str, side: int = 30_000) -> bytes:
    """A picture of 640 x 480 whose header claims another size."""
    make, mark, beyond, size = {
        "JPEG": (jpeg, b"\xff\xc0", 5, struct.pack(">HH", side, side)),
        "PNG": (png, b"IHDR", 4, struct.pack(">II", side, side)),
        "WEBP": (webp, b"VP8X", 12, (side - 1).to_bytes(3, "little") * 2),
        "HEIC": (heic, b"ispe", 8, struct.pack(">II", side, side)),
    }[kind]
    content = bytearray(make())
    at = content.index(mark) + beyond
    content[at : at + len(size)] = size
    if kind == "PNG":
        content[12:33] = chunk(b"IHDR", bytes(content[16:29]))[4:]
    return bytes(content)


def with_archive() -> bytes:
    """A JPEG that is a ZIP as well."""
    buffer = io.BytesIO(jpeg())
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("payload.class", SECRET)
    return buffer.getvalue()


def with_trailer() -> bytes:
    """What honest phones make: a photo with its short film behind it."""
    return jpeg() + mp4()


def with_page() -> bytes:
    """A JPEG that a careless browser would open as a page, by its comment and by what follows it."""
    page = HTML + SECRET
    return encode(scene(), "JPEG", exif=exif(), comment=page) + page


def mp4(brand: bytes = b"isom") -> bytes:
    film = struct.pack(">I", 72) + b"mdat" + SECRET.ljust(64)
    return struct.pack(">I", 20) + b"ftyp" + brand + bytes(4) + brand + film


def webm() -> bytes:
    return b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + bytes(64)


HTML = b"<!DOCTYPE html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"
GIF_SCRIPT = b"GIF89a=1;alert(document.cookie)//"
