"""Chromium prints the page for who decides, and poppler reads what is on its sides: in both languages, two for the
summary, nothing cut off, no sign that a font lacks.

Needs chromium, pdftotext and a Chinese font; .ci/run installs them.
"""

import re
import subprocess
from pathlib import Path

import pytest

from simtel.core import data
from simtel.core.problems import BadInput
from simtel.report.quotes import pdf as printing
from simtel.report.quotes.pdf import pdf
from simtel.report.quotes.summary import summary_page
from simtel.scenario.collect import collect
from tests.report.quotes.compared import made, offers

WORDS = {
    "en": ("Options at 20 seats", "What may turn it, and what to ask", "Annex", "Acceptance test", "CNY 166,400"),
    "zh": ("各方案对照", "什么会使结论改变", "附录", "验收测试", "16.64 万元"),
}
HAN = r"[\u4e00-\u9fff]"
pytestmark = pytest.mark.timeout(240)


def sides(path: Path) -> list[str]:
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True)
    return done.stdout.split("\f")[:-1]


def page_in(page: str, lang: str) -> str:
    """What of a page is shown in one language."""
    other = "zh" if lang == "en" else "en"
    head, *sides = re.split(r'(?=<div lang="(?:en|zh)">)', page)
    page = "".join([head, *(side for side in sides if side.startswith(f'<div lang="{lang}">'))])
    hidden = rf'<style>.*?</style>|<nav>.*?</nav>|<(tspan|span) lang="{other}">.*?</\1>|<svg[^>]*>'
    return re.sub(hidden, "", page, flags=re.DOTALL)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_side_of_the_page_is_printed(tmp_path: Path, lang: str) -> None:
    path = tmp_path / "offers.pdf"
    page = summary_page(made(), offers(), collect([data.scenarios()]), lang)
    path.write_bytes(pdf(page))
    found = sides(path)
    first, second, annex, acceptance, money = WORDS[lang]
    assert first in found[0]
    assert money in re.sub(r"\s+", " ", found[0])
    assert second in found[1]
    assert annex in found[2]
    assert any(acceptance in side for side in found[3:])
    for number, side in enumerate(found, 1):
        assert re.search(rf"{number} / {len(found)}\s*$", side), number
    assert "\N{REPLACEMENT CHARACTER}" not in "".join(found)
    fonts = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert fonts
    assert {line.split()[-5] for line in fonts} == {"yes"}  # each is in the file
    # What a font has no glyph for is printed as a box, and nothing can be read from that.
    assert {*re.findall(HAN, page_in(page, lang))} <= {*re.findall(HAN, "".join(found))}


def test_without_a_browser_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(BadInput, match="a PDF needs Chromium"):
        pdf("<p>")


def test_a_browser_that_prints_nothing_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\necho broken >&2\n")
    broken.chmod(0o755)
    monkeypatch.setattr(printing, "browser", lambda: str(broken))
    with pytest.raises(BadInput, match="printed no PDF: broken"):
        pdf("<p>")
