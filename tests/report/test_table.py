"""The table says every outcome in words, and what a PASS is worth; colour adds nothing that words do not say."""

from pathlib import Path

import msgspec
import pytest
from rich.cells import cell_len

from simtel.core.clock import MS, SECOND
from simtel.core.log import Limit
from simtel.core.quantity import Unit
from simtel.report.grid import by_criterion, by_scenario
from simtel.report.table import criterion_title, render_table
from simtel.report.words import show_measured, tell
from simtel.verdict.judge import Judgement, judge
from simtel.verdict.outcome import Outcome
from simtel.verdict.verdict import Measured, Verdict, sampled, say
from tests.report import sample


@pytest.fixture(scope="module")
def judgements(tmp_path_factory: pytest.TempPathFactory) -> list[Judgement]:
    return sample.run_folder(tmp_path_factory.mktemp("run"))


def with_outcome(judgement: Judgement, outcome: Outcome, **head: object) -> Judgement:
    header = msgspec.structs.replace(judgement.header, **head)
    verdicts = (Verdict("media-gap", outcome, say("No call was up when the fault struck")),)
    return msgspec.structs.replace(judgement, header=header, verdicts=verdicts, outcome=outcome)


def test_each_outcome_is_a_word(judgements: list[Judgement]) -> None:
    text = render_table(judgements, "en", width=150)
    assert "PASS (estimate)" in text
    assert "FAIL" in text
    assert "100 % (≥ 100 %)" in text
    assert "3.6 s (≤ 5 s)" in text
    assert "virtual: an estimate about a design" in text
    assert "an estimate about a design, not evidence about a product" in text
    assert "17 verdicts: 6 FAIL, 11 PASS" in text


def test_a_small_gap_is_not_shown_for_calls_that_were_cut(judgements: list[Judgement]) -> None:
    text = render_table(judgements, "en", width=150)
    assert "25 calls cut (≤ 2 s)" in text
    assert "not restored (≤ 5 s)" in text
    assert "0 s (≤ 2 s)" not in text


def test_without_colour_there_is_no_escape_and_with_it_the_same_words(judgements: list[Judgement]) -> None:
    plain, coloured = (render_table(judgements, "en", colour, 150) for colour in (False, True))
    assert "\x1b" not in plain
    assert "\x1b[1;31m" in coloured
    assert "PASS (estimate)" in coloured


@pytest.mark.parametrize("width", [80, 99, 100, 101, 120])
def test_lines_of_a_chinese_table_are_equally_wide(judgements: list[Judgement], width: int) -> None:
    text = render_table(judgements, "zh", width=width)
    assert "通过（估计）" in text
    assert "不通过" in text
    widths = {cell_len(line) for line in text.splitlines() if line[:1] in "┏┃┡│├└"}
    assert len(widths) == 1
    assert max(widths) <= width


@pytest.mark.parametrize(("target", "word"), [("virtual", "PASS (estimate)"), ("loopback", "PASS (self-test)")])
def test_a_pass_says_what_it_is_worth(judgements: list[Judgement], target: str, word: str) -> None:
    one = with_outcome(judgements[1], Outcome.PASS, target=target)
    assert word in render_table([one], "en", width=120)


def test_only_on_the_bench_a_pass_stands_alone(judgements: list[Judgement]) -> None:
    text = render_table([with_outcome(judgements[1], Outcome.PASS, target="bench")], "en", width=120)
    assert "PASS (" not in text
    assert "evidence about the product" in text


def test_a_sweep_is_one_row_with_a_count(judgements: list[Judgement]) -> None:
    outcomes = [Outcome.PASS, Outcome.FAIL, Outcome.PASS]
    swept = [
        with_outcome(judgements[1], outcome, scenario=f"failover.sweep@{n}-call.offered-before")
        for n, outcome in enumerate(outcomes)
    ]
    text = render_table(swept, "en", width=120)
    assert "FAIL (1 of 3)" in text
    assert len(by_scenario(swept).rows) == len(by_criterion(swept).rows) == 1


def test_every_reason_is_told_once_the_worst_first(judgements: list[Judgement]) -> None:
    text = render_table(judgements, "en", width=1000, report=Path("reports/x/report.html"))
    below = text[text.index("17 verdicts") :].splitlines()
    bad = [(v.key, tell(v.reason, "en")) for j in judgements for v in j.verdicts if v.outcome is not Outcome.PASS]
    assert len(bad) == 6
    for key, reason in bad:
        told = [line for line in below if f"{criterion_title(key, 'en')}: {reason}" in line]
        assert len(told) == 1
        assert told[0].startswith("  FAIL [Today's site] ")
    assert below[1] == "Active server crashes with every seat on a call"
    assert below[-1] == "Details: reports/x/report.html"


def test_a_reason_that_sites_criteria_or_scenarios_share_is_told_once(judgements: list[Judgement]) -> None:
    today, proposal = judgements
    both = [with_outcome(today, Outcome.INCONCLUSIVE), with_outcome(proposal, Outcome.INCONCLUSIVE)]
    text = render_table(both, "en", width=200)
    assert text.count("No call was up when the fault struck") == 1
    assert "INCONCLUSIVE [everywhere] Longest silence on calls that were up: No call" in text
    text = render_table([both[0], with_outcome(proposal, Outcome.FAIL)], "en", width=200)
    assert text.index("FAIL [Proposal as drawn]") < text.index("INCONCLUSIVE [Today's site]")
    many = [with_outcome(today, Outcome.INCONCLUSIVE, scenario=f"s{n}") for n in range(21)]
    text = render_table(many, "en", width=400)
    assert text.count("No call was up when the fault struck") == 1
    assert "In several scenarios" in text
    assert ", ".join(f"s{n}" for n in range(21)) in text


def test_a_site_of_two_sizes_is_told_apart_in_a_reason(judgements: list[Judgement]) -> None:
    sizes = [with_outcome(judgements[0], Outcome.FAIL, seats=20), with_outcome(judgements[0], Outcome.PASS, seats=40)]
    assert "FAIL [Today's site, 20 seats]" in render_table(sizes, "en", width=200)
    assert "不通过 [现有站点、20 坐席]" in render_table(sizes, "zh", width=200)


def test_a_figure_that_rests_on_assumptions_is_marked(judgements: list[Judgement]) -> None:
    first, *rest = judgements[1].verdicts
    marked = msgspec.structs.replace(first, rests_on=("servers.election.advert_interval",))
    one = msgspec.structs.replace(judgements[1], verdicts=(marked, *rest))
    text = render_table([one], "en", width=150)
    assert "100 %* (≥ 100 %)" in text
    assert text.count("*") == 2
    assert "rests on assumed or unknown figures" in text
    assert "*" not in render_table([judgements[1]], "en", width=150)


def test_a_row_that_a_site_was_not_asked_says_so(judgements: list[Judgement]) -> None:
    other = with_outcome(judgements[1], Outcome.PASS, scenario="other")
    assert "not asked" in render_table([judgements[0], other], "en", width=150)


def test_names_cannot_steer_a_terminal(tmp_path: Path) -> None:
    evidence = sample.write(tmp_path / "evidence.jsonl", False, hostile=True)
    text = render_table([judge(evidence)], "en", width=150)
    assert "\x1b" not in text
    assert "<script>" in text


def test_no_judgement_is_no_crash() -> None:
    assert "0 verdicts" in render_table([], "en", width=80)


def test_what_does_not_apply_says_why_in_its_cell(judgements: list[Judgement]) -> None:
    lacks = say("Not applicable: the site has no {unit}", unit="boards")
    verdicts = tuple(
        msgspec.structs.replace(v, outcome=Outcome.INCONCLUSIVE, reason=lacks, applies=False, measured=None)
        for v in judgements[0].verdicts
    )
    none = msgspec.structs.replace(judgements[0], verdicts=verdicts, outcome=Outcome.INCONCLUSIVE)
    cells = [cell for row in by_criterion([none]).rows for cell in row.cells.values()]
    assert cells
    assert not any(cell.applies for cell in cells)
    assert all(cell.applies for row in by_criterion(judgements).rows for cell in row.cells.values())
    assert render_table([none], "en", width=300).count("Not applicable: the site has no boards") == len(cells) + 1


def test_what_does_not_apply_is_no_open_question(judgements: list[Judgement]) -> None:
    none = not_applicable(judgements[0])
    text = render_table([none, judgements[1]], "en", width=200)
    count = len(none.verdicts)
    assert text.count("— not applicable") == count
    assert f"{count} not applicable" in text
    assert "INCONCLUSIVE" not in text.replace("INCONCLUSIVE is not a pass", "")
    assert "  — [Today's site] " in text
    assert "— 不适用" in render_table([none], "zh", width=200)


def test_the_figure_of_a_sample_is_shown_with_both_ends() -> None:
    limit = Limit("at_most", 180 * SECOND, Unit.TIME, "standard", "a table")
    outage = sampled(6_687.4 * SECOND, 169.2 * SECOND, 130_000 * SECOND, Unit.TIME)
    assert show_measured(outage, "en", limit) == "1.86 h (169 s to 36.1 h)"
    assert show_measured(outage, "zh", limit) == "1.86 h（169 s 至 36.1 h）"
    assert show_measured(sampled(0.734, 0.715, 0.752, Unit.SHARE), "en") == "73.4 % (71.5 % to 75.2 %)"
    assert show_measured(sampled(0, 0, 180.4 * SECOND, Unit.TIME), "en", limit) == "0 s (0 s to 180.4 s)"
    assert show_measured(sampled(0, 0, 180.4 * SECOND, Unit.TIME), "en") == "0 s (0 s to 180 s)"


def test_a_figure_less_exact_than_it_is_large_is_not_told_as_nothing() -> None:
    assert show_measured(Measured(40 * MS, Unit.TIME, 130 * MS), "en") == "40 ms ± 130 ms"


def test_a_measured_time_is_no_more_exact_than_it_is_known(judgements: list[Judgement]) -> None:
    vague = Measured(3_950_123_456, Unit.TIME, 137_608_000)
    assert show_measured(vague, "en") == "4 s ± 140 ms"
    assert show_measured(Measured(2_911_000_000, Unit.TIME), "en") == "2.911 s"


def not_applicable(judgement: Judgement) -> Judgement:
    """The same, as a site gives it that lacks what the scenario is about."""
    reason = say("Not applicable: the site has no {unit}", unit="boards")
    verdicts = tuple(Verdict(v.criterion, Outcome.INCONCLUSIVE, reason, applies=False) for v in judgement.verdicts)
    return msgspec.structs.replace(judgement, verdicts=verdicts, outcome=Outcome.INCONCLUSIVE)
