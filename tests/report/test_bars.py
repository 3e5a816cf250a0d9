"""The tornado of sizes and of quotes: bars begin where the figures are as they are, and no text lies on another."""

from itertools import combinations

import pytest

from simtel.report.bars import WIDTH, Row, tornado
from simtel.report.svg import Bit, Drawing, width_of

LONG = {"en": "a figure whose name is long, and longer still than most are", "zh": "名称很长的数值项"}
ROWS = [
    Row(LONG, 0.2, -0.4, "1,000,000 h", "CNY 1,000,000 a month"), Row({"en": "b", "zh": "乙"}, -0.1, 0.3, "2", "3"),
    Row({"en": "c", "zh": "丙"}, 0.1, 0.1, "4", "5"),
]  # fmt: skip


def box(bit: Bit) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a text."""
    wide, (x, y) = width_of(bit.words), bit.at
    left = {"start": x, "middle": x - wide / 2, "end": x - wide}[bit.anchor]
    return left, y - 9, left + wide, y + 2


def texts(pic: Drawing) -> list[Bit]:
    return [bit for bit in pic.bits if not bit.path]


@pytest.mark.parametrize("level", [None, {"en": "level", "zh": "持平"}])
@pytest.mark.parametrize("count", [1, 3, 10])
def test_no_text_lies_on_another_and_all_are_in_the_picture(count: int, level: dict[str, str] | None) -> None:
    pic = tornado({"en": "title", "zh": "标题"}, (ROWS * 4)[:count], 0.1, level)
    boxes = [box(bit) for bit in texts(pic)]
    for (a, b, c, d), (e, f, g, h) in combinations(boxes, 2):
        assert c <= e or g <= a or d <= f or h <= b
    assert all(a >= 0 and c <= WIDTH and b >= 0 and d <= pic.height for a, b, c, d in boxes)


def test_bars_go_from_the_middle_to_the_ends_of_a_figure() -> None:
    pic = tornado({"en": "t", "zh": "t"}, ROWS, 0.1)
    kinds = [bit.kind for bit in pic.bits if bit.path]
    assert kinds.count("end-low") == 3  # two rows move with it, and the legend
    assert kinds.count("end-high") == 3
    assert "chosen" in kinds
    said = [bit.words for bit in texts(pic)]
    assert "4" not in said  # a figure that moves nothing has no bar and no ends
    assert said.index("CNY 1,000,000 a month") < said.index("1,000,000 h")  # to the left of the middle, to the right
