"""What a load of SIP calls came to, and the messages of one call: text for a terminal, and JSON."""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text as Line

from simtel.core.clock import MS, SECOND
from simtel.core.i18n import Message, term, told, translate
from simtel.core.units import show_rough
from simtel.probe.sip_figures import QUANTILES
from simtel.probe.sip_load import Limit, Outcome
from simtel.protocols.sip.reasons import REASONS
from simtel.report.table import printed

SCHEMA = "sip-load/1"
DELAYS = {
    "srd": Message("session request delay (SRD): until it rings or is answered"),
    "setup": Message("until it is answered"),
    "sdd": Message("session disconnect delay (SDD)"),
    "sdt": Message("session duration (SDT)"),
    "srd-failed": Message("session request delay of refused calls"),
}
LIMITS = {
    Limit.NOTHING: Message("nothing limited it: every call came through at the rate asked for"),
    Limit.DEVICE: Message("the device or the network limited it: the tester was in time, and calls failed or messages "
                          "had to be sent again"),
    Limit.TESTER: Message("the tester itself limited it: what is said of the device is too bad by an unknown amount"),
}  # fmt: skip
CAUSES = {
    "hang-up": Message("the BYE was refused"), "bye": Message("the other end hung up"),
    "no-ack": Message("no ACK came"), "gone": Message("the other end knew the call no more, or was silent"),
}  # fmt: skip


class Rung(NamedTuple):
    """A message on the wire: seconds since the first, whether it was sent, and its start line."""

    at: int
    sent: bool
    line: str


def render_load(outcome: Outcome, lang: str = "en", colour: bool = False, width: int | None = None) -> str:
    """The figures as text, `width` columns wide (the terminal's own width when None)."""
    ratios = outcome.ratios
    counts = translate(
        "{attempts} calls at {rate}/s in {elapsed}, {most} at once: {answered} answered, {completed} completed", lang,
        attempts=outcome.attempts, rate=f"{outcome.rate:.4g}", elapsed=show_rough(outcome.elapsed), most=outcome.most,
        answered=outcome.answered, completed=outcome.completed,
    )  # fmt: skip
    shares = translate(
        "session establishment ratio (SER) {ser}, effectiveness (SEER) {seer}, ineffective attempts (ISA) {isa}, "
        "completion (SCR) {scr}", lang,
        ser=_percent(ratios.ser, lang), seer=_percent(ratios.seer, lang), isa=_percent(ratios.isa, lang),
        scr=_percent(ratios.scr, lang),
    )  # fmt: skip
    parts: list[RenderableType] = [Line(counts), Line(shares), _delays(outcome, lang)]
    parts += [Line(line) for line in _failures(outcome, lang)]
    parts.append(Line(translate(
        "{repeated} messages were sent again; the tester worked {busy} of the time, and its latest call began {late} "
        "late", lang, repeated=outcome.repeated, busy=_percent(outcome.busy, lang), late=show_rough(outcome.late),
    )))  # fmt: skip
    parts.append(Line(told(LIMITS[outcome.limit], lang)))
    return printed(parts, colour, width)


def _delays(outcome: Outcome, lang: str) -> Table:
    table = Table()
    table.add_column(translate("delay after RFC 6076", lang), overflow="fold")
    for head in (
        translate("calls", lang), translate("mean", lang),
        *(f"{share:.0%}" if share < 1 else translate("longest", lang) for share in QUANTILES),
    ):  # fmt: skip
        table.add_column(head, justify="right")
    for name, title in DELAYS.items():
        found = outcome.delays[name]
        if found is not None:
            table.add_row(
                told(title, lang), str(found.count), show_rough(found.mean), *map(show_rough, found.quantiles)
            )
    return table


def _failures(outcome: Outcome, lang: str) -> Iterable[str]:
    for status, count in outcome.refused.items():
        yield translate("{count} refused: {status} {reason}", lang, count=count, status=status,
                        reason=REASONS.get(status, ""))  # fmt: skip
    for cause, count in outcome.broken.items():
        why = told(CAUSES[cause], lang) if cause in CAUSES else term(cause, lang)
        yield translate("{count} broken off: {cause}", lang, count=count, cause=why)


def _percent(share: float | None, lang: str) -> str:
    return translate("none", lang) if share is None else f"{share * 100:.4g} %"


def load_json(outcome: Outcome, to: str) -> bytes:
    """The same for programs. Delays in seconds, shares 0..1."""
    delays = {
        name: None if found is None else {
            "count": found.count, "mean": found.mean / SECOND,
            **{f"p{share * 100:g}": value / SECOND for share, value in zip(QUANTILES, found.quantiles, strict=True)},
        }
        for name, found in outcome.delays.items()
    }  # fmt: skip
    said = {
        "simtel": SCHEMA, "to": to, "attempts": outcome.attempts, "answered": outcome.answered,
        "completed": outcome.completed, "refused": {str(k): v for k, v in outcome.refused.items()},
        "broken": outcome.broken, "ratios": msgspec.to_builtins(outcome.ratios), "delays": delays,
        "rate": outcome.rate, "elapsed": outcome.elapsed / SECOND, "at_once": outcome.most,
        "sent_again": outcome.repeated, "late": outcome.late / SECOND, "busy": outcome.busy,
        "limit": outcome.limit.value,
    }  # fmt: skip
    return msgspec.json.format(msgspec.json.encode(said), indent=2) + b"\n"


def render_messages(rungs: Iterable[Rung], here: str, there: str) -> str:
    """The messages of a call, in their order, as a ladder between two columns."""
    lines = [f"{'':>12}  {here:<22} {there}"]
    for rung in rungs:
        arrow = f"|--- {rung.line} --->|" if rung.sent else f"|<--- {rung.line} ---|"
        lines.append(f"{rung.at / MS:9.3f} ms  {arrow}")
    return "\n".join(lines) + "\n"
