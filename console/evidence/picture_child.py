"""Opens one hostile picture in a process of its own, with little memory, little time and nothing to reach for.

    python -I picture_child.py DECODER <ORIGINAL    (DECODER: JPEG, PNG, WEBP, HEIF, AVIF or GIF)

Writes view, thumb and veil (.webp) into its working folder and prints one line of JSON: the picture's facts, or {"reason": …}.
`console/evidence/children.py` runs this file and never imports it: a decoder that is taken over has this process and no other.
"""

import io
import json
import os
import sys
import warnings
import zipfile
from datetime import datetime
from importlib import import_module
from typing import Any, BinaryIO

from PIL import AvifImagePlugin, Image, ImageCms, ImageOps

sys.path.append(os.path.dirname(__file__))  # -I leaves it out; last, so that nothing of ours hides the library's

import guard  # type: ignore[import-not-found]

# What Python and Pillow import in the middle of a picture, when nothing can be read any more.
IN_TIME = (
    "_strptime", "copy", "encodings.cp437", "mmap", "tempfile", "PIL.ExifTags", "PIL.ImageColor", "PIL.ImageFilter",
    "PIL.ImagePalette", "PIL.MpoImagePlugin", "PIL.TiffImagePlugin", "PIL.WebPImagePlugin",
)  # fmt: skip

MEMORY_BYTES = 700 * 1024 * 1024
CPU_SECONDS = 5
OUTPUT_BYTES = 16 * 1024 * 1024
# What MEMORY_BYTES can hold, as measured: a JPEG is decoded at a fraction, row by row; of the others the whole is
# there at once, of HEIF in three bytes a pixel. A progressive JPEG keeps all its coefficients beside that.
PIXELS = {"JPEG": 300_000_000, "HEIF": 110_000_000, "AVIF": 64_000_000}
OTHER_PIXELS = 25_000_000
COEFFICIENT_BYTES = 620 * 1024 * 1024
# Longest side in pixels, WEBP quality. The veil is too small to recognise anybody by: what an
# officer sees before a look that is noted.
SIZES = {"view": (2560, 84), "thumb": (320, 74), "veil": (20, 60)}

# What Pillow and we raise on EXIF that is only half there: such a picture is shown, without time and place.
CROOKED = (ValueError, TypeError, KeyError, IndexError, ArithmeticError, AttributeError, SyntaxError)


def main() -> None:
    (decoder,) = sys.argv[1:2]
    prepare(decoder)
    os.nice(10)  # the console's screens come first
    # libheif cannot decode without a thread of its own
    guard.confine(CPU_SECONDS, MEMORY_BYTES, OUTPUT_BYTES, threads=decoder == "HEIF")
    try:
        with open(0, "rb", closefd=False) as source:
            answer = develop(source, decoder, ".")
    except MemoryError:
        answer = {"reason": "memory"}
    except Exception:  # a hostile file raises whatever a decoder can raise
        answer = {"reason": "broken"}
    print(json.dumps(answer), flush=True)
    os._exit(0)  # faster than taking the interpreter down politely


def develop(source: BinaryIO, decoder: str, folder: str) -> dict[str, Any]:
    """The picture's facts, once view, thumb and veil are written."""
    if hides_an_archive(source):
        return {"reason": "kind"}
    source.seek(0)
    with Image.open(source, formats=(decoder,)) as image:
        width, height = image.size
        if is_too_large(image, decoder):  # the header tells: nothing is decoded yet
            return {"reason": "bomb"}
        exif = image.getexif()
        if exif.get(0x0112) in (5, 6, 7, 8):  # Orientation: the phone was held upright
            width, height = height, width
        facts = {"width": width, "height": height, "taken_at": taken(exif)} | position(exif)
        whole = at_a_fraction(image, source, decoder)
        picture = plain(whole, SIZES["view"][0])
    save(picture, folder)
    return facts


def prepare(decoder: str, *more: str) -> None:
    """All that is read from the disk, before nothing can be: and the decoders with no thread but this one, and no limit
    but ours.
    """
    warnings.simplefilter("ignore")  # saying one would read its source
    Image.preinit()
    for name in IN_TIME + more:
        import_module(name)
    Image.MAX_IMAGE_PIXELS = None  # counted below: one number, one answer
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    if decoder == "HEIF":
        import pillow_heif  # only when needed: it costs 40 ms

        pillow_heif.options.DECODE_THREADS = 1
        pillow_heif.register_heif_opener(thumbnails=False)


def is_too_large(image: Image.Image, decoder: str) -> bool:
    pixels = image.width * image.height
    return pixels > PIXELS.get(decoder, OTHER_PIXELS) or coefficient_bytes(image) > COEFFICIENT_BYTES


def coefficient_bytes(image: Image.Image) -> float:
    """Of a progressive JPEG: two bytes for each pixel of each layer, colours often at half the sides."""
    if not image.info.get("progressive"):
        return 0
    squares = [across * down for _, across, down, _ in image.layer]  # type: ignore[attr-defined]
    return 2 * image.width * image.height * sum(squares) / max(squares)


def at_a_fraction(image: Image.Image, source: BinaryIO, decoder: str) -> Image.Image:
    """No more of its pixels than the view needs, where a large one can be had so."""
    longest, side = max(image.size), SIZES["view"][0]
    if decoder == "JPEG":
        part = next((part for part in (8, 4, 2) if longest // part >= side), 1)
        image.draft(None, (image.width // part, image.height // part))
    if decoder == "HEIF" and image.width * image.height > OTHER_PIXELS:
        return by_strips(source, max(1, longest // side), dict(image.info))
    return image


def by_strips(source: BinaryIO, part: int, info: dict[Any, Any]) -> Image.Image:
    """A large HEIF at a part of its size: Pillow would hold four bytes a pixel beside libheif's three."""
    import pillow_heif

    source.seek(0)
    heif = pillow_heif.open_heif(source)
    (width, height), rows = heif.size, 64 * part
    sheet = Image.new(heif.mode, (-(-width // part), -(-height // part)))
    for top in range(0, height, rows):
        high = min(rows, height - top)
        pixels = heif.data[top * heif.stride : (top + high) * heif.stride]
        strip = Image.frombuffer(heif.mode, (width, high), pixels, "raw", heif.mode, heif.stride, 1)
        sheet.paste(strip.reduce(part), (0, top // part))
    sheet.info = {"icc_profile": info["icc_profile"]} if "icc_profile" in info else {}  # it is upright already
    return sheet


def save(picture: Image.Image, folder: str) -> None:
    """View, thumb and veil of a picture that is plain already."""
    for name, (side, quality) in SIZES.items():
        picture.thumbnail((side, side))
        picture.save(os.path.join(folder, f"{name}.webp"), "WEBP", quality=quality, method=2)


def hides_an_archive(source: BinaryIO) -> bool:
    """Whether the file is a ZIP as well (an app, a document): such a file was built, not photographed."""
    try:
        with zipfile.ZipFile(source) as archive:
            return bool(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def plain(image: Image.Image, side: int) -> Image.Image:
    """The picture upright, in sRGB on white, on a fresh sheet: no EXIF, comment or profile can follow it out."""
    if image.mode in ("1", "P"):
        image = image.convert("RGBA")  # palettes cannot be scaled smoothly
    elif image.mode == "I;16":
        image = image.point(lambda level: level * (1 / 256)).convert("L")  # convert alone clips to white
    image.thumbnail((side, side))
    image = in_srgb(ImageOps.exif_transpose(image))
    image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    sheet = Image.new("RGB", image.size, "white")
    sheet.paste(image, mask=image if image.mode == "RGBA" else None)
    return sheet


def in_srgb(image: Image.Image) -> Image.Image:
    """Phones photograph in wider colours. A profile that does not fit is no reason to lose the picture."""
    try:
        theirs = ImageCms.ImageCmsProfile(io.BytesIO(image.info["icc_profile"]))
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        return ImageCms.profileToProfile(image, theirs, ImageCms.createProfile("sRGB"), outputMode=mode) or image
    except (ImageCms.PyCMSError, KeyError, OSError, ValueError, TypeError):
        return image


def taken(exif: Image.Exif) -> str | None:
    """When the phone says it was: ISO 8601, with an offset if it wrote one."""
    try:
        detail = exif.get_ifd(0x8769)  # 0x9003 DateTimeOriginal, 0x9011 its offset
        moment = datetime.strptime(text(detail.get(0x9003) or exif[0x0132]), "%Y:%m:%d %H:%M:%S")
        return datetime.fromisoformat(moment.isoformat() + text(detail.get(0x9011, ""))).isoformat()
    except CROOKED:
        return None


def position(exif: Image.Exif) -> dict[str, float | None]:
    """Where the phone says it was, in degrees (WGS 84); 0, 0 is what some write when they do not know."""
    lat = lon = None
    try:
        gps = exif.get_ifd(0x8825)  # 1, 2: N or S and latitude; 3, 4: E or W and longitude
        north, east = degrees(gps[2], text(gps[1]), "S"), degrees(gps[4], text(gps[3]), "W")
        if (north or east) and abs(north) <= 90 and abs(east) <= 180:  # false for NaN too
            lat, lon = north, east
    except CROOKED:
        lat = lon = None
    return {"lat": lat, "lon": lon}


def degrees(parts: Any, side: str, negative: str) -> float:
    whole, minutes, seconds = (_part(part) for part in parts)
    return round((whole + minutes / 60 + seconds / 3600) * (-1 if side.upper() == negative else 1), 6)


def _part(part: Any) -> float:
    """A phone that counts minutes with decimals writes its seconds as 0/0: none."""
    if getattr(part, "denominator", 1) == 0 and getattr(part, "numerator", 1) == 0:
        return 0.0
    return float(part)


def text(value: Any) -> str:
    return str(value).strip("\0 ")


if __name__ == "__main__":
    main()
