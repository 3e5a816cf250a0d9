"""What is handed on about quotes says what the data says, and no text of a quote becomes a formula."""

import io
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from simtel.core import data
from simtel.profiles.catalogue import read_devices
from simtel.quotes.arithmetic import check
from simtel.quotes.floor import lacks_of
from simtel.quotes.gaps import Gap, gaps
from simtel.quotes.quote import find_quote, read_quote
from simtel.quotes.readings import reading
from simtel.quotes.trial import Met
from simtel.report.claims import speaks_of
from simtel.report.quotes.acceptance import acceptance_rows
from simtel.report.quotes.check import Meant
from simtel.report.quotes.deviations import TECHNICAL, Kept, Offer, Status, commercial, technical
from simtel.report.quotes.documents import documents
from simtel.report.quotes.money import exact, number_format, rounded
from simtel.report.quotes.sheets import Figure, Sheet, column, shown
from simtel.report.quotes.workbook import LONGEST, workbook
from simtel.scenario.collect import collect
from simtel.scenario.spec import Scenario
from simtel.verdict.outcome import Outcome

PLANTED = Path(__file__).parents[2] / "quotes" / "planted.yaml"
DEVICES = read_devices()


@cache
def library() -> tuple[Scenario, ...]:
    return tuple(collect([data.scenarios()]))


def offer_of(name: str | bytes, *words: str) -> Offer:
    quote = read_quote(name, DEVICES, "offer.yaml") if isinstance(name, bytes) else find_quote(name, DEVICES)
    taken = reading(quote, words)
    lacks = lacks_of(quote, taken, DEVICES, library())
    return quote, check(quote), Meant(taken, gaps(quote, taken, DEVICES), (), lacks), ()


@cache
def tables(lang: str) -> list[Sheet]:
    return documents([offer_of(name) for name in ("option-1", "option-2", "today", str(PLANTED))], library(), lang)


def amounts(sheet: Sheet) -> dict[str, Figure]:
    """The rows below the lines, by their words."""
    return {str(row[2]): row[7] for row in sheet.rows if not row[0] and isinstance(row[7], Figure)}


def test_sheets_come_to_what_the_check_comes_to() -> None:
    _, first, second, today, planted, *_ = tables("en")
    assert amounts(first)["sum of the lines that count"].value == 392_000
    assert amounts(first)["offer"].value == 250_000
    assert amounts(first)["price per seat"].value == 12_500
    assert amounts(second)["list total"].value == 256_000
    assert (amounts(second)["offer"].value, amounts(second)["offer"].assumed) == (166_400, True)
    assert amounts(today)["offer"].value == 0
    wrong = [row[9].value for row in planted.rows if isinstance(row[9], Figure) and row[9].value]
    assert wrong == [-6000, -6000, -14000, 200]  # line 2, the sums, the list, the total with tax


def test_what_is_assumed_or_unreadable_is_marked() -> None:
    _, _, second, *_ = tables("en")
    offer = next(row for row in second.rows if row[2] == "offer")
    assert offer[8:] == ("1664", "", "offer: assumed")
    assert shown(offer[7], "CNY", "en") == "CNY 166,400.00*"
    planted = tables("en")[4]
    assert planted.rows[5][4] == "24 路"
    assert planted.rows[2][5] == "USD 400.00"  # of another currency: no figure of this sheet
    assert (planted.rows[2][7], planted.rows[2][6]) == ("", Figure(Decimal(0), *[planted.rows[2][6].form]))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_workbook_holds_every_cell_with_its_formula_and_its_value(lang: str) -> None:
    content = workbook(tables(lang), lang)
    formulas, values = (openpyxl.load_workbook(io.BytesIO(content), data_only=only) for only in (False, True))
    seen = 0
    for sheet in tables(lang):
        for number, row in enumerate(sheet.rows):
            for col, cell in enumerate(row):
                place = f"{column(col)}{number + 4}"
                one, value = formulas[sheet.name][place], values[sheet.name][place].value
                if isinstance(cell, str):
                    assert (one.value or "", one.data_type) == (cell, "s" if cell else "n")
                else:
                    assert value == pytest.approx(float(cell.value))
                    assert one.value == cell.formula if cell.formula else one.data_type == "n"
                    seen += bool(cell.formula)
    assert seen > 100


def test_text_stays_text_whatever_it_begins_with() -> None:
    names = ["=cmd|'/C calc'!A0", "+1+1", "-1", "@SUM(A1)", "https://example.org", "<b>&amp;", "x" * 40_000]
    lines = "".join(
        f"  - {{name: {{en: {name!r}}}, unit: {name[:9]!r}, quantity: 1, price: 2, amount: 2}}\n".replace("\\'", "'")
        if "'" not in name else f'  - {{name: {{en: "{name}"}}, unit: "=1", quantity: 1, price: 2, amount: 2}}\n'
        for name in names
    )  # fmt: skip
    hostile = (
        'simtel: quote/1\nid: hostile\ntitle: {en: "=1+1"}\ncurrency: CNY\nfor: {seats: 1, spans: 1}\nlines:\n' + lines
    )
    offers = [offer_of(hostile.encode()), offer_of(hostile.encode())]
    sheets = documents(offers, (), "en")
    book = openpyxl.load_workbook(io.BytesIO(workbook(sheets, "en")))
    known = {cell.formula for sheet in sheets for row in sheet.rows for cell in row if isinstance(cell, Figure)}
    for page in book:
        for row in page.iter_rows():
            for cell in row:
                assert cell.hyperlink is None
                assert cell.data_type != "f" or cell.value in known
    told = [book["2 hostile"][f"C{number}"].value for number in range(4, 11)]
    assert told == [name[:LONGEST] for name in names]
    assert len(set(book.sheetnames)) == len(sheets)


@pytest.mark.parametrize(
    ("amount", "currency", "en", "zh"),
    [
        ("392000", "CNY", "CNY 392,000", "39.2 万元"), ("250000", "CNY", "CNY 250,000", "25 万元"),
        ("9999.5", "CNY", "CNY 10,000", "¥10,000"), ("123456789", "CNY", "CNY 123,500,000", "12,346 万元"),
        ("-56000", "CNY", "CNY -56,000", "-5.6 万元"), ("0", "USD", "USD 0", "0 美元"),
        ("1234567", "JPY", "JPY 1,235,000", "123.5 万日元"),
    ],
)  # fmt: skip
def test_round_figures_as_each_language_has_them(amount: str, currency: str, en: str, zh: str) -> None:
    assert rounded(Decimal(amount), currency, "en") == en
    if currency != "USD":
        assert rounded(Decimal(amount), currency, "zh") == zh


def test_a_spreadsheet_shows_money_as_a_page_does() -> None:
    assert exact(Decimal(392000), "CNY", "zh") == "¥392,000.00"
    assert number_format("CNY", "zh") == '"¥"#,##0.00'
    assert number_format("CNY", "en") == '"CNY "#,##0.00'
    assert number_format("JPY", "en") == '"JPY "#,##0'


def test_a_requirement_is_what_its_worst_finding_makes_of_it() -> None:
    quote, _, meant, _ = offer_of("option-1")
    by_id = {one.id: one for one in library()}
    found = {one.about: one for one in technical(meant.gaps, (), by_id, "en")}
    assert list(found) == list(TECHNICAL)
    assert found["R3"].status is Status.NOT_OFFERED  # no headset
    assert found["R5"].status is Status.DEVIATES  # no LTS-1000T
    assert found["R13"].status is Status.NOT_STATED
    assert found["R4"].status is Status.TO_BE_SHOWN
    assert quote.id == "option-1"


def test_scenarios_prove_what_they_speak_of_and_no_more() -> None:
    by_id = {one.id: one for one in library()}
    name = "failover.active-server-crash"
    met = Met(name, Outcome.PASS, True, (), 0.0, "")
    kept = {one.about: one for one in technical((), [met], by_id, "en")}
    assert {kept[claim].status for claim in ("R1", "R2")} == {Status.COMPLIES}
    assert kept["R4"].status is Status.TO_BE_SHOWN  # the scenario does not name it
    failed = Met(name, Outcome.FAIL, True, ("stable-calls-preserved",), 0.5, "")
    kept = {one.about: one for one in technical((), [failed], by_id, "en")}
    assert kept["R1"].status is Status.DEVIATES
    assert "Active server crashes" in kept["R1"].proof[0]
    assert kept["R2"].status is not Status.DEVIATES  # calls that are cut off say nothing of who is registered where
    idle = Met(name, Outcome.FAIL, False, ("stable-calls-preserved",), None, "")
    assert {one.status for one in technical((), [idle], by_id, "en")} == {Status.TO_BE_SHOWN}


def proved(*met: Met, lacking: Sequence[Gap] = ()) -> dict[str, Kept]:
    by_id = {one.id: one for one in library()}
    return {one.about: one for one in technical(lacking, met, by_id, "en")}


def failed(scenario: str, *missed: str, rests: tuple[str, ...] = (), run: str = "", varied: bool = False) -> Met:
    return Met(f"failover.{scenario}", Outcome.FAIL, True, missed, None, "", rests=rests, run=run, varied=varied)


def test_what_asks_for_more_than_the_requirement_says_is_no_deviation() -> None:
    found = proved(failed("double-failure", "stable-calls-preserved"), failed("clock-back", "cdr-exactly-once"))
    assert (found["R1"].status, found["R16"].status) == (Status.TO_BE_SHOWN, Status.TO_BE_SHOWN)
    assert found["R1"].proof == (
        "failed as well, and no deviation, for more than one thing has failed: failover.double-failure",
    )
    assert "no deviation, for it asks for more" in found["R16"].proof[-1]


def test_a_limit_that_is_assumed_makes_no_deviation_and_is_told() -> None:
    ours = failed("active-server-crash", "failover-time", "new-calls-after")
    assert {proved(ours)[claim].status for claim in ("R1", "R2")} == {Status.TO_BE_SHOWN}
    assert "limits that are assumed" in proved(ours)["R2"].proof[0]
    both = failed("active-server-crash", "failover-time", "promoted-once")  # nobody took over at all
    assert proved(both)["R1"].status is Status.DEVIATES


def test_a_run_that_decided_nothing_leaves_it_open() -> None:
    found = proved(Met("failover.active-server-dies", Outcome.INCONCLUSIVE, True, (), None, ""))["R1"]
    assert (found.status, found.proof) == (
        Status.TO_BE_SHOWN, ("left open by the simulator: failover.active-server-dies",)
    )  # fmt: skip


def test_a_deviation_names_the_run_that_shows_it_and_what_it_rests_on() -> None:
    run = "offer/first/failover.platform-crash/offer-20"
    one = failed("platform-crash", "stable-calls-preserved", rests=("servers.disk_full",), run=run, varied=True)
    told = proved(one)["R1"].proof
    assert f"({run}) failed: " in told[0]
    assert told[1].endswith("their records and recordings are lost (servers)")  # words, and no path of a figure


def test_a_run_that_an_unknown_figure_turns_says_which_for_the_requirement_it_speaks_of() -> None:
    name, preserved, records = "failover.active-server-crash", "stable-calls-preserved", "cdr-exactly-once"
    calls, others = ("lan.forwarding.listening",), ("boards.boot_time", "lan.boot_time")
    varied = Met(name, Outcome.INCONCLUSIVE, True, (), 0.0, "", varied=True, rests=(*calls, *others),
                 left=(preserved, records), turned={preserved: calls, records: others})  # fmt: skip
    first = proved(varied)["R1"]
    assert first.status is Status.TO_BE_SHOWN
    assert first.proof[0] == ("turned, or moved, by what nobody knows for sure - a port that gets its link back "
                              f"forwards so much later (LAN switches): {name}")  # fmt: skip
    aside = proved(replace(varied, left=(records,)))["R1"]  # what stays open speaks of something else
    assert (aside.status, aside.proof[0]) == (Status.COMPLIES, f"met on the simulator: {name}")
    nothing = proved(replace(varied, left=(), turned={}))["R1"]
    assert (nothing.status, nothing.proof[0]) == (Status.TO_BE_SHOWN, f"left open by the simulator: {name}")


def test_what_an_unknown_figure_may_turn_is_to_be_shown_until_it_was_tried() -> None:
    rests = ("servers.disk_full",)
    missed = failed("platform-crash", "stable-calls-preserved", rests=rests)
    told = proved(missed)["R1"]
    assert told.status is Status.TO_BE_SHOWN
    assert "failed with the values in use, and what is unknown may turn it" in told.proof[0]
    assert proved(replace(missed, varied=True))["R1"].status is Status.DEVIATES
    met = Met("failover.active-server-crash", Outcome.PASS, True, (), 0.0, "", rests=rests)
    assert proved(met)["R1"].status is Status.TO_BE_SHOWN
    assert "met with the values in use, and what is unknown" in proved(met)["R1"].proof[0]
    assert proved(replace(met, varied=True))["R1"].status is Status.COMPLIES


def test_what_speaks_of_all_seats_is_shown_at_no_fewer() -> None:
    by_id = {one.id: one for one in library()}
    small = Met("switching.non-blocking", Outcome.PASS, True, (), None, "", seats=20)
    for tried, status in (((small,), Status.TO_BE_SHOWN), ((small, replace(small, seats=100)), Status.COMPLIES)):
        found = {one.about: one for one in technical((), tried, by_id, "en", 100)}
        assert found["R7"].status is status
        assert found["R4"].status is Status.COMPLIES
        assert ("tried at 20 seats, and 100 are asked for" in found["R7"].proof) is (len(tried) == 1)


def test_what_states_no_price_has_none_that_complies() -> None:
    quote, checked, meant, _ = offer_of("today")
    sums = next(commercial(quote, checked, meant.gaps, "en"))
    assert (sums.status, sums.proof) == (Status.NOT_STATED, ("it has no line and no price",))


def test_a_single_part_that_no_requirement_wants_doubled_is_a_risk_and_no_deviation() -> None:
    _, _, meant, _ = offer_of("option-1")
    feeds = [gap for gap in meant.gaps if gap.code == "one-feed"]
    found = proved(Met("failover.active-server-crash", Outcome.PASS, True, (), 0.0, ""), lacking=feeds)["R1"]
    assert found.status is Status.COMPLIES
    assert found.proof[-1] == "a risk, and no deviation: no second power feed"


def test_a_term_has_the_number_of_its_requirement() -> None:
    quote, checked, meant, _ = offer_of("option-1")
    numbers = {one.about: one.requirement for one in commercial(quote, checked, meant.gaps, "en")}
    assert numbers["standards"] == "R17"
    assert {one for name, one in numbers.items() if name != "standards"} == {""}
    (_, terms), *_ = [(one, one.rows) for one in tables("en") if one.title.startswith("Commercial")]
    assert ("standards", "R17", "option-1", "not stated", "no standard is named") in terms
    assert {row[1] for row in terms} == {"R17", "-"}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_acceptance_test_asks_each_criterion_of_each_scenario_once(lang: str) -> None:
    rows = list(acceptance_rows(library(), lang))
    asked = [
        (one.id, wanted.criterion, wanted.subject)
        for one in library() if one.random is None
        for wanted in one.expect
        if any(speaks_of(wanted.criterion, claim) for claim in one.requirement if claim in TECHNICAL)
        and wanted.criterion not in ("conservation", "quiescence")
    ]  # fmt: skip
    assert len(rows) == len(asked)
    crash = next(row for row in rows if "failover.active-server-crash" in row[1] and "5 s" in row[3])
    assert crash[3] == ("≥ 100 %, ≤ 5 s" if lang == "en" else "≥ 100 %、≤ 5 s")
    assert crash[5:] == ("", "")  # to be filled in


def steps(name: str, *words: str) -> str:
    """Every step of the outline of one offer."""
    _, _, meant, _ = offer_of(name, *words)
    (sheet,) = [one for one in documents([offer_of(name, *words)], library(), "en") if "Acceptance" in one.title]
    assert sheet.title == f"Acceptance test of {name}"
    notes = "\n".join(sheet.notes)
    assert all(scenario in notes for scenario in meant.lacks)  # what is left out is told, with the reason
    return "\n".join(str(row[1]) for row in sheet.rows)


def test_an_acceptance_test_asks_nothing_of_parts_that_nobody_offers() -> None:
    whole, bare = steps("option-1"), steps("option-1", "role=gateways")
    for scenario, there, then in (
        ("failover.platform-crash", True, False), ("failover.standby-crash", True, False),
        ("failover.active-server-crash", True, True), ("failover.gateway-crash", True, True),
        ("trunks.loop-lines", False, False),
    ):  # fmt: skip
        assert (f"({scenario})" in whole, f"({scenario})" in bare) == (there, then), scenario
    assert steps("option-1", "role=servers") == ""  # no gateway: no site


def test_nobody_accepts_an_offer_of_nothing_and_what_asks_for_more_is_in_brackets() -> None:
    outlines = [sheet for sheet in tables("en") if sheet.title.startswith("Acceptance")]
    assert [sheet.title for sheet in outlines] == [
        f"Acceptance test of {name}" for name in ("option-1", "option-2", "planted")
    ]  # fmt: skip
    of = {str(row[1]).partition("\n")[0].rpartition("(")[2].rstrip(")"): row[0] for row in outlines[0].rows}
    assert of["failover.active-server-dies"] == "R1"
    assert of["failover.double-failure"] == "(R1)"


def test_every_table_is_as_wide_as_its_heads_in_both_languages() -> None:
    for lang in ("en", "zh"):
        for sheet in tables(lang):
            assert {len(row) for row in sheet.rows} | {len(sheet.heads)} == {len(sheet.widths)}, sheet.name


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_step_states_the_figures_of_its_fault(lang: str) -> None:
    steps = {row[1] for row in acceptance_rows(library(), lang)}
    assert [step for step in steps if "`" in step] == []
    ahead = next(step for step in steps if "failover.clock-ahead" in step)
    stated, active = {"en": ("ahead by 60 min", "active"), "zh": ("60 min", "主用")}[lang]
    assert stated in ahead
    assert active in ahead.partition("\n")[2]


def test_rows_are_high_enough_for_their_texts_and_heads_stand_still() -> None:
    rows = (("a", "word " * 40), ("b", "one\ntwo\nthree"), ("c", "短"), ("d", "x" * 30_000))
    sheet = Sheet("1 one", "One", ("head", "text"), (9, 40), rows, "CNY")
    page = openpyxl.load_workbook(io.BytesIO(workbook([sheet], "en")))["1 one"]
    high, three, one, most = (page.row_dimensions[number].height for number in range(4, 8))
    assert high >= 5 * 17  # 200 letters in columns of 40
    assert (three, one) == (3 * 17, None)  # one line: as high as any row
    assert most == pytest.approx(409, abs=1)
    assert page.freeze_panes == "B4"
