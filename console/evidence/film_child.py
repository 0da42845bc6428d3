"""Opens one hostile video in a process of its own, as picture_child.py does with pictures.

    python -I film_child.py look <ORIGINAL      poster (view, thumb, veil) and facts; play.mp4 if wrapping is enough
    python -I film_child.py render <ORIGINAL    play.mp4 of anything else: H.264 and AAC, at most 1280 pixels

Prints one line of JSON. What it writes holds pictures and sound and nothing else: no place, no phone, no name.
"""

import json
import os
import sys
from typing import Any

import av
from av.bitstream import BitStreamFilterContext

sys.path.append(os.path.dirname(__file__))  # -I leaves it out; last, so that nothing of ours hides the library's

import guard  # type: ignore[import-not-found]
from film_bench import BT709, MIRRORED, Bench, is_bright, turn_of  # type: ignore[import-not-found]
from film_facts import place, taken  # type: ignore[import-not-found]
from picture_child import prepare, save  # type: ignore[import-not-found]

SHOWN_SECONDS = 120  # of a longer one the copy holds the beginning; the original is whole
PIXELS = 4096 * 2304
SIDE = 1280  # pixels, of what is rendered
RATE = 30  # pictures a second
LOOK = {"cpu_seconds": 60, "memory_bytes": 700 * 1024 * 1024, "output_bytes": 110 * 1024 * 1024}
RENDER = {"cpu_seconds": 600, "memory_bytes": 1200 * 1024 * 1024, "output_bytes": 110 * 1024 * 1024}
# Without these a "video" may be a playlist, a script or an SVG that reaches for other files.
OPEN = {"format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts", "protocol_whitelist": "fd", "fd": "0"}
PLAY = "play.mp4"
PLAIN = {"movflags": "+faststart", "fflags": "+bitexact"}  # bitexact: no name of a program either
EVERYWHERE = ("yuv420p", "yuvj420p")


class Refused(Exception):
    """The argument is the reason."""


def main() -> None:
    (task,) = sys.argv[1:2]
    prepare("WEBP", "av.subtitles.codeccontext", "av.subtitles.stream", "logging")
    os.nice(15)  # photos come first
    guard.confine(**(RENDER if task == "render" else LOOK), threads=False)
    av.logging.set_level(None)
    try:
        answer = {"look": look, "render": render}[task]()
    except Refused as refused:
        answer = {"reason": str(refused)}
    except MemoryError:
        answer = {"reason": "memory"}
    except Exception:  # a hostile file raises whatever a decoder can raise
        answer = {"reason": "broken"}
    print(json.dumps(answer), flush=True)
    os._exit(0)


def look() -> dict[str, Any]:
    with opened() as film:
        picture = first(film, "video")
        if picture is None:
            raise Refused("silent")
        if picture.width * picture.height > PIXELS:
            raise Refused("bomb")
        start, end = extent(film)
        facts = {"seconds": round(end - start, 2), "taken_at": taken(film), **place(film)}
    frame, image, square = poster(start + min(1.0, (end - start) / 2))
    facts |= {"width": image.width, "height": image.height}
    save(image, ".")
    facts["playable"] = square and turn_of(frame) not in MIRRORED and not is_bright(frame) and wrap()
    return facts


def poster(moment: float) -> tuple[Any, Any, bool]:
    """(a frame near that moment, or the first, it as a picture, are its pixels square?)"""
    for seek in (True, False):
        with opened() as film:
            picture = first(film, "video")
            picture.thread_count = 1  # it may have no thread but this one
            try:
                if seek:
                    film.seek(int(moment * av.time_base))
                frame = next(film.decode(picture))
            except (StopIteration, av.error.FFmpegError):  # an index that leads nowhere
                continue
            bench = Bench(picture, "rgb24", max(frame.width, frame.height) * 2)
            pictures: list[Any] = bench.put(frame) + bench.end()
            return frame, pictures[0].to_image(threads=1), picture.sample_aspect_ratio in (None, 1)
    raise Refused("broken")


def opened() -> Any:
    """The original, from its beginning: the handle is all there is of it here. One at a time, they share its place."""
    os.lseek(0, 0, os.SEEK_SET)
    return av.open("fd:", options=OPEN)


def first(film: Any, kind: str) -> Any:
    """The stream that is shown or heard; a cover picture is no film."""
    streams = [stream for stream in getattr(film.streams, kind) if stream.codec_context is not None]
    return next((stream for stream in streams if not stream.disposition & av.stream.Disposition.attached_pic), None)


def both(film: Any) -> list[Any]:
    return [stream for stream in (first(film, "video"), first(film, "audio")) if stream]


def extent(film: Any) -> tuple[float, float]:
    """From when to when there is a picture or a sound: counted, never believed. A header may lie, a browser's own
    recording has none, and on a screen that does not change there is more sound than pictures.
    """
    start: float | None = None
    end = 0.0
    for packet in film.demux(both(film)):
        if packet.has_sidedata("encryption_info") or packet.has_sidedata("encryption_init_info"):
            raise Refused("locked")
        moment = packet.dts if packet.pts is None else packet.pts  # an AVI knows only the order of decoding
        if moment is None:
            continue
        at = float(moment * packet.time_base)
        start = at if start is None else min(start, at)
        end = max(end, at + float((packet.duration or 0) * packet.time_base))
    if start is None:
        raise Refused("broken")
    told = float(film.duration / av.time_base) if film.duration else 0.0
    if told - (end - start) > max(2.0, told / 5) + max(0.0, start):
        raise Refused("broken")  # the rest of it has not come along
    return start, end


def is_past(packet: Any) -> bool:
    """Is it of what the copy leaves out?"""
    begin = packet.stream.start_time or 0
    return packet.dts is not None and (packet.dts - begin) * packet.time_base >= SHOWN_SECONDS


def wrap() -> bool:
    """The same pictures and sound in a clean box, when every browser plays them; else False and no file."""
    with opened() as film:
        picture, sound = first(film, "video"), first(film, "audio")
        context = picture.codec_context
        usual = context.name == "h264" and context.pix_fmt in EVERYWHERE and "mp4" in film.format.name
        if not usual or (sound and sound.codec_context.name != "aac"):
            return False
    if not is_as_announced():
        return False
    with opened() as film:
        picture, sound = first(film, "video"), first(film, "audio")
        with av.open(PLAY, "w", format="mp4", options=PLAIN) as made:
            places = {picture.index: made.add_stream_from_template(picture)}
            if sound:
                places[sound.index] = made.add_stream_from_template(sound)
            for place in places.values():
                place.metadata.clear()
            # Some phones hide their place in the stream itself, in units of type 6.
            clean = BitStreamFilterContext("filter_units=remove_types=6", picture, places[picture.index])
            for packet in film.demux(both(film)):
                if is_past(packet):
                    continue
                if packet.stream_index == picture.index:
                    for one in clean.filter(packet if packet.dts is not None else None):
                        one.stream = places[picture.index]
                        made.mux(one)
                elif packet.dts is not None:
                    packet.stream = places[packet.stream_index]
                    made.mux(packet)
    return True


def is_as_announced() -> bool:
    """Is every piece of it what the header says? A piece that lies outside the boxes for pictures and sound would take
    along what is written there: the phone, the place, the hour. To be decoded, it is noise. And a size that changes in
    the middle is nothing that every browser shows.
    """
    boxes = media_boxes()
    with opened() as film:
        known = bytes(first(film, "video").codec_context.extradata or b"")
        for packet in film.demux(both(film)):
            at, end = packet.pos or 0, (packet.pos or 0) + packet.size
            if packet.size and not any(at in box and end <= box.stop for box in boxes):
                return False
            if packet.stream.type == "video" and changes(packet, known):
                return False
    return True


def changes(packet: Any, known: bytes) -> bool:
    """Does it bring parameters of H.264 (units of type 7) that the header has not?"""
    if packet.has_sidedata("new_extradata"):
        return True
    data, at, digits = bytes(packet), 0, (known[4] & 3) + 1 if len(known) > 4 else 4
    while at + digits < len(data):
        size = int.from_bytes(data[at : at + digits], "big")
        unit = data[at + digits : at + digits + size]
        if unit and unit[0] & 31 == 7 and unit not in known:
            return True
        at += digits + size
    return False


def media_boxes() -> list[range]:
    """Where an MP4 keeps pictures and sound: its outermost boxes named mdat."""
    boxes, at, whole = [], 0, os.fstat(0).st_size
    with open(0, "rb", closefd=False) as file:
        while at < whole:
            file.seek(at)
            size, name = int.from_bytes(file.read(4), "big"), file.read(4)
            if size == 1:  # it is longer than four bytes can say
                size = int.from_bytes(file.read(8), "big")
            size = size if size >= 8 else whole - at  # 0: all that is left
            if name == b"mdat":
                boxes.append(range(at, min(at + size, whole)))
            at += size
    return boxes


def render() -> dict[str, Any]:
    with opened() as film:
        start, end = extent(film)
    shape, last = earliest(), None
    with opened() as film, av.open(PLAY, "w", format="mp4", options=PLAIN) as made:
        picture, sound = first(film, "video"), first(film, "audio")
        shown = made.add_stream("libx264", rate=RATE, options={"preset": "veryfast", "crf": "27"})
        shown.thread_count = picture.thread_count = 1
        heard = made.add_stream("aac", rate=44_100, layout="stereo") if sound else None
        bench = Bench(picture, "yuv420p", SIDE, RATE, even=2)
        bench.fit(shape)
        announce(shown, bench.size)

        def show(frames: list[Any]) -> None:
            nonlocal last
            for frame in frames:
                if last is not None and frame.pts <= last.pts:
                    continue
                frame.pict_type = av.video.frame.PictureType.NONE  # the encoder chooses its own key pictures
                made.mux(shown.encode(frame))
                last = frame

        for packet in film.demux(both(film)):
            for frame in decoded(packet) if not is_past(packet) else ():
                if frame.pts is not None:
                    frame.pts -= round(start / frame.time_base)  # a recorder's clock begins anywhere
                if heard and packet.stream is sound:
                    made.mux(heard.encode(frame))
                elif frame.width * frame.height <= PIXELS:
                    show(bench.put(frame))
        show(bench.end())
        if last is None:
            raise Refused("broken")
        while last.pts < (min(end - start, SHOWN_SECONDS) - 1) * RATE:  # the sound goes on: so does the last picture
            last.pts += RATE
            made.mux(shown.encode(last))
        for stream in (shown, heard):
            if stream:
                made.mux(stream.encode(None))
    return {"rendered": True}


def earliest() -> Any:
    """Its first frame, to take the shape from: sound may come before."""
    with opened() as film:
        picture = first(film, "video")
        picture.thread_count = 1
        for packet in film.demux(picture):
            for frame in decoded(packet):
                return frame
    raise Refused("broken")


def announce(shown: Any, size: tuple[int, int]) -> None:
    shown.width, shown.height = size
    shown.pix_fmt = "yuv420p"
    colours = shown.codec_context
    colours.color_primaries = colours.color_trc = colours.colorspace = BT709
    colours.color_range = 1  # 16 to 235


def decoded(packet: Any) -> list[Any]:
    """A damaged moment is skipped: the film goes on after it."""
    try:
        return list(packet.decode())
    except av.error.InvalidDataError:
        return []


if __name__ == "__main__":
    main()
