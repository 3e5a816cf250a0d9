"""A sweep for people and programs: a table, CSV (schema sweep/1), and the picture of its curves."""

import csv
import io
from collections.abc import Sequence

from rich.cells import cell_len

from simtel.core.i18n import translate
from simtel.report.both import Words, both
from simtel.report.sizing_curves import Curve, Point, sizing_curves
from simtel.report.svg import Drawing
from simtel.run.seat_sweep import SCHEMA, Sweep
from simtel.sizing.design.sweep_point import MEASURES
from simtel.sizing.design.sweep_point import Point as Swept

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
    return Curve(words, [(seats, share.formula) for seats, share in shares], simulated, target)


def render_sweep(sweep: Sweep, lang: str) -> str:
    """A table for a terminal: the simulated share, how far it may be off, and the formula's."""
    head = [translate("seats", lang), *(words[lang] for words in names(sweep).values())]
    rows = [head]
    for one in sweep.points:
        shares = [one.shares.get(name) for name in sweep.asked.measures]
        cells = [
            translate("no steady state: nobody gives up", lang) if share is None
            else f"{share.mean:.2%} ± {(share.high - share.low) / 2:.2%} ({share.formula:.2%})"
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
    return "\n".join(lines) + "\n"
