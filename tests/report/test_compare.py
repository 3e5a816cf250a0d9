"""Two runs compared: what got worse, what moved and how far, what is missing."""

import json

import msgspec

from simtel.core.clock import SECOND
from simtel.core.log import Limit
from simtel.core.quantity import Unit
from simtel.report.compare import Sort, compare, to_json
from simtel.report.difference import render_difference
from simtel.verdict.judge import Judgement
from simtel.verdict.outcome import Outcome, merge
from simtel.verdict.verdict import Measured, Verdict, say
from tests.report.sample import header

LIMIT = Limit("at_most", 2 * SECOND, Unit.TIME, "buyer", "contract")


def verdict(outcome: Outcome, value: int = SECOND, uncertainty: int = 0, name: str = "media-gap") -> Verdict:
    return Verdict(name, outcome, say("No call was offered"), Measured(value, Unit.TIME, uncertainty), LIMIT)


def run(*verdicts: Verdict, digest: str = "sha256:1", **how: object) -> list[Judgement]:
    head = msgspec.structs.replace(header(keeps=True), **how)
    return [Judgement(head, verdicts, merge(v.outcome for v in verdicts), digest, True)]


def test_a_run_beside_itself_has_nothing_to_tell() -> None:
    found = compare(run(verdict(Outcome.PASS)), run(verdict(Outcome.PASS)))
    assert [change.sort for change in found.changes] == [Sort.SAME]
    assert (found.items, found.alike, found.outcome) == (1, 1, Outcome.PASS)


def test_worse_is_the_order_of_outcomes() -> None:
    for one in Outcome:
        for other in Outcome:
            found = compare(run(verdict(one)), run(verdict(other)))
            assert bool(found.of(Sort.WORSE)) == (other > one)
            assert bool(found.of(Sort.BETTER)) == (other < one)
            assert found.outcome is (Outcome.FAIL if other > one else Outcome.PASS)


def test_a_figure_that_moved_says_how_far_and_whether_intervals_overlap() -> None:
    for uncertainty, overlap in ((0, None), (250_000_000, False), (600_000_000, True), (500_000_000, True)):
        found = compare(run(verdict(Outcome.PASS)), run(verdict(Outcome.PASS, 2 * SECOND, uncertainty)))
        (change,) = found.of(Sort.MOVED)
        assert change.delta == SECOND
        assert change.overlap is (uncertainty >= SECOND if uncertainty else overlap)
    both = compare(run(verdict(Outcome.PASS, SECOND, SECOND // 2)), run(verdict(Outcome.PASS, 2 * SECOND, SECOND // 2)))
    assert both.changes[0].overlap is True  # they touch
    assert "+1 s, intervals overlap" in render_difference(both, width=200)


def test_a_limit_that_changed_is_a_change() -> None:
    other = msgspec.structs.replace(verdict(Outcome.PASS), limit=msgspec.structs.replace(LIMIT, value=SECOND))
    assert compare(run(verdict(Outcome.PASS)), run(other)).of(Sort.MOVED)


def test_what_is_missing_is_never_taken_for_the_same() -> None:
    one, other = verdict(Outcome.PASS), verdict(Outcome.PASS, name="failover-time")
    assert compare(run(one, other), run(one)).outcome is Outcome.INCONCLUSIVE
    assert compare(run(one), run(one, other)).outcome is Outcome.PASS
    assert [change.sort for change in compare(run(one), run(one, other)).changes] == [Sort.SAME, Sort.NEW]
    two = [*run(one), *run(one, site="today")]
    assert [change.sort for change in compare(two, run(one)).changes] == [Sort.SAME, Sort.MISSING]
    assert compare(run(one, site="elsewhere"), two).outcome is Outcome.INCONCLUSIVE, "which of the two is meant?"
    assert compare(run(one, seats=30), run(one, site="elsewhere")).outcome is Outcome.INCONCLUSIVE
    assert compare(run(one), []).of(Sort.MISSING)


def test_two_runs_on_two_sites_are_compared_criterion_by_criterion() -> None:
    here, there = (
        {"site_title": {"en": "Here", "zh": "此处"}},
        {"site": "there", "site_title": {"en": "There", "zh": "彼处"}},
    )
    one, other = verdict(Outcome.PASS), verdict(Outcome.PASS, name="failover-time")
    later = verdict(Outcome.FAIL, 3 * SECOND)
    found = compare(run(one, other, **here), run(later, **there, site_hash="sha256:x"))
    assert [(change.key, change.sort, change.delta) for change in found.changes] == [
        ("media-gap", Sort.WORSE, 2 * SECOND), ("failover-time", Sort.MISSING, None)
    ]  # fmt: skip
    assert (found.items, found.outcome, found.terms) == (1, Outcome.FAIL, [])
    for lang, head in (("en", "Sites: Here → There"), ("zh", "站点：此处 → 彼处")):
        text = render_difference(found, lang, width=200)
        assert text.startswith(head)
        assert head[head.index(" → ") - 2 :] in text[len(head) :], "each line says it as well"
    told = json.loads(to_json(found))
    assert told["sites"] == {"before": "proposal", "after": "there"}
    assert [(change["site"], change["site_after"]) for change in told["changes"]] == [
        ("proposal", "there"), ("proposal", "there")
    ]  # fmt: skip
    beside = [*run(one, site="today"), *run(one)]
    both = compare([*run(one), *run(one, site="today")], [*run(one, **there), *beside[:1]])
    assert [(change.sort, change.header.site, change.site_after.site) for change in both.changes] == [
        (Sort.SAME, "proposal", "there"), (Sort.SAME, "today", "today")
    ]  # fmt: skip


def test_what_else_differs_is_told() -> None:
    found = compare(run(verdict(Outcome.PASS)), run(verdict(Outcome.PASS), seed=8, version="9", site_hash="sha256:x"))
    assert found.terms == [("version", "0.1.0", "9"), ("seed", "7", "8"), ("site", "proposal", "proposal")]
    text = render_difference(found, width=200)
    assert "seed: 7 → 8" in text
    assert "file of the site or of its devices: proposal" in text


def test_options_of_the_command_that_differ_are_told() -> None:
    typed = "simtel run failover.mine --site today --seats 20 --seed 7 --target virtual"
    one = run(verdict(Outcome.PASS), command=typed)
    other = run(verdict(Outcome.PASS), command=f"{typed} --parts as-quoted --no-vary")
    assert compare(one, one).terms == []
    assert compare(one, other).terms == [("options", "-", "--parts as-quoted --no-vary")]
    text = render_difference(compare(one, other), width=200)
    assert "options of the command: - → --parts as-quoted --no-vary" in text


def test_the_gravest_comes_first_in_both_languages() -> None:
    first = run(verdict(Outcome.PASS), verdict(Outcome.FAIL, name="failover-time"))
    second = run(verdict(Outcome.FAIL), verdict(Outcome.PASS, name="failover-time"))
    text = render_difference(compare(first, second), width=200)
    assert text.index("Worse") < text.index("PASS (estimate) 1 s (≤ 2 s) → FAIL") < text.index("Better")
    assert "2 verdicts: 1 worse, 1 better" in text
    chinese = render_difference(compare(first, second), "zh", width=200)
    assert "变差" in chinese
    assert chinese.count("virtual") == chinese.count("virtual：对设计的估计") == 2


def test_json_has_every_change_and_both_sides() -> None:
    found = json.loads(to_json(compare(run(verdict(Outcome.PASS)), run(verdict(Outcome.FAIL, 3 * SECOND)))))
    assert found["simtel"] == "diff/1"
    (change,) = found["changes"]
    assert (change["change"], change["delta"], change["before"]["outcome"]) == ("worse", 2 * SECOND, "PASS")
