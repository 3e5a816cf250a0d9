import pytest

from simtel.profiles.catalogue import read_devices
from simtel.quotes.parts import part_of
from simtel.quotes.quote import find_quote

DEVICES = read_devices()


def test_every_line_of_the_shipped_quotes_is_known_by_its_words_in_either_language() -> None:
    for name in ("option-1", "option-2"):
        for line in find_quote(name, DEVICES).lines:
            assert {part_of(text, DEVICES) for text in line.name.values()} == {line.part}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("软交换服务器", "lts-2000"),
        ("ＬＰＴ－2000－ＤＳ 多媒体平台", "lpt-2000-ds"),  # full-width letters
        ("IP video phone", "ip-video-phone"),  # and no IP phone
        ("网管工作站", "management-station"),
        ("安装调试", ""),
        ("", ""),
        ("SMG-4, TAU-72.IP", "eltex-tau-72"),
        ("录音 外拨", ""),  # either, and equally well
    ],
)
def test_words_mean_one_part_or_none(text: str, part: str) -> None:
    assert part_of(text, DEVICES) == part
