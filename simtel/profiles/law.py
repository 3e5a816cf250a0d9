"""Laws of durations as a demand file states them: how long people talk, write up, wait and stay away.

`{law: log-normal, mean: 150s, deviation: 120s, basis: measured, source: ...}`. A law has the figures of its kind and no
other; basis and source stand for them all. An assumed law says between which ends its mean may lie. The quantiles of an
empirical law are those at equal steps from 0 to `upto`; whoever is beyond stays on for another exponential time of mean
`tail`.
"""

from itertools import pairwise
from math import isclose
from typing import Any

import msgspec

from simtel.core.clock import HOUR, MS, SECOND
from simtel.core.document import Loc
from simtel.core.i18n import Message
from simtel.core.problems import did_you_mean
from simtel.core.quantity import Basis, Unit
from simtel.profiles.shape import ListOf, Measure, Record, Report, Shape, Text, Word, shown

LONGEST = 24 * HOUR
_POSITIVE = Measure(Unit.TIME, MS, LONGEST)
_TIME = Measure(Unit.TIME, 0, LONGEST)
_PHASE = Record({"share": Measure(Unit.SHARE), "mean": _POSITIVE})
# Kind of law -> its figures.
FIGURES: dict[str, dict[str, Shape]] = {
    "exponential": {"mean": _POSITIVE},
    "log-normal": {"mean": _POSITIVE, "deviation": _POSITIVE},
    "deterministic": {"mean": _TIME},
    "hyperexponential": {"phases": ListOf(_PHASE, least=2)},
    "empirical": {"quantiles": ListOf(_TIME, least=2), "upto?": Measure(Unit.SHARE, 0.01, 1.0), "tail?": _POSITIVE},
}


class Law(msgspec.Struct, frozen=True):
    """A law of durations, in seconds. `mean` is that of the whole law, whatever its kind; what a kind lacks is empty.

    `deviation`: standard deviation of a log-normal law. `phases`: share and mean of each kind of people of a
    hyperexponential one. `quantiles`, `upto`, `tail`: of an empirical one. `low` and `high`: ends of an assumed mean.
    """

    kind: str
    mean: float
    basis: Basis
    source: str
    deviation: float = 0.0
    phases: tuple[tuple[float, float], ...] = ()
    quantiles: tuple[float, ...] = ()
    upto: float = 1.0
    tail: float = 0.0
    low: float | None = None
    high: float | None = None


def empirical_mean(quantiles: tuple[float, ...], upto: float, tail: float) -> float:
    """Mean of an empirical law: straight lines between its quantiles, and the tail."""
    inner = sum(a + b for a, b in pairwise(quantiles)) / 2 / (len(quantiles) - 1)
    return upto * inner + (1 - upto) * (quantiles[-1] + tail)


class LawShape:
    """Reads one law."""

    def __init__(self) -> None:
        self._records = {
            kind: Record({"law": Word(kind), "basis": Word(*Basis), "source": Text(),
                          "low?": _TIME, "high?": _TIME, **figures})
            for kind, figures in FIGURES.items()
        }  # fmt: skip

    def read(self, raw: Any, loc: Loc, report: Report) -> Law | None:
        if not isinstance(raw, dict) or "law" not in raw:
            message = Message("{found} where a law is due: {{law: ..., mean: ..., basis: ..., source: ...}}",
                              found=shown(raw))  # fmt: skip
            report.add(loc, message, at_key=True)
            return None
        if raw["law"] not in FIGURES:
            words = ", ".join(FIGURES)
            message = Message("{found} where one of these is due: {words}", found=shown(raw["law"]), words=words)
            report.add((*loc, "law"), message, did_you_mean(str(raw["law"]), FIGURES))
            return None
        known = len(report.problems)
        found = self._records[raw["law"]].read(raw, loc, report) or {}
        if len(report.problems) > known:
            return None
        law = _law(found, loc, report)
        if law is not None:
            _range(law, raw, loc, report)
        return law if len(report.problems) == known else None

    def schema(self) -> dict[str, Any]:
        return {"oneOf": [record.schema() for record in self._records.values()]}


def _law(found: dict[str, Any], loc: Loc, report: Report) -> Law | None:
    def seconds(name: str) -> float:
        return float(found.get(name, 0)) / SECOND

    mean, upto = seconds("mean"), found.get("upto", 1.0)
    phases: tuple[tuple[float, float], ...] = ()
    quantiles: tuple[float, ...] = ()
    if found["law"] == "hyperexponential":
        phases = tuple((phase["share"], phase["mean"] / SECOND) for phase in found["phases"])
        if not isclose(sum(share for share, _ in phases), 1.0, abs_tol=1e-6):
            report.add((*loc, "phases"), Message("the shares do not add up to 100%"), at_key=True)
            return None
        mean = sum(share * length for share, length in phases)
    elif found["law"] == "empirical":
        quantiles = tuple(length / SECOND for length in found["quantiles"])
        if any(b < a for a, b in pairwise(quantiles)):
            report.add((*loc, "quantiles"), Message("quantiles never fall: write them in order"), at_key=True)
            return None
        if (upto < 1) != ("tail" in found):
            message = Message("'upto' below 100% and 'tail' belong together: how long those beyond stay on")
            report.add(loc, message, at_key=True)
            return None
        mean = empirical_mean(quantiles, upto, seconds("tail"))
    return Law(
        found["law"], mean, Basis(found["basis"]), found["source"], seconds("deviation"), phases, quantiles, upto,
        seconds("tail"), *(found[end] / SECOND if end in found else None for end in ("low", "high")),
    )  # fmt: skip


def _range(law: Law, raw: dict[str, Any], loc: Loc, report: Report) -> None:
    """An assumed law has a range round its mean, and no other has."""
    if law.basis is not Basis.ASSUMED:
        for end in ("low", "high"):
            if end in raw:
                report.add((*loc, end), Message("{key} belongs to an assumed figure only", key=f"'{end}'"), at_key=True)
    elif law.low is None or law.high is None:
        report.add(loc, Message("an assumed figure needs a range: 'low' and 'high'"), at_key=True)
    elif law.low == law.high:
        message = Message("is a range of one value: an assumed figure may be off by something")
        report.add((*loc, "low"), message)
    elif not law.low <= law.mean <= law.high:
        message = Message("the mean, {value} s, is not within its range, {low} s to {high} s",
                          value=f"{law.mean:.6g}", low=f"{law.low:.6g}", high=f"{law.high:.6g}")  # fmt: skip
        report.add((*loc, "low"), message)
