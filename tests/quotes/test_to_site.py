"""A quote on a reading is the site that it buys: the shipped sites of the two options, and what changes with a line."""

import re
from pathlib import Path

import pytest

from simtel.core.i18n import said_by
from simtel.core.problems import BadInput
from simtel.core.quantity import Quantity
from simtel.profiles.catalogue import find_site, read_devices
from simtel.profiles.resolve import resolve
from simtel.profiles.site import Site, read_site
from simtel.profiles.spec import SiteSpec
from simtel.quotes.gaps import gaps
from simtel.quotes.options import counts
from simtel.quotes.quote import Quote, find_quote, read_quote
from simtel.quotes.readings import reading, readings
from simtel.quotes.to_site import NoSiteError, needed, site_text

DEVICES = read_devices()
HERE = Path(__file__).parent


def site(quote: Quote, *words: str) -> Site:
    return read_site(site_text(quote, reading(quote, words), DEVICES).encode(), DEVICES, "site.yaml")


def changed(name: str, *pairs: tuple[str, str]) -> Quote:
    """A shipped quote with some of its text changed, without the columns that are printed without gaps."""
    text = re.sub(r"runs:\n(  .*\n)+", "", Path(find_quote(name, DEVICES).path).read_text(encoding="utf-8"))
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return read_quote(text.encode(), DEVICES)


def told(spec: SiteSpec) -> dict[str, object]:
    """Everything of a site but its name, its hash and the words for where a figure comes from."""
    figures = {
        path: (given.stated.value, given.stated.basis, given.stated.low, given.stated.high, given.stated.alternatives)
        if isinstance(given.stated, Quantity) else None
        for path, given in spec.figures.items()
    }  # fmt: skip
    return {"layout": spec.layout, "licences": spec.licences, "profiles": spec.profiles, "seats": spec.seats,
            "requirement": spec.requirement} | figures  # fmt: skip


@pytest.mark.parametrize(
    ("quote", "word", "shipped"),
    [
        ("option-1", "call-server-and-gateway", "as-quoted-one-e1-each"),
        ("option-1", "both-on-active", "as-quoted-two-e1-active"),
        ("option-1", "gateways", "as-quoted-gateways-only"),
        ("option-2", "added-to-owned", "option-2-added"),
        ("option-2", "all-there-is", "option-2-all-there-is"),
        ("today", "trunks", "today"),
    ],
)
def test_a_reading_is_the_shipped_site_of_that_reading(quote: str, word: str, shipped: str) -> None:
    made, known = site(find_quote(quote, DEVICES), word), find_site(shipped, DEVICES)
    assert made.data["growth"] == known.data["growth"]
    for seats in (None, 60, 100):
        assert told(resolve(made, seats)) == told(resolve(known, seats))


def test_every_reading_makes_a_site_of_its_own_name_or_says_why_not() -> None:
    quote = find_quote("option-2", DEVICES)
    ids = set()
    for taken in readings(quote):
        if taken.effect.platforms == "servers":
            with pytest.raises(NoSiteError) as none:
                site_text(quote, taken, DEVICES)
            assert said_by(none.value) == "there are E1 modules, and no gateway to put them in"
        else:
            ids.add(read_site(site_text(quote, taken, DEVICES).encode(), DEVICES, "x").id)
    assert len(ids) == 32
    assert min(ids, key=len) == "option-2"


def test_figures_name_the_line_that_they_come_from() -> None:
    made = resolve(site(find_quote("option-2", DEVICES), "added-to-owned"))
    stated = made.figures["licences.agent"].stated
    assert isinstance(stated, Quantity)
    assert (stated.value, stated.low, stated.high, str(stated.basis)) == (20, 10, 20, "assumed")
    assert stated.source.startswith("quote option-2, line 8: 10 路, printed; ")


def test_boxes_of_their_own_stand_alone_and_are_not_limited_by_licences_that_nobody_sells() -> None:
    quote = read_quote(HERE / "sip-pair.yaml", DEVICES)
    made, drawn = resolve(site(quote)), resolve(find_site("proposal-as-drawn", DEVICES))
    assert made.layout == drawn.layout
    assert {role: made.profiles[role] for role in ("servers", "gateways", "phones")} == {
        "servers": "lts-2000", "gateways": "lts-1000t", "phones": "ip-phone",
    }  # fmt: skip
    assert made.licences == {"core-channel": 60, "agent": 20, "recording": 30}
    assert [str(made.figures[f"licences.{name}"].stated.basis) for name in made.licences] == [  # type: ignore[union-attr]
        "assumed", "assumed", "quoted",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "differs"),
    [
        ("    part: e1-module-1\n    unit: 块\n    quantity: 2", "    part: e1-module-1\n    unit: 块\n    quantity: 1",
         {"layout"}),
        ("    part: adapter-24\n    unit: 台\n    quantity: 1", "    part: adapter-24\n    unit: 台\n    quantity: 2",
         {"layout"}),
        ("    part: licence-recording\n    unit: 路\n    quantity: 20",
         "    part: licence-recording\n    unit: 路\n    quantity: 10", {"licences", "licences.recording"}),
        ("    price: 45000", "    price: 90000", set()),
        ("offer: 250000", "offer: 125000", set()),
    ],
)  # fmt: skip
def test_a_change_of_one_line_changes_what_it_must_and_no_more(old: str, new: str, differs: set[str]) -> None:
    before, after = (told(resolve(site(one))) for one in (changed("option-1"), changed("option-1", (old, new))))
    assert {key for key in before if before[key] != after[key]} == differs
    assert before.keys() == after.keys()


def test_fewer_modules_are_fewer_spans_and_a_second_adapter_is_a_second_board() -> None:
    module = "    part: e1-module-1\n    unit: 块\n    quantity: "
    adapter = "    part: adapter-24\n    unit: 台\n    quantity: "
    assert resolve(site(changed("option-1", (module + "2", module + "1")))).layout.spans == (1, 0)
    assert resolve(site(changed("option-1", (adapter + "1", adapter + "2")))).layout.boards == 2


def test_a_line_in_two_halves_is_the_same() -> None:
    quote = changed("option-1")
    half = "    part: licence-agent\n    unit: 路\n    quantity: 10\n    price: 2000\n    amount: 20000\n"
    whole = ('    part: licence-agent\n    unit: 路\n    quantity: 20\n    price: {value: 2000, legibility: read, '
             'print: "201*"}\n    amount: 40000\n')  # fmt: skip
    split = changed(
        "option-1",
        (whole,
         half + '    brand: DSCOM\n  - name: {en: "Agent module (licence)", zh: 坐席模块（授权）}\n' + half),
    )  # fmt: skip
    assert told(resolve(site(split))) == told(resolve(site(quote)))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    part: lpt-2000-ds\n    unit: 台\n    quantity: 2", "    part: lpt-2000-ds\n    unit: 台",
         "no call server is bought or owned"),
        ("    part: e1-module-1\n    unit: 块\n    quantity: 2", "    part: e1-module-1\n    unit: 块",
         "no E1 gateway and no E1 module is bought or owned"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_made_up(old: str, new: str, said: str) -> None:
    with pytest.raises(NoSiteError) as none:
        site(changed("option-1", (old, new)))
    assert said_by(none.value) == said


@pytest.mark.parametrize(
    ("new", "said"),
    [("'2 台'", "cannot be read: write a number"), ("1.5", "1.5 of lpt-2000-ds is no number of pieces")],
)
def test_a_number_that_is_none_of_pieces_makes_no_site(new: str, said: str) -> None:
    old = "    part: lpt-2000-ds\n    unit: 台\n    quantity: "
    with pytest.raises(BadInput, match=said):
        site(changed("option-1", (f"{old}2", f"{old}{new}")))


MIXED = """simtel: quote/1
id: mixed
title: {en: Mixed}
currency: CNY
for: {seats: 40, at_most: 100, spans: 2}
lines:
  - {name: {en: Server}, part: lpt-2000-ds, quantity: 2, price: 9}
  - {name: {en: E1}, part: e1-module-1, quantity: 2, price: 9}
  - {name: {en: IP telephone}, part: ip-phone, quantity: IP, price: 9}
  - {name: {en: Analog set}, part: analog-console, quantity: SETS, price: 9}
  - {name: {en: Headset}, part: headset, quantity: 2, price: 9}
  - {name: {en: Adapter}, part: adapter-24, quantity: BOARDS, price: 9}
totals: {offer: 99}
"""


def mixed(ip: int, sets: int, boards: int) -> Quote:
    words = {"IP,": f"{ip},", "SETS": str(sets), "BOARDS": str(boards)}
    text = MIXED
    for word, number in words.items():
        text = text.replace(f"quantity: {word}", f"quantity: {number}")
    return read_quote(text.encode(), DEVICES, "mixed.yaml")


@pytest.mark.parametrize(
    ("ip", "sets", "boards", "over_ip", "lacking"),
    [
        (20, 18, 1, 20, {}),  # two seats have a headset
        (20, 10, 1, 20, {"analog-console": 8}),
        (20, 0, 1, 20, {"headset": 18}),
        (40, 5, 1, 0, {}),  # every seat has an IP telephone: the board stands in no way
        (10, 28, 0, 0, {"ip-phone": 30}),  # sets without a board are of no use
        (0, 40, 2, 0, {}),
    ],
)
def test_each_telephone_that_is_bought_serves_a_seat(
    ip: int, sets: int, boards: int, over_ip: int, lacking: dict[str, int]
) -> None:
    quote = mixed(ip, sets, boards)
    made = resolve(site(quote))
    needs = needed(quote, reading(quote), DEVICES)
    assert {part: number for part, number in needs.items() if part not in ("softphone-pc", "lan-switch")} == lacking
    assert made.layout.ip_seats == over_ip
    assert made.layout.phone == ("ip" if ip in (10, 40) else "board")
    assert made.layout.boards == (0 if ip in (10, 40) else boards)
    ports = [gap.lacks for gap in gaps(quote, reading(quote), DEVICES) if gap.code == "adapter-short"]
    assert ports == ([2] if not boards else []), "the check of the quote counts as the site does"


def test_telephones_of_both_kinds_grow_in_their_share() -> None:
    made = resolve(site(mixed(20, 20, 1)), 100, "grown")
    found = counts(made)
    assert (found["ip-phone"], found["analog-console"], found["adapter-24"]) == (50, 50, 3)
