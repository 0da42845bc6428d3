"""Videos for the demo: a drawn street as a phone would film it, held by a hand and turned slowly, the same for the same seed.

footage("KEBAKARAN", seed=1)  # the bytes of an MP4 that every browser plays: H.264, 640 x 480, eight seconds, no sound
"""

import io
import math
from random import Random

import av
from PIL import Image, ImageEnhance

from console.demo.photos import photo

WIDTH, HEIGHT, RATE, SECONDS = 640, 480, 12, 8
WINDOW = 0.72  # of the picture is in view; the rest is where the hand may go


def footage(kind: str, seed: int) -> bytes:
    """Flickers where there is a fire."""
    rng = Random(f"footage {kind} {seed}")
    still = Image.open(io.BytesIO(photo(kind, seed))).convert("RGB")
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as made:
        shown = made.add_stream("libx264", rate=RATE, options={"preset": "veryfast", "crf": "27"})
        shown.width, shown.height, shown.pix_fmt, shown.thread_count = WIDTH, HEIGHT, "yuv420p", 1
        for count in range(RATE * SECONDS):
            frame = av.VideoFrame.from_image(_seen(still, count / (RATE * SECONDS), kind == "KEBAKARAN", rng))
            frame.pts = count
            made.mux(shown.encode(frame))
        made.mux(shown.encode(None))
    return buffer.getvalue()


def _seen(still: Image.Image, at: float, burns: bool, rng: Random) -> Image.Image:
    """What is in view at this share of the film."""
    width, height = still.width * WINDOW, still.height * WINDOW
    sway = math.sin(at * math.tau * 3) * 0.04
    left = (still.width - width) * min(1, max(0, 0.5 - 0.45 * math.cos(at * math.tau) + rng.uniform(-0.008, 0.008)))
    top = (still.height - height) * min(1, max(0, 0.5 + sway + rng.uniform(-0.01, 0.01)))
    seen = still.resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR, box=(left, top, left + width, top + height))
    return ImageEnhance.Brightness(seen).enhance(rng.uniform(0.88, 1.12)) if burns else seen
