"""A sweep for people and programs: a table, CSV (schema sweep/1), and the picture of its curves."""

import csv
import io
from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from simtel.core.i18n import translate
from simtel.report.both import Words, both
from simtel.report.sizing_curves import Curve, Point, sizing_curves
from simtel.report.svg import Drawing
from simtel.run.seat_sweep import SCHEMA, Sweep
from simtel.sizing.design.sweep_point import MEASURES, Share
from simtel.sizing.design.sweep_point import Point as Swept

# Why formula and simulation differ.
WHY = {
    "redials": both("who dials again does so soon; the formula takes redials as late and at random"),
    "talk": both("talks are not exponential; the formula knows their mean alone"),
    "wrap_up": both("a wrap-up holds the seat and no trunk; where calls are refused the formula takes how many seats "
                    "are in it as independent of that"),
    "wrap_up_law": both("wrap-ups are not exponential; the formula knows their mean alone"),
    "service": both("talk and wrap-up together are not exponential; the formula knows their mean alone"),
    "patience": both("patience is not exponential; the formula knows its mean alone"),
    "ports": both("there are fewer IVR ports than trunks; the formula takes the calls that they let through as even"),
}  # fmt: skip
# Column of the CSV -> what it holds; shares from 0 to 1.
COLUMNS = (
    "simtel", "demand", "trunks", "ivr_ports", "seats", "replications", "calls", "warm_up", "confidence",
    *(f"{name}{part}" for name in MEASURES for part in ("", "_low", "_high", "_formula")),
)  # fmt: skip


def names(sweep: Sweep) -> dict[str, Words]:
    """The measures in words."""
    seconds = f"{sweep.asked.callers.threshold:g}"
    found = {
        "service_level": both("service level: answered within {seconds} s", seconds=seconds),
        "abandonment": both("abandonment"),
        "occupancy": both("occupancy"),
        "blocking": both("blocking"),
    }
    return {name: found[name] for name in sweep.asked.measures}


def sweep_csv(sweep: Sweep) -> str:
    """One row a point; the figures of one without a steady state are empty."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for one in sweep.points:
        house = ["", ""] if sweep.asked.trunks is None else [sweep.asked.trunks, sweep.asked.ports]
        row: list[object] = [SCHEMA, sweep.demand, *house, one.seats, one.replications, one.calls, one.warm_up,
                             sweep.asked.confidence]  # fmt: skip
        for name in MEASURES:
            share = one.shares.get(name)
            row += ["", "", "", ""] if share is None else [share.mean, share.low, share.high, share.formula]
        writer.writerow(row)
    return out.getvalue()


def sweep_drawing(sweep: Sweep, targets: dict[str, float]) -> Drawing | None:
    """The curves of all measures; `targets` by their names. None when no point has a steady state."""
    steady = [one for one in sweep.points if one.shares]
    curves = [_curve(words, name, steady, targets.get(name)) for name, words in names(sweep).items()]
    return sizing_curves(curves, sweep.asked.confidence) if steady else None


def _curve(words: Words, name: str, points: Sequence[Swept], target: float | None) -> Curve:
    shares = [(one.seats, one.shares[name]) for one in points]
    simulated = [Point(seats, share.mean, share.low, share.high) for seats, share in shares]
    formula = [(seats, share.formula) for seats, share in shares if share.formula is not None]
    return Curve(words, formula, simulated, target)


def render_sweep(sweep: Sweep, lang: str) -> str:
    """A table for a terminal: the simulated share, how far it may be off, and the formula's."""
    head = [translate("seats", lang), *(words[lang] for words in names(sweep).values())]
    rows = [head]
    for one in sweep.points:
        shares = [one.shares.get(name) for name in sweep.asked.measures]
        cells = [
            translate("no steady state: nobody gives up", lang) if share is None
            else f"{share.mean:.2%} ± {(share.high - share.low) / 2:.2%} ({_told(share)})"
            for share in shares
        ]  # fmt: skip
        rows.append([str(one.seats), *cells])
    widths = [max(cell_len(row[column]) for row in rows) for column in range(len(head))]
    lines = ["  ".join(" " * (width - cell_len(cell)) + cell for cell, width in zip(row, widths, strict=True)).rstrip()
             for row in rows]  # fmt: skip
    share = f"{sweep.asked.confidence * 100:g}%"
    lines.append(translate(
        "simulated ± half of the {share} interval (of all measures of a point at once), in brackets the formula",
        lang, share=share,
    ))  # fmt: skip
    return "\n".join([*lines, *_compared(sweep, lang)]) + "\n"


def _told(share: Share) -> str:
    return "-" if share.formula is None else f"{share.formula:.2%}"


def _compared(sweep: Sweep, lang: str) -> Iterator[str]:
    """How far formula and simulation are apart, and why."""
    shares = [(one.seats, name, share) for one in sweep.points for name, share in one.shares.items()]
    if not shares:
        return
    if all(share.formula is None for _, _, share in shares):
        yield translate(
            "no formula's curve stands beside it: talk, wrap-up or patience follows quantiles, or scatters so much "
            "that a formula that knows the mean alone would stand for other callers", lang
        )  # fmt: skip
        return
    seats, name, worst = max(shares, key=lambda each: each[2].off)
    if not worst.off:
        yield translate("the formula lies within the interval at every point", lang)
        return
    yield translate(
        "the formula lies outside the interval for {off} of {count} figures, farthest at {seats} seats: {measure} "
        "{found} simulated, {formula} by the formula", lang, off=sum(share.off > 0 for _, _, share in shares),
        count=len(shares), seats=seats, measure=names(sweep)[name][lang], found=f"{worst.mean:.2%}",
        formula=_told(worst),
    )  # fmt: skip
    if not sweep.apart:
        yield "  " + translate("the formula is exact for such callers: that is chance", lang)
    for key in sweep.apart:
        yield "  " + WHY[key][lang]
