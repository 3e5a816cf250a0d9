"""Panels with axes: what lies where."""

import re

import pytest

from simtel.report.axes import WIDTH, Panel, high
from simtel.report.both import both
from simtel.report.svg import Drawing


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_a_drawing_ends_below_the_names_of_its_last_axes(rows: int) -> None:
    """So that what follows, the legend, stands close to them and not on them."""
    name = both("service level")
    pic = Drawing(WIDTH, high(rows), name)
    Panel(pic, 2 * rows - 1, name, 10.0, 1.0).axes(name, 5.0, str, str)
    lowest = max(float(y) for y in re.findall(r'<text[^>]* y="([0-9.]+)"', pic.markup()))
    assert 8 <= high(rows) - lowest <= 12
