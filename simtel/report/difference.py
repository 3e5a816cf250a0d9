"""Two runs compared, as text: the gravest changes first, each with both outcomes, both figures and how far apart."""

from collections.abc import Iterator

from rich.padding import Padding
from rich.text import Text as Line

from simtel.core.i18n import translate
from simtel.report.compare import Change, Comparison, Sort
from simtel.report.table import criterion_title, printed
from simtel.report.words import (
    NOT_APPLICABLE,
    finding,
    listed,
    outcome_word,
    plain,
    scenario_title,
    show_limit,
    show_value,
    site_title,
    target_title,
    tell,
)
from simtel.verdict.verdict import Text, Verdict, say

HEADS = {
    Sort.WORSE: say("Worse"),
    Sort.MISSING: say("Missing in the second run"),
    Sort.BETTER: say("Better"),
    Sort.NEW: say("In the second run only"),
    Sort.MOVED: say("Same outcome, other figures"),
}
COUNTED = {
    Sort.WORSE: say("worse"), Sort.MISSING: say("missing"), Sort.BETTER: say("better"), Sort.NEW: say("new"),
    Sort.MOVED: say("moved"), Sort.SAME: say("the same"),
}  # fmt: skip
STYLES = {Sort.WORSE: "bold red", Sort.MISSING: "yellow", Sort.BETTER: "green"}
TERMS = {
    "version": say("version of simtel"), "seed": say("seed"), "scenario": say("file of the scenario"),
    "site": say("file of the site or of its devices"), "options": say("options of the command"),
}  # fmt: skip


def render_difference(found: Comparison, lang: str = "en", colour: bool = False, width: int | None = None) -> str:
    """What changed, `width` columns wide (the terminal's own width when None)."""
    return printed(list(_lines(found, lang)), colour, width)


def _lines(found: Comparison, lang: str) -> Iterator[Line | Padding]:
    if found.sites:
        one, other = (site_title(head, lang) for head in found.sites)
        what, sites = tell(say("Sites"), lang), tell(say("{one} → {other}", one=one, other=other), lang)
        yield Line(translate("{what}: {reason}", lang, what=what, reason=sites), style="bold")
    for sort, head in HEADS.items():
        changes = found.of(sort)
        if changes:
            yield Line(tell(head, lang), style="bold")
        for change in changes:
            yield Padding(Line(_change(change, lang), style=STYLES.get(sort, "")), (0, 0, 0, 2))
    if found.terms:
        yield Line(tell(say("The runs differ in"), lang), style="bold")
        yield from (Padding(Line(_term(term, lang)), (0, 0, 0, 2)) for term in found.terms)
    yield Line(translate("{items} items in both runs, {alike} with the very same events", lang,
                         items=found.items, alike=found.alike))  # fmt: skip
    counts = ((tell(word, lang), len(found.of(sort))) for sort, word in COUNTED.items())
    words = listed((f"{count} {word}" for word, count in counts if count), lang)
    yield Line(translate("{all} verdicts: {words}", lang, all=len(found.changes), words=words or "0"), style="bold")


def _change(change: Change, lang: str) -> str:
    head = change.header
    sites = dict.fromkeys(site_title(on, lang) for on in (head, change.site_after))
    place = listed([" → ".join(sites), translate("{seats} seats", lang, seats=head.seats)], lang)
    place += f" · {target_title(head.target, lang)}"
    what = f"{scenario_title(head, lang)} [{place}] {criterion_title(change.key, lang)}"
    sides = (_side(verdict, head.target, lang) for verdict in (change.before, change.after) if verdict is not None)
    text = translate("{what}: {reason}", lang, what=what, reason=" → ".join(sides))
    moved = _moved(change, lang)
    if moved:
        text += translate(" ({what})", lang, what=moved)
    if change.sort is Sort.WORSE and change.after is not None:
        text += "\n" + tell(change.after.reason, lang)
    return text


def _side(verdict: Verdict, target: str, lang: str) -> str:
    word = outcome_word(verdict.outcome, target, lang) if verdict.applies else tell(NOT_APPLICABLE, lang)
    figure, limit = finding(verdict, lang), show_limit(verdict.limit, lang)
    return " ".join([word, *([figure] if figure else []), *([f"({limit})"] if figure and limit else [])])


def _moved(change: Change, lang: str) -> str:
    """By how much a figure moved, and whether its two intervals still overlap."""
    both = [verdict.measured for verdict in (change.before, change.after) if verdict and verdict.measured]
    if not change.delta or len(both) < 2:
        return ""
    shown = ("+" if change.delta > 0 else "-") + show_value(abs(change.delta), both[0].unit, lang)
    apart = {True: say("intervals overlap"), False: say("intervals apart"), None: None}[change.overlap]
    return listed([shown, *([tell(apart, lang)] if apart else [])], lang)


def _term(term: tuple[str, str, str], lang: str) -> str:
    what, before, after = term
    values: Text = say("{value}", value=before) if before == after else say("{one} → {other}", one=before, other=after)
    return translate("{what}: {reason}", lang, what=tell(TERMS[what], lang), reason=plain(tell(values, lang)))
