"""Opens one hostile video in a process of its own, as picture_child.py does with pictures.

    python -I film_child.py look <ORIGINAL      poster (view, thumb, veil) and facts; play.mp4 if wrapping is enough
    python -I film_child.py render <ORIGINAL    play.mp4 of anything else: H.264 and AAC, at most 1280 pixels

Prints one line of JSON. What it writes holds pictures and sound and nothing else: no place, no phone, no name.
"""

import json
import os
import re
import sys
from datetime import datetime
from typing import Any

import av
from av.bitstream import BitStreamFilterContext

sys.path.append(os.path.dirname(__file__))  # -I leaves it out; last, so that nothing of ours hides the library's

import guard  # type: ignore[import-not-found]
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
PLACE = re.compile(r"([+-]\d+(?:\.\d+)?)([+-]\d+(?:\.\d+)?)")  # ISO 6709


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
        seconds = length(film, picture)
        facts = {"seconds": round(seconds, 2), "taken_at": taken(film), **place(film)}
    with opened() as film:
        picture = first(film, "video")
        picture.thread_count = 1  # it may have no thread but this one
        film.seek(int(min(1.0, seconds / 2) * av.time_base))
        shot = next(film.decode(picture))
        image = shot.to_image(threads=1).rotate(shot.rotation, expand=True)
        facts |= {"width": image.width, "height": image.height}
        save(image, ".")
    facts["playable"] = wrap()
    return facts


def opened() -> Any:
    """The original, from its beginning: the handle is all there is of it here. One at a time, they share its place."""
    os.lseek(0, 0, os.SEEK_SET)
    return av.open("fd:", options=OPEN)


def first(film: Any, kind: str) -> Any:
    """The stream that is shown or heard; a cover picture is no film."""
    streams = [stream for stream in getattr(film.streams, kind) if stream.codec_context is not None]
    return next((stream for stream in streams if not stream.disposition & av.stream.Disposition.attached_pic), None)


def length(film: Any, picture: Any) -> float:
    """Counted, never believed: a header may lie, and a browser's own recording has none."""
    start: float | None = None
    end = 0.0
    for packet in film.demux(picture):
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
    return end - start


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
    if strays():
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
            for packet in film.demux([stream for stream in (picture, sound) if stream]):
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


def strays() -> bool:
    """Whether a piece of picture or sound lies outside the boxes for them. It is a piece of something else then, and
    would take along what is written there: the phone, the place, the hour. To be decoded, it is noise.
    """
    boxes = media_boxes()
    with opened() as film:
        for packet in film.demux([stream for stream in (first(film, "video"), first(film, "audio")) if stream]):
            at, end = packet.pos or 0, (packet.pos or 0) + packet.size
            if packet.size and not any(at in box and end <= box.stop for box in boxes):
                return True
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
    with opened() as film, av.open(PLAY, "w", format="mp4", options=PLAIN) as made:
        picture, sound = first(film, "video"), first(film, "audio")
        shown = made.add_stream("libx264", rate=RATE, options={"preset": "veryfast", "crf": "27"})
        shown.thread_count = picture.thread_count = 1
        heard = made.add_stream("aac", rate=44_100, layout="stereo") if sound else None
        graph: Any = None
        for packet in film.demux([stream for stream in (picture, sound) if stream]):
            for frame in decoded(packet) if not is_past(packet) else ():
                if heard and packet.stream is sound:
                    made.mux(heard.encode(frame))
                    continue
                if graph is None:
                    graph, shown.width, shown.height = bench(picture, frame)
                    shown.pix_fmt = "yuv420p"
                graph.push(frame)
                develop(graph, shown, made)
        if graph is None:
            raise Refused("broken")
        graph.push(None)
        develop(graph, shown, made)
        for stream in (shown, heard):
            if stream:
                made.mux(stream.encode(None))
    return {"rendered": True}


def decoded(packet: Any) -> list[Any]:
    """A damaged moment is skipped: the film goes on after it."""
    try:
        return list(packet.decode())
    except av.error.InvalidDataError:
        return []


def bench(picture: Any, frame: Any) -> tuple[Any, int, int]:
    """Upright, small enough, at an even pace: (filters, width, height)."""
    turned = frame.rotation % 180 == 90
    wide, high = (frame.height, frame.width) if turned else (frame.width, frame.height)
    shrink = min(1.0, SIDE / max(wide, high))
    width, height = (max(2, int(side * shrink) // 2 * 2) for side in (wide, high))
    turns = {90: ["transpose=cclock"], 180: ["hflip", "vflip"], 270: ["transpose=clock"]}.get(frame.rotation % 360, [])
    graph = av.filter.Graph()
    nodes = [graph.add_buffer(template=picture, width=frame.width, height=frame.height)]
    for step in [f"fps={RATE}", *turns, f"scale={width}:{height}", "format=yuv420p", "buffersink"]:
        name, _, options = step.partition("=")
        nodes.append(graph.add(name, options) if options else graph.add(name))
    graph.link_nodes(*nodes).configure()
    return graph, width, height


def develop(graph: Any, shown: Any, made: Any) -> None:
    while True:
        try:
            frame = graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        frame.pict_type = av.video.frame.PictureType.NONE  # the encoder chooses its own key pictures
        made.mux(shown.encode(frame))


def taken(film: Any) -> str | None:
    """When the phone says it was: ISO 8601."""
    told = film.metadata.get("com.apple.quicktime.creationdate") or film.metadata.get("creation_time") or ""
    try:
        moment = datetime.fromisoformat(told)
        return moment.isoformat() if moment.year > 1990 else None  # many write their clock's zero
    except ValueError:
        return None


def place(film: Any) -> dict[str, float | None]:
    """Where the phone says it was, in degrees (WGS 84)."""
    told = film.metadata.get("com.apple.quicktime.location.ISO6709") or film.metadata.get("location") or ""
    if found := PLACE.match(told):
        lat, lon = float(found[1]), float(found[2])
        if (lat or lon) and abs(lat) <= 90 and abs(lon) <= 180:
            return {"lat": lat, "lon": lon}
    return {"lat": None, "lon": None}


if __name__ == "__main__":
    main()
