"""What a quote file may hold; what is wrong with it is said all at once, each with its place."""

from pathlib import Path

import pytest

from simtel.core import data
from simtel.core.problems import BadInput
from simtel.core.quantity import Basis
from simtel.core.strict_yaml import load
from simtel.profiles.catalogue import read_devices
from simtel.quotes.amount import Legibility
from simtel.quotes.quote import find_quote, quote_names, quote_schema, read_quote
from tests.scenario.test_schema import valid

DEVICES = read_devices()
HEAD = "simtel: quote/1\nid: q\ntitle: {en: Q}\ncurrency: CNY\nfor: {seats: 20, spans: 2}\n"
LINE = "lines: [{name: {en: a}, unit: set, quantity: 1, price: PRICE, amount: 5}]\n"


def wrong(text: str) -> list[str]:
    with pytest.raises(BadInput) as bad:
        read_quote(text.encode(), DEVICES, "q.yaml")
    return [f"{one.line}:{one.column}: {one.message}" for one in bad.value.problems]


def test_the_shipped_quotes_meet_their_schema() -> None:
    schema = quote_schema()
    assert quote_names() == ["option-1", "option-2", "today"]
    for path in (*data.quotes().glob("*.yaml"), *Path(__file__).parent.glob("*.yaml")):
        content = load(path).data
        assert valid(content, schema), path
        for key in schema["required"]:
            assert not valid({name: value for name, value in content.items() if name != key}, schema), key
        assert not valid(content | {"surprise": 1}, schema)


def test_figures_carry_how_they_can_be_read_and_what_they_rest_on() -> None:
    quote = find_quote("option-2", DEVICES)
    lpt, agents = quote.lines[0].price, quote.lines[7].quantity
    assert lpt is not None
    assert agents is not None
    assert (lpt.value, lpt.legibility, lpt.basis, lpt.print) == (20_000, Legibility.READ, Basis.QUOTED, "201*0")
    assert (agents.value, agents.legibility, agents.print) == (10, Legibility.PRINTED, "")
    assert quote.lines[3].quantity is None
    owned = {one.id: one.quantity for one in quote.owned}["core-channels"]
    assert (owned.basis, owned.ends) == (Basis.ASSUMED, (0, 30))


@pytest.mark.parametrize(
    ("price", "said"),
    [
        ("{value: 5, legibility: read}", "5:60: what is read has a 'print': what can be seen of it"),
        ("{legibility: read, print: '5'}", "key 'value' is missing"),
        ("{value: 5, legibility: unreadable}", "what is unreadable has no value"),
        ("{value: 6, legibility: read, print: '5?'}", "6 cannot be what '5?' stands for"),
        ("{value: 5, basis: assumed, source: x}", "an assumed figure needs a range"),
        ("{value: 5, basis: assumed, low: 1, high: 9}", "key 'source' is missing"),
        ("{value: 5, basis: assumed, low: 6, high: 9, source: x}", "is not within its range, 6 to 9"),
        ("{value: 5, basis: assumed, low: 5, high: 5, source: x}", "is a range of one value"),
        ("{value: 5, low: 1, high: 9}", "a range belongs to an assumed or an unreadable figure only"),
        ("{legibility: unreadable, low: 1}", "a range has both 'low' and 'high'"),
        ("{value: five}", "'five' is no number"),
        ("{value: '1e30'}", "1e+30 is outside -1000000000000 to 1000000000000"),
        ("{value: 'NaN'}", "'NaN' is no number"),
        ("{value: '٣'}", "'٣' is no number"),
        ("{value: 0.1234567}", "0.1234567 has more than 6 digits after the point"),
        ("{value: true}", "is true where a number is due"),
        ("[1]", "is a list where a number is due"),
        ("true", "is true where a number is due"),
        ("{value: 5, currency: YEN}", "is the text 'YEN' where one of these is due"),
        ("{valeu: 5}", "unknown key 'valeu'"),
    ],
)
def test_a_figure_that_cannot_be_is_refused(price: str, said: str) -> None:
    found = wrong(HEAD + LINE.replace("PRICE", price))
    assert any(said.split(": ", 1)[-1] in one for one in found), found
    assert all(one.startswith("6:") for one in found), found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lines: []\nowned: [{id: a, part: modem, quantity: 1, use: kept}]\n", "7:23: there is no device profile"),
        ("lines: [{name: {en: a}, part: ip-fone}]\n", "6:31: there is no device profile 'ip-fone'"),
        ("lines: [{name: {}}]\n", "6:10: says nothing in 'en' or in 'zh'"),
        ("lines: [{name: {en: a}, section: b}]\n", "6:34: there is no section 'b'"),
        ("lines: []\nmasks: {'201*': 20yy}\n", "7:17: '20yy' is not digits"),
        ("lines: []\ndate: '2026-13-01'\n", "7:7: '2026-13-01' is not a date"),
        ("lines: []\nvendor: Li, 13812345678\n", "7:9: holds what looks like a telephone number"),
        ("lines: []\nterms: {delivery: {en: 'call 010-12345678'}}\n", "7:24: holds what looks like a telephone number"),
        (
            "lines: []\nowned: [{id: a, part: headset, quantity: 24 路, use: kept}]\n",
            "7:42: what is owned has a number",
        ),
    ],
)
def test_what_does_not_go_together_is_said_with_its_place(text: str, said: str) -> None:
    assert [one[: len(said)] for one in wrong(HEAD + text)] == [said]


AXIS = """lines: []
owned: [{id: box, part: headset, quantity: 1, use: kept}]
readings:
  - axis: a
    question: {en: Q, zh: 问}
    requirement: [R1]
    alternatives:
      - {name: one, says: {en: x, zh: 一}, means: {spans: one-each, owned: [box]}}
      - {name: two, says: {en: y, zh: 二}, means: {spans: all-on-first}}
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("name: two", "name: one", "14:16: 'one' is given twice"),
        ("[box]", "[bxo]", "13:76: nothing that is owned is called 'bxo'"),
        ("{spans: all-on-first}", "{spans: one-each, owned: [box]}", "14:43: means the same as another alternative"),
        ("{spans: all-on-first}", "{offer: cut}", "14:58: an offer to reckon with has a value"),
        ("{spans: all-on-first}", "{spans: somewhere}", "14:58: is the text 'somewhere' where one of these is due"),
    ],
)
def test_readings_name_what_is_there_and_differ(old: str, new: str, said: str) -> None:
    assert read_quote((HEAD + AXIS).encode(), DEVICES).axes[0].alternatives[0].effect.owned == ("box",)
    found = wrong(HEAD + AXIS.replace(old, new))
    assert [one[: len(said)] for one in found] == [said]


def test_two_axes_do_not_decide_the_same() -> None:
    other = AXIS.partition("readings:\n")[2].replace("axis: a", "axis: b")
    found = wrong(HEAD + AXIS + other)
    assert [one.partition(": ")[2] for one in found] == ["'spans' is decided by another axis already"] * 2


def test_an_unknown_name_is_answered_with_what_there_is() -> None:
    with pytest.raises(BadInput, match="did you mean 'option-1'"):
        find_quote("option1", DEVICES)
    with pytest.raises(BadInput, match="shipped are option-1, option-2, today"):
        find_quote("zzz", DEVICES)
