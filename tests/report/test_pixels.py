"""PNG files show what the page shows: same places, same colours, and a language that the machine has letters for."""

import io
import re
import subprocess
import sys

import pytest
from matplotlib.image import imread

from simtel.report import pixels
from simtel.report.pixels import SCALE, TOP, outline, png
from simtel.report.sheet import look
from simtel.report.svg import Drawing
from tests.report.test_history import charts, sample


def colour(image: object, x: float, y: float) -> tuple[int, ...]:
    row, column = round((y + TOP) * SCALE), round(x * SCALE)
    return tuple(round(float(part) * 255) for part in image[row][column][:3])  # type: ignore[index]


def test_parts_stand_in_their_place_in_the_colours_of_the_sheet() -> None:
    pic = Drawing(200, 100, "x")
    pic.rect(10, 20, 30, 40, "cell-faulty")
    pic.bars("M100 50H150", 10, "slot kept")
    image = imread(io.BytesIO(png(pic)))
    assert image.shape[:2] == ((100 + TOP) * SCALE, 200 * SCALE)
    assert colour(image, 25, 40) == (0xC4, 0x3C, 0x00)
    assert colour(image, 125, 47) == (0x00, 0x72, 0xB2)
    assert colour(image, 125, 58) == (255, 255, 255)
    assert colour(image, 5, 5) == (255, 255, 255)


def test_rules_of_the_sheet() -> None:
    assert look("bar slot kept", is_text=False)["stroke"] == "#0072b2"
    assert look("bar slot cut", is_text=False)["stroke"] == "#c43c00"
    assert look("tick", is_text=True) == {"font-size": "11px", "fill": "#5b6773"}
    assert look("", is_text=True)["font-size"] == "12px"
    assert look("believed", is_text=False)["stroke-dasharray"] == "4 3"


def test_every_class_of_every_picture_has_a_look() -> None:
    for keeps in (True, False):
        log = sample.log(keeps)
        for pic in (charts.timeline(log, 0, sample.END), charts.timeslots(log), charts.seats(log)):
            assert pic is not None
            for bit in pic.bits:
                style = look(bit.kind, is_text=not bit.path)
                assert style.get("fill") or style.get("stroke"), bit.kind


@pytest.mark.parametrize(
    ("path", "points"),
    [("M1 2H5V6", [(1, 2), (5, 2), (5, 6)]), ("M1 2h3v-4", [(1, 2), (4, 2), (4, -2)]),
     ("M1 2l3 4l-1 -1z", [(1, 2), (4, 6), (3, 5), (1, 2)]), ("M1 2L3 4M9 9v1", [(1, 2), (3, 4), (9, 9), (9, 10)]),
     ("M0 0l-5 9h10z", [(0, 0), (-5, 9), (5, 9), (0, 0)])],
)  # fmt: skip
def test_outlines(path: str, points: list[tuple[float, float]]) -> None:
    assert outline(path).vertices.tolist() == [list(map(float, point)) for point in points]


def test_without_a_chinese_font_a_picture_is_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    pic = Drawing(300, 40)
    pic.text(10, 20, {"en": "alarm", "zh": "告警"})
    english = png(pic, "en")
    monkeypatch.setitem(pixels.FONTS, "zh", ("No Such Font",))
    pixels._fonts.cache_clear()
    try:
        assert pixels.speaks("zh") == "en"
        assert png(pic, "zh") == english
        told = png(pic, "zh", lambda lang: (lang, "线路"))  # letters that no font has are boxes, and no failure
        assert told == png(pic, "en", lambda _: ("en", "线路"))
    finally:
        pixels._fonts.cache_clear()


def test_the_title_says_what_it_is_about() -> None:
    pic = Drawing(300, 40)
    assert png(pic, "en", lambda _: ("A title", "a site")) != png(pic, "en", lambda _: ("Another", "a site"))


def test_matplotlib_is_loaded_by_who_draws_alone() -> None:
    code = "import sys, simtel.cli.run, simtel.report.html; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_text_cannot_hold_a_formula_or_move_a_cursor() -> None:
    pic = Drawing(300, 40)
    pic.text(10, 20, "$\\frac{$ \x1b[2J")
    assert re.match(b"\x89PNG", png(pic))
