"""Type on a picture: the embedded font in every size, drawn as letters or, on a sketch, as grey words."""

from functools import lru_cache
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

# Below this size letters cannot be told apart: a word is drawn as the grey that its letters would give.
_LEGIBLE = 8.0
_COVERAGE = 0.18
_SHEET = 232


Align = Literal["left", "middle", "right"]


@lru_cache(maxsize=64)
def font(size: int) -> ImageFont.FreeTypeFont:
    """The font that Pillow carries, in `size` pixels, with the plain layout (no shaping is needed)."""
    found = ImageFont.load_default(size)
    if not isinstance(found, ImageFont.FreeTypeFont):
        raise TypeError("this Pillow was built without FreeType; the sandbox cannot draw its documents")
    return found.font_variant(layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=8192)
def _units(word: str) -> float:
    return font(100).getlength(word) / 100


class Ink:
    """Draws in the coordinates of the full-size picture on a picture that is `scale` times as large."""

    def __init__(self, picture: Image.Image, scale: float) -> None:
        self._draw = ImageDraw.Draw(picture)
        self._scale = scale

    @property
    def sketching(self) -> bool:
        """Whether the picture is too small for fine detail."""
        return self._scale < 0.5

    def box(self, left: float, top: float, right: float, bottom: float, grey: int) -> None:
        """A filled rectangle."""
        scale = self._scale
        x, y = left * scale, top * scale
        wide, high = (right - left) * scale, (bottom - top) * scale
        share = min(1.0, wide) * min(1.0, high)
        tone = round(grey * share + _SHEET * (1 - share))
        self._draw.rectangle((x, y, max(x, x + wide - 1), max(y, y + high - 1)), fill=tone)

    def disc(self, x: float, y: float, radius: float, grey: int) -> None:
        """A filled circle around (x, y)."""
        scale = self._scale
        around = ((x - radius) * scale, (y - radius) * scale, (x + radius) * scale, (y + radius) * scale)
        self._draw.ellipse(around, fill=grey)

    def shape(self, corners: list[tuple[float, float]], grey: int) -> None:
        """A filled polygon."""
        self._draw.polygon([(x * self._scale, y * self._scale) for x, y in corners], fill=grey)

    def text(
        self, x: float, y: float, words: str, size: float, *, grey: int = 30, align: Align = "left"
    ) -> None:
        """One line of ASCII whose top is `y`; `align` says which part of it stands at `x`."""
        if not words:
            return
        length = _units(words) * size
        left = x - {"left": 0.0, "middle": length / 2, "right": length}[align]
        scale = self._scale
        if size * scale >= _LEGIBLE:
            self._draw.text((left * scale, y * scale), words, fill=grey, font=font(round(size * scale)))
            return
        tone = round(grey * _COVERAGE + _SHEET * (1 - _COVERAGE))
        top, bottom = (y + size * 0.28) * scale, (y + size * 1.0) * scale
        self._draw.rectangle((left * scale, top, (left + length) * scale, bottom), fill=tone)
