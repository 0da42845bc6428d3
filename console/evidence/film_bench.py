"""From frames of whatever shape to pictures of one: upright, with square pixels, in the colours of every screen."""

import struct
from pathlib import Path
from typing import Any

import av
from film_light import HLG, PQ, table  # type: ignore[import-not-found]

UNKNOWN, BT709, BT2020 = 2, 1, (9, 10)  # a frame's colorspace (ISO 23091-2)
HIGH = 720  # lines from which colours that nobody named are BT.709
MIRRORED = ("hflip", "vflip", "transpose=cclock_flip", "transpose=clock_flip")  # not every browser does what they ask


class Bench:
    """`side`: the longest one, in pixels; `rate`: pictures a second, 0 for each as it comes. The first frame gives the
    shape: one that comes in another is fitted in, with bars.
    """

    def __init__(self, picture: Any, format: str, side: int, rate: int = 0, even: int = 1) -> None:
        self.size = (0, 0)
        self._picture, self._format, self._side, self._rate, self._even = picture, format, side, rate, even
        self._graph: Any = None
        self._shape: Any = None

    def fit(self, frame: Any) -> None:
        """The shape of all that comes."""
        wide, high = self._upright(frame)
        self.size = self._whole(min(1.0, self._side / max(wide, high)), wide, high)

    def put(self, frame: Any) -> list[Any]:
        """What is ready by now."""
        ready, shape = [], (frame.width, frame.height, frame.format.name, turn_of(frame), frame.color_trc)
        if shape != self._shape:
            ready, self._shape, self._graph = self.end(), shape, None
            self._graph = self._built(frame)
        self._graph.push(frame)
        return ready + self._pulled()

    def end(self) -> list[Any]:
        """What is left in it."""
        if self._graph is None:
            return []
        self._graph.push(None)
        return self._pulled()

    def _pulled(self) -> list[Any]:
        pulled = []
        while True:
            try:
                pulled.append(self._graph.pull())
            except (av.error.BlockingIOError, av.error.EOFError):
                return pulled

    def _built(self, frame: Any) -> Any:
        if self.size == (0, 0):
            self.fit(frame)
        wide, high = self._upright(frame)
        width, height = self._whole(min(self.size[0] / wide, self.size[1] / high), wide, high)
        steps = [f"fps={self._rate}"] if self._rate else []
        steps += [step for step in turn_of(frame).split(",") if step]
        steps += [f"scale={width}:{height}", *colours(frame)]
        if (width, height) != self.size:
            steps.append(f"pad={self.size[0]}:{self.size[1]}:-1:-1")
        graph = av.filter.Graph()
        graph.threads = 1  # there is no other to be had
        source = self._picture
        nodes = [graph.add_buffer(source, frame.width, frame.height, frame.format)]
        for step in [*steps, "setsar=1", f"format={self._format}", "buffersink"]:
            name, _, options = step.partition("=")
            nodes.append(graph.add(name, options) if options else graph.add(name))
        graph.link_nodes(*nodes).configure()
        return graph

    def _upright(self, frame: Any) -> tuple[float, float]:
        """Its sides in square pixels."""
        wide, high = frame.width * float(self._picture.sample_aspect_ratio or 1), float(frame.height)
        return (high, wide) if turn_of(frame).startswith("transpose") else (wide, high)

    def _whole(self, part: float, wide: float, high: float) -> tuple[int, int]:
        width, height = (max(self._even, round(side * part / self._even) * self._even) for side in (wide, high))
        return width, height


def turn_of(frame: Any) -> str:
    """The filters that set it upright, by the matrix that its header tells: x' = ax + cy, y' = bx + dy."""
    told = frame.side_data.get("DISPLAYMATRIX")
    if told is None:
        return ""
    a, b, _, c, d = struct.unpack("=5i", bytes(told)[:20])
    if abs(a) + abs(d) >= abs(b) + abs(c):
        return ",".join(["hflip"] * (a < 0) + ["vflip"] * (d < 0))
    ways = {(1, 0): "cclock", (0, 1): "clock", (0, 0): "cclock_flip", (1, 1): "clock_flip"}
    return f"transpose={ways[int(b < 0), int(c < 0)]}"


def is_bright(frame: Any) -> bool:
    """More light or more colours than a screen has."""
    return frame.color_trc in (PQ, HLG) or frame.colorspace in BT2020


def colours(frame: Any) -> list[str]:
    """Into BT.709; what is brighter than a screen is brought down as an eye would, not cut off."""
    told = "scale=out_color_matrix=bt709:out_range=tv"
    if is_bright(frame):
        light = Path(f"light-{frame.color_trc}.cube")  # beside what is made; a filter reads no other way
        light.write_text(table(frame.color_trc))
        named = "setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv"
        return ["format=gbrp16", f"lut3d=file={light}:interp=tetrahedral", told, "format=yuv444p", named]
    if frame.colorspace == UNKNOWN and frame.height >= HIGH:
        told += ":in_color_matrix=bt709"
    return [told]
