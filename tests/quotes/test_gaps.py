"""What a quote lacks, by requirement, and what to ask about it."""

from decimal import Decimal
from pathlib import Path

import pytest

from simtel.profiles.catalogue import read_devices
from simtel.quotes.arithmetic import check
from simtel.quotes.gaps import Gap, gaps
from simtel.quotes.questions import Question, questions
from simtel.quotes.quote import Quote, find_quote, read_quote
from simtel.quotes.readings import reading
from simtel.quotes.trial import Met
from simtel.verdict.outcome import Outcome
from tests.quotes.test_to_site import changed

DEVICES = read_devices()
HERE = Path(__file__).parent


def lacking(quote: Quote, *words: str) -> dict[str, Gap]:
    return {gap.code: gap for gap in gaps(quote, reading(quote, words), DEVICES)}


def asked(quote: Quote) -> list[Question]:
    return list(questions(quote, check(quote), DEVICES))


def test_what_option_1_lacks_on_any_reading() -> None:
    found = lacking(find_quote("option-1", DEVICES))
    for code, requirement, cost in (
        ("no-headsets", ("R3", "R8"), 6_000), ("one-adapter", ("R3", "R6"), 26_000), ("no-loop-trunk", ("R6",), 6_000),
        ("crm-unprotected", ("R9",), None), ("no-lts-1000t", ("R5",), None), ("recording-bare", ("R11",), None),
        ("no-outbound", ("R12",), None), ("no-standard", ("R17",), None), ("term-delivery", (), None),
    ):  # fmt: skip
        gap = found[code]
        assert (gap.requirement, None if gap.cost is None else gap.cost.amount) == (requirement, cost), code
    assert "core-short" not in found
    assert "agents-short" not in found
    assert not [code for code in found if code in ("term-warranty", "term-maintenance", "unspoken-r9", "unspoken-r16")]


@pytest.mark.parametrize(
    ("quote", "word", "code", "lacks", "cost"),
    [
        ("option-1", "trunks-and-agents", "core-short", 20, 60_000),  # 60 trunks and 20 agents on 60 channels
        ("option-2", "all-there-is", "core-short", 30, 90_000),
        ("option-2", "all-there-is", "agents-short", 10, 20_000),
        ("option-2", "all-there-is", "adapter-short", 1, 26_000),
        ("option-1", "role=gateways", "one-call-server", 1, None),
        ("option-1", "role=servers", "no-gateway", 0, None),
    ],
)
def test_what_a_reading_lacks_beside(quote: str, word: str, code: str, lacks: int, cost: int | None) -> None:
    read = find_quote(quote, DEVICES)
    assert code not in lacking(read)
    gap = lacking(read, word)[code]
    assert (gap.lacks, None if gap.cost is None else gap.cost.amount) == (lacks, cost)


def test_an_offer_with_all_its_parts_and_terms_lacks_little() -> None:
    found = lacking(read_quote(HERE / "sip-pair.yaml", DEVICES))
    assert set(found) == {"no-loop-trunk", "no-outbound"}  # outbound is optional, and not in the total
    assert found["no-outbound"].each is not None
    assert found["no-outbound"].each.currency == "USD"


def test_what_cannot_be_read_is_not_said_to_be_lacking() -> None:
    assert "recording-short" not in lacking(read_quote(HERE / "planted.yaml", DEVICES))


def test_a_term_may_stand_among_the_lines() -> None:
    found = lacking(read_quote(HERE / "planted.yaml", DEVICES))  # installation does
    assert "term-training" in found
    assert "term-installation" not in found


@pytest.mark.parametrize(
    ("part", "old", "new", "came", "went"),
    [
        ("e1-module-1\n    unit: 块", 2, 1, {"e1-short"}, set()),
        ("adapter-24\n    unit: 台", 1, 2, set(), {"one-adapter"}),
        ("licence-recording\n    unit: 路", 20, 10, {"recording-short"}, {"recording-bare"}),
        ("licence-recording\n    unit: 路", 20, 30, set(), {"recording-bare"}),
        ("licence-agent\n    unit: 路", 20, 19, {"agents-short"}, set()),
    ],
)
def test_a_change_of_one_line_moves_the_gaps_that_it_must(
    part: str, old: int, new: int, came: set[str], went: set[str]
) -> None:
    text = f"    part: {part}\n    quantity: "
    before = lacking(changed("option-1"))
    after = lacking(changed("option-1", (f"{text}{old}\n", f"{text}{new}\n")))
    assert set(after) - set(before) == came
    assert set(before) - set(after) == went


def test_a_doubled_price_doubles_what_its_gap_costs_and_nothing_else() -> None:
    before, after = lacking(changed("option-1")), lacking(changed("option-1", ("price: 300\n", "price: 600\n")))
    assert before.keys() == after.keys()
    moved = {code for code in before if before[code].cost != after[code].cost}
    assert moved == {"no-headsets"}
    assert after["no-headsets"].cost is not None
    assert after["no-headsets"].cost.amount == 12_000


def test_questions_stand_by_the_money_that_hangs_on_them() -> None:
    found = asked(find_quote("option-2", DEVICES))
    assert [(one.about, one.money.amount) for one in found[:7]] == [
        ("role", 166_400),  # without a second call server, or without a gateway, all is bought for nothing
        ("owned", 136_000),  # 30 x 3,000 + 10 x 2,000 + 26,000
        ("channels", 60_000),
        ("one-adapter", 26_000),
        ("no-headsets", 6_000),
        ("no-loop-trunk", 6_000),
        ("offer", 99),
    ]
    assert [one.about for one in found if one.about == "e1"] == ["e1"]
    assert found[0].unpriced == ("one-call-server", "no-gateway")
    assert set(found[1].requirement) >= {"R4", "R6", "R7", "R8", "R15"}
    amounts = [one.money.amount for one in found]
    assert amounts == sorted(amounts, reverse=True)


def met(scenario: str, outcome: Outcome, cut: float, *struck: str) -> Met:
    return Met(scenario, outcome, True, (), cut, "", struck)


def test_risk_lifts_a_question_as_money_does() -> None:
    quote = find_quote("option-2", DEVICES)
    first = [met("a", Outcome.FAIL, 0.5, "servers"), met("b", Outcome.FAIL, 1.0, "switches"),
             met("c", Outcome.PASS, 0.0, "feeds"), met("d", Outcome.FAIL, 0.5, "servers")]  # fmt: skip
    apart = [met("a", Outcome.FAIL, 0.5, "servers"), met("b", Outcome.FAIL, 1.0, "switches"),
             met("c", Outcome.FAIL, 1.0, "feeds"), met("d", Outcome.FAIL, 1.0, "servers")]  # fmt: skip
    plain = [one.about for one in questions(quote, check(quote), DEVICES)]
    found = questions(quote, check(quote), DEVICES, {"first": first, "e1=both-on-active": apart})
    risk = {one.about: one.risk for one in found if one.risk}
    assert risk == {"e1": ("c", "d"), "no-lan-switch": ("b",)}  # no scenario failed for want of a feed
    order = [one.about for one in found]
    assert order.index("e1") == 1  # behind the dearest, before all that less money and less risk hang on
    assert plain.index("e1") > plain.index("no-headsets")
    assert order[0] == plain[0] == "role"
    assert order.index("no-lan-switch") < order.index("channels") < plain.index("no-lan-switch")
    others = [name for name in plain if name not in risk]
    assert [name for name in order if name not in risk] == others  # what no risk hangs on keeps its order


def test_a_mistake_is_a_question_worth_what_it_is_wrong_by() -> None:
    worth = {one.about: one.money.amount for one in asked(read_quote(HERE / "planted.yaml", DEVICES))}
    assert (worth["F8"], worth["F4"], worth["A7"], worth["F15"], worth["F17"]) == (10_000, 6_000, 8_000, 800, 200)


def test_an_unreadable_price_is_worth_what_its_print_leaves_open() -> None:
    text = ('simtel: quote/1\nid: q\ntitle: {en: Q}\ncurrency: CNY\nfor: {seats: 20, spans: 2}\nmasks: {"*": xx}\n'
            "lines: [{name: {en: Headset}, unit: set, quantity: 20,"
            " price: {value: 312, legibility: read, print: '3*'}, amount: {legibility: unreadable}}]\n")  # fmt: skip
    found = {one.about: one for one in asked(read_quote(text.encode(), DEVICES))}
    assert found["lines.0.price"].money.amount == 20 * 99
    assert found["lines.0.amount"].money.amount == Decimal(0)


def test_nobody_is_asked_about_what_is_not_offered() -> None:
    assert [one.about for one in asked(find_quote("today", DEVICES))] == ["channels"]
    assert "one-call-server" in lacking(find_quote("today", DEVICES))


def test_where_nobody_speaks_of_power_there_is_one_feed_and_one_is_lacking() -> None:
    assert lacking(find_quote("option-1", DEVICES))["one-feed"].lacks == 1


@pytest.mark.parametrize(
    ("listed", "short", "said"),
    [("20000", True, "0 recording channels, 20 needed; offered as an option in line 2"), ("40000", False, "")],
)
def test_a_gap_says_which_optional_line_would_close_it(listed: str, short: bool, said: str) -> None:
    text = (
        "simtel: quote/1\nid: q\ntitle: {en: Q}\ncurrency: CNY\nfor: {seats: 20, spans: 2}\nlines:\n"
        "  - {name: {en: agents}, part: licence-agent, unit: ch, quantity: 20, price: 1000, amount: 20000}\n"
        "  - {name: {en: recording}, part: licence-recording, unit: ch, quantity: 20, price: 1000, amount: 20000,"
        " optional: true}\n"
        f"totals: {{list: {listed}}}\n"
    )
    found = lacking(read_quote(text.encode(), DEVICES))
    assert ("recording-short" in found) is short
    if short:
        gap = found["recording-short"]
        assert (str(gap.said), gap.lacks, gap.cost and gap.cost.amount) == (said, 20, 20_000)
