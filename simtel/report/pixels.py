"""Pictures as PNG files, for documents that hold no page: the same parts as in the page, coloured by its style sheet.

matplotlib draws them, and is loaded only here. A picture speaks one language. Chinese needs a Chinese font on the
machine where the report is made; without one the picture is in English, and `speaks` says so beforehand.
"""

import io
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Literal

from simtel.core.i18n import pick
from simtel.report.sheet import look
from simtel.report.svg import Bit, Drawing
from simtel.report.words import plain

if TYPE_CHECKING:
    from matplotlib.path import Path as Outline

SCALE = 2  # pixels for each unit of the picture
TOP = 54  # units above it for its title
FONTS = {
    "en": ("Noto Sans", "DejaVu Sans"),
    "zh": ("Noto Sans CJK SC", "Noto Sans CJK JP", "Source Han Sans SC", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei",
           "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "SimHei", "Arial Unicode MS"),
}  # fmt: skip
_SIDES: dict[str, Literal["left", "center", "right"]] = {"start": "left", "middle": "center", "end": "right"}
_STEP = re.compile(r"([MLHVhvlz])([^MLHVhvlz]*)")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def png(drawing: Drawing, lang: str = "en", about: Callable[[str], tuple[str, str]] = lambda _: ("", "")) -> bytes:
    """The picture in one language, twice as large as its units, under a title and a line that say what it is about, by
    `about` told in the language that it is drawn in (`speaks`). A letter that no font here has is an empty box."""
    from matplotlib.figure import Figure  # noqa: PLC0415  (only who draws pays for it)
    from matplotlib.patches import PathPatch  # noqa: PLC0415
    from matplotlib.patheffects import withStroke  # noqa: PLC0415
    from matplotlib.text import Text  # noqa: PLC0415
    from matplotlib.transforms import Affine2D  # noqa: PLC0415

    lang = speaks(lang)
    title, line = about(lang)
    dpi = 100
    height = drawing.height + TOP
    figure = Figure(figsize=(drawing.width * SCALE / dpi, height * SCALE / dpi), dpi=dpi, facecolor="white")
    place = Affine2D().scale(SCALE, -SCALE).translate(0, drawing.height * SCALE)
    label = drawing.label if isinstance(drawing.label, str) else pick(drawing.label, lang)
    head = [Bit("title", words=title, at=(12, 22 - TOP)),
            Bit("tick", words=f"{label} · {line}", at=(12, 40 - TOP))]  # fmt: skip
    for bit in (*head, *drawing.bits):
        style = look(bit.kind, is_text=not bit.path)
        if bit.path:
            width = float(style.get("stroke-width", bit.stroke or 1)) * SCALE * 72 / dpi
            dashes = [float(part) * 72 / dpi * SCALE for part in style.get("stroke-dasharray", "").split()]
            figure.add_artist(PathPatch(
                outline(bit.path), facecolor=style.get("fill", "none"), edgecolor=style.get("stroke", "none"),
                linewidth=width if "stroke" in style else 0, alpha=float(style.get("opacity", 1)),
                linestyle=(0, [part / width for part in dashes]) if dashes else "-", capstyle="butt",
                joinstyle="miter", transform=place,
            ))  # fmt: skip
        else:
            words = bit.words if isinstance(bit.words, str) else pick(bit.words, lang)
            size = float(style.get("font-size", "12px").removesuffix("px")) * SCALE * 72 / dpi
            halo = float(style.get("stroke-width", "0").removesuffix("px")) * SCALE * 72 / dpi
            effects = [withStroke(linewidth=halo, foreground=style["stroke"])] if halo else None
            bold = int(style.get("font-weight", 400)) > 500
            figure.add_artist(Text(
                *bit.at, plain(words), color=style.get("fill", "black"), fontsize=size, fontfamily=_fonts(lang),
                fontweight="bold" if bold else "normal", verticalalignment="baseline", parse_math=False,
                horizontalalignment=_SIDES[bit.anchor], transform=place, path_effects=effects,
            ))  # fmt: skip
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"Glyph \d+", UserWarning)
        figure.savefig(out, format="png", metadata={"Software": "simtel"}, pil_kwargs={"compress_level": 3})
    return out.getvalue()


def speaks(lang: str) -> str:
    """The language that pictures can be drawn in on this machine: `lang`, or English where its letters are lacking."""
    return lang if lang == "en" or _fonts(lang)[0] in FONTS[lang] else "en"


@cache
def _fonts(lang: str) -> tuple[str, ...]:
    """The font of a language that is there, then those for names in other letters: Chinese, and what comes with
    matplotlib."""
    from matplotlib.font_manager import findSystemFonts, fontManager  # noqa: PLC0415

    there = {font.name for font in fontManager.ttflist}
    if there.isdisjoint(FONTS["zh"]):  # installed since matplotlib listed what there is
        for path in set(findSystemFonts()) - {font.fname for font in fontManager.ttflist}:
            with suppress(RuntimeError):  # no font that it can read
                fontManager.addfont(path)
        there = {font.name for font in fontManager.ttflist}
    found = [name for one in (lang, "zh") for name in [name for name in FONTS[one] if name in there][:1]]
    return tuple(dict.fromkeys((*found, "DejaVu Sans")))


def outline(path: str) -> "Outline":
    """A path in SVG's letters, as far as pictures use them, as matplotlib has it."""
    from matplotlib.path import Path as Outline  # noqa: PLC0415

    points = list(_points(path))
    return Outline([point for _, point in points], [code for code, _ in points])


def _points(path: str) -> Iterator[tuple[int, tuple[float, float]]]:
    move, line, close = 1, 2, 79  # matplotlib's codes
    x = y = left = top = 0.0
    for letter, rest in _STEP.findall(path):
        numbers = [float(found) for found in _NUMBER.findall(rest)]
        if letter in "ML":
            for x, y in zip(numbers[::2], numbers[1::2], strict=True):
                yield move if letter == "M" else line, (x, y)
            left, top = (x, y) if letter == "M" else (left, top)
        elif letter == "z":
            x, y = left, top
            yield close, (x, y)
        else:
            for dx, dy in _moves(letter, numbers, x, y):
                x, y = x + dx, y + dy
                yield line, (x, y)


def _moves(letter: str, numbers: list[float], x: float, y: float) -> list[tuple[float, float]]:
    """What one letter with its numbers adds to a point."""
    if letter in "HV":
        return [(numbers[-1] - x, 0.0) if letter == "H" else (0.0, numbers[-1] - y)]
    if letter == "l":
        return list(zip(numbers[::2], numbers[1::2], strict=True))
    return [(number, 0.0) if letter == "h" else (0.0, number) for number in numbers]
