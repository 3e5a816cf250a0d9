"""Whatever stands in a quote file, it is read or refused with its places; what is read goes all the way."""

import random
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from simtel.core import data
from simtel.core.problems import BadInput
from simtel.profiles.catalogue import read_devices
from simtel.quotes.arithmetic import check
from simtel.quotes.gaps import gaps
from simtel.quotes.paid import offer
from simtel.quotes.questions import questions
from simtel.quotes.quote import read_quote
from simtel.quotes.readings import reading
from simtel.quotes.to_site import NoSiteError, site_text
from simtel.report.quotes.check import Meant, check_json, render_check

DEVICES = read_devices()
FILES = (data.quotes() / "option-2.yaml", Path(__file__).with_name("sip-pair.yaml"))
ODD: tuple[Any, ...] = (
    None, [], {}, "", "x", -1, 0, 1, 10**9, 10**13, 1.5, True, "24 路", [1], "=cmd|' /C calc'!A0", {"value": 5},
    {"legibility": "unreadable", "print": "20x"}, {"value": 3, "low": 1, "high": 9, "basis": "assumed", "source": "s"},
)  # fmt: skip


def places(node: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    below = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [at, *(place for key, value in below for place in places(value, (*at, key)))]


def broken(content: Any, rng: random.Random) -> str:
    """The file with one value taken out, or another put in its place."""
    found = deepcopy(content)
    *above, last = rng.choice(places(found)[1:])
    node = found
    for step in above:
        node = node[step]
    if rng.random() < 0.25:
        del node[last]
    else:
        node[last] = rng.choice(ODD)
    return str(yaml.dump(found, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_broken_file_is_refused_with_its_places_or_goes_all_the_way(path: Path) -> None:
    content = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    rng = random.Random(path.stem)
    refused = whole = 0
    unplaced = []
    for _ in range(8):
        try:
            quote = read_quote(broken(content, rng).encode(), DEVICES)
        except BadInput as bad:
            unplaced += [problem for problem in bad.problems if not problem.line]
            refused += 1
            continue
        found, taken = check(quote), reading(quote)
        meant = Meant(taken, gaps(quote, taken, DEVICES), questions(quote, found, DEVICES))
        assert render_check(quote, found, meant, "zh")
        assert check_json([(quote, found, meant)])
        offer(quote, taken)
        try:
            assert site_text(quote, taken, DEVICES)
        except (NoSiteError, BadInput):
            continue
        whole += 1
    assert refused
    assert whole
    assert not unplaced


def test_what_looks_like_a_formula_stays_text() -> None:
    text = FILES[1].read_text(encoding="utf-8").replace("UPS", "\"=cmd|' /C calc'!A0 UPS\"")
    quote = read_quote(text.encode(), DEVICES)
    assert quote.lines[5].name["en"] == "=cmd|' /C calc'!A0 UPS"
    assert not [one for one in check(quote).findings if one.wrong]


def test_more_than_a_site_can_have_makes_no_site() -> None:
    text = FILES[0].read_text(encoding="utf-8").replace("quantity: 20\n", "quantity: 20000000\n")
    quote = read_quote(text.encode(), DEVICES)
    with pytest.raises(BadInput, match="20000000 is outside 0 to 10000"):
        site_text(quote, reading(quote), DEVICES)
