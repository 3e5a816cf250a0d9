"""How a verdict is put into words: outcomes, figures with their unit, limits with their side, kinds of target.

Everything here takes a language and gives text. Nothing judges: a PASS stays a PASS, but it is always shown together
with what a PASS on that kind of target is worth (an estimate, a self-test, or evidence).
"""

import re
from collections.abc import Iterable

from simtel.core.causes import CAUSES
from simtel.core.clock import show_duration
from simtel.core.events import FIELDS, Kind
from simtel.core.i18n import pick, term, translate
from simtel.core.log import Figure, Header, Limit
from simtel.core.quantity import Unit, Value
from simtel.core.units import show, show_rough
from simtel.profiles.kinds import KINDS, SITE
from simtel.sizing.fitting.arrivals import WEEK
from simtel.verdict.judge import OTHERS
from simtel.verdict.outcome import Outcome
from simtel.verdict.verdict import Measured, Text, Verdict, about, say

# As `profiles.resolve` writes it of a licence that grew with the seats.
_GROWN = re.compile(r"grown from (?P<given>\d+) for (?P<seats>\d+) seats; (?P<source>.*)", re.DOTALL)
WORDS = {
    Outcome.PASS: say("PASS"),
    Outcome.INCONCLUSIVE: say("INCONCLUSIVE"),
    Outcome.FAIL: say("FAIL"),
    Outcome.ERROR: say("ERROR"),
}
PASSES = {"virtual": say("PASS (estimate)"), "loopback": say("PASS (self-test)")}
MARKS = {Outcome.PASS: "✓", Outcome.INCONCLUSIVE: "?", Outcome.FAIL: "✕", Outcome.ERROR: "!"}
IDLE, NOT_APPLICABLE = "—", say("not applicable")  # INCONCLUSIVE because there was nothing to judge
TARGETS = {
    "virtual": say("virtual: an estimate about a design"),
    "loopback": say("loopback: a self-test of simtel"),
    "bench": say("bench: evidence about a product"),
}
MEANINGS = {
    "virtual": say("A PASS on the virtual target is an estimate about a design, not evidence about a product."),
    "loopback": say("A PASS on the loopback target is a self-test of simtel, not evidence about a product."),
    "bench": say("A PASS on the bench is evidence about the product that stood there."),
}
INCONCLUSIVE_MEANS = say("INCONCLUSIVE is not a pass: the evidence does not decide.")
STAR_MEANS = say("* rests on assumed or unknown figures of the site: other values of them may give another figure.")
SEAMLESS = ("0.1 s", "1 s", "3 s", "30 s")
# Criteria whose figure stands for a claim without a figure ("seamless"): shown against 0.1, 1, 3 and 30 s.
CLAIMS = frozenset({"media-gap", "failover-time"})


def remarks(targets: Iterable[str], verdicts: Iterable[Verdict]) -> list[Text]:
    """What must be read with these verdicts: what a PASS is worth, and what INCONCLUSIVE and a star mean if shown.

    What others recorded is told by the note that each PASS on it carries.
    """
    seen = list(verdicts)
    open_ = any(verdict.outcome is Outcome.INCONCLUSIVE and verdict.applies for verdict in seen)
    starred = any(verdict.rests_on for verdict in seen)
    worth = [MEANINGS[target] for target in dict.fromkeys(targets) if target in MEANINGS]
    recorded = any(note == OTHERS for verdict in seen for note in verdict.notes)
    worth += [OTHERS] if recorded else []
    return [*worth, *([INCONCLUSIVE_MEANS] if open_ else []), *([STAR_MEANS] if starred else [])]


def tell(text: Text, lang: str) -> str:
    """A sentence of a verdict."""
    return plain(translate(text.template, lang, **text.args))


def outcome_word(outcome: Outcome, target: str, lang: str) -> str:
    """The outcome in a word; a PASS says what it is worth."""
    text = PASSES.get(target, WORDS[outcome]) if outcome is Outcome.PASS else WORDS[outcome]
    return tell(text, lang)


def target_title(target: str, lang: str) -> str:
    """The kind of target, and what its verdicts are about."""
    return tell(TARGETS[target], lang) if target in TARGETS else plain(target)


def show_value(value: Value, unit: Unit, lang: str) -> str:
    """A figure with its unit. A figure that is not of its unit (a foreign file) is shown as it stands."""
    if unit in (Unit.CHOICE, Unit.FLAG):
        stated = translate(value, lang) if isinstance(value, str) else value  # a sentence of a profile, or a word
        return plain(translate("{value}", lang, value=stated))
    try:
        return plain(show(value, unit))
    except (TypeError, ValueError, OverflowError):
        return plain(str(value))


def show_measured(measured: Measured | None, lang: str, limit: Limit | None = None) -> str:
    """A measured figure with its uncertainty, or with the interval of the sample that it is drawn from; empty when
    nothing was measured. Rounding moves no end of an interval past the limit.
    """
    if measured is None:
        return ""
    if measured.low is not None and measured.high is not None:
        ends = (measured.value, measured.low, measured.high)
        value, low, high = (_sampled(end, measured.unit, limit, lang) for end in ends)
        return translate("{value} ({low} to {high})", lang, value=value, low=low, high=high)
    if measured.unit is Unit.TIME and isinstance(measured.value, int) and measured.uncertainty:
        exact = about(measured.value, round(measured.uncertainty))
        return plain(f"{exact['gap']} ± {exact['off']}")
    text = show_value(measured.value, measured.unit, lang)
    return f"{text} ± {show_value(measured.uncertainty, measured.unit, lang)}" if measured.uncertainty else text


def _sampled(value: Value, unit: Unit, limit: Limit | None, lang: str) -> str:
    """A figure of a sample: a duration in few digits."""
    if unit is not Unit.TIME or isinstance(value, str | bool):
        return show_value(value, unit, lang)
    beside = None if limit is None or isinstance(limit.value, str | bool) else limit.value
    return show_rough(value, beside)


def never(verdict: Verdict) -> int | None:
    """For a time that failed because it never ended: how many calls were cut, or 0 for a service that stayed away.

    None for any other verdict. The reason says so too; this keeps a small measured figure from being read alone.
    """
    if verdict.outcome is not Outcome.FAIL or verdict.criterion not in CLAIMS:
        return None
    cut = verdict.figures.get("cut")
    if cut is not None and cut.value:
        return int(cut.value)
    return 0 if verdict.measured is None else None


def finding(verdict: Verdict, lang: str) -> str:
    """What was measured, in short, with a star when it rests on assumed or unknown figures; empty when nothing was."""
    cut, shown = never(verdict), show_measured(verdict.measured, lang, verdict.limit)
    if cut is not None:
        shown = translate("{count} calls cut", lang, count=cut) if cut else translate("not restored", lang)
    return f"{shown}*" if shown and verdict.rests_on else shown


def beside_limit(verdict: Verdict, lang: str) -> str:
    """What was measured with its limit beside it, such as "2.1 s, limit ≤ 3 s"; empty when there is neither."""
    measured, limit = finding(verdict, lang), show_limit(verdict.limit, lang)
    if not limit:
        return measured
    if not measured:
        return translate("not measured, limit {limit}", lang, limit=limit)
    return translate("{measured}, limit {limit}", lang, measured=measured, limit=limit)


def listed(parts: Iterable[str], lang: str) -> str:
    """Several things in a row, with the comma of the language."""
    return ("、" if lang == "zh" else ", ").join(parts)


def show_limit(limit: Limit | None, lang: str) -> str:
    """A limit with the side on which it is met; empty when there is none."""
    if limit is None:
        return ""
    sign = "≥" if limit.name.endswith("at_least") else "≤"
    return f"{sign} {show_value(limit.value, limit.unit, lang)}"


def show_source(basis: str, source: str, lang: str) -> str:
    """Basis and source of a figure."""
    grown = _GROWN.fullmatch(source)
    said = translate(grown["source"] if grown else source, lang) if source else ""
    if grown:
        said = translate(
            "grown from {given} for {seats} seats; {source}", lang,
            given=grown["given"], seats=grown["seats"], source=plain(said),
        )  # fmt: skip
    if not said:
        return plain(term(basis, lang))
    return translate("{basis}: {source}", lang, basis=plain(term(basis, lang)), source=plain(said))


def figure_name(name: str, lang: str) -> str:
    """The name of a verdict's further figure, such as `detection` or `cause.trunk`."""
    colon = "：" if lang == "zh" else ": "
    return plain(colon.join(term(part, lang).replace("_", " ") for part in name.split(".")))


def figure_meaning(path: str, lang: str) -> str:
    """What a figure of a site is, from the vocabulary of devices; empty for a path that it does not know."""
    role, _, name = path.partition(".")
    tables = (SITE,) if role == "site" else (KINDS.get(role, {}), *KINDS.values())
    found = next((table[name] for table in tables if name in table), None)
    return translate(found.meaning, lang) if found is not None else ""


def show_range(figure: Figure, lang: str) -> str:
    """The range of an assumed figure, or its alternatives, or what stood in for an unknown."""
    tried = [show_value(value, figure.unit, lang) for value in figure.alternatives]
    if figure.low is not None and figure.high is not None:
        ends = (show_value(end, figure.unit, lang) for end in (figure.low, figure.high))
        return listed([" – ".join(ends), *tried], lang)
    return listed(tried, lang)


def event_words(kind: str, subject: str, lang: str) -> str:
    """What an event says, in words. An unknown kind (a foreign log) is shown as it stands."""
    try:
        sentence = FIELDS[Kind(kind)][0]
    except ValueError:
        return plain(kind)
    return plain(translate(sentence, lang).replace("`subject`", subject))


def field_words(name: str, value: Value, lang: str) -> str:
    """One field of an event: durations as durations, words of the vocabulary translated."""
    if name in ("gap", "silent", "duration", "since") and isinstance(value, int):
        return plain(f"{term(name, lang)} {show_duration(value)}")
    if name == "skill":
        return plain(f"{term(name, lang)} {value}")
    if name == "direction":
        value = {"in": "inbound", "out": "outbound"}.get(str(value), value)
    shown = translate("{value}", lang, value=value)
    return plain(f"{term(name, lang)} {shown}")


def scenario_title(header: Header, lang: str) -> str:
    """The scenario's title, else its id."""
    return plain(pick(header.title, lang) or header.scenario)


def site_title(header: Header, lang: str) -> str:
    """The site's title, else its id."""
    return plain(pick(header.site_title, lang) or header.site)


def plain(text: str) -> str:
    """The same text with nothing in it that moves a cursor or turns the writing direction."""
    if text.isprintable():
        return text
    harmless = (char if char.isprintable() else " " if char.isspace() else "\N{REPLACEMENT CHARACTER}" for char in text)
    return "".join(harmless)


# Words of the vocabulary that may stand alone in a report or in a field; each has an entry in every catalogue.
TERMS = (
    # yes and no, basis of a figure
    "yes", "no", "measured", "standard", "datasheet", "quoted", "computed", "buyer", "assumed", "unknown",
    "printed", "read",
    # how calls end and why
    "completed", "abandoned", "waiting", "run-over", "unanswered", "refused", "failed", "cut", *CAUSES,
    "not-entered", "agent-licence", "adapter-port", "seats", "recording-channel", "patience", "normal",
    "fault", "silence",
    "agent", "caller", "callee", "public", "exchange", "server", "gateway", "hung-up", "no-end", "no end",
    # laws of durations, types of day, how calls of a log end
    "exponential", "log-normal", "deterministic", "hyperexponential", "empirical", "workday", "weekend", *WEEK, "ivr",
    "blocked",
    # roles
    "servers", "gateways", "spans", "loops", "boards", "switches", "feeds", "platforms",
    # states
    "out", "ready", "ringing", "talking", "wrap-up", "inbound", "outbound", "console", "phone", "headset",
    "los", "ais", "lof", "rai", "t16ais", "ok", "timeout", "bye", "hold", "resume", "refresh", "calls", "timeslots",
    "dialogs", "licences", "queue", "ports", "files", "processes",
    # faults
    "crash", "hang", "link-down", "heartbeat-lost", "replication-lost", "replication-late", "latent", "span-cut",
    "span-deaf", "span-mute", "span-ais", "span-lof", "span-ts16", "clock-two-masters", "clock-two-slaves",
    "port-dead", "console-crash", "headset-lost", "power-lost",
    "headset-unplugged", "no-dial-tone", "no-loop-current", "stuck-off-hook", "stuck-on-hook", "ring-no-trip",
    "codec-noise", "lines-crossed", "board-unseated",
    "dsp-dead", "ring-dead", "watchdog-reset", "bus-lost", "board-swap", "open-loop",
    # states of a port
    "off-hook", "howler", "locked-out", "in-service",
    # fields of events
    "number", "unit", "offered", "what", "count", "direction", "skill", "attempt", "slot", "by", "cause",
    "disposition", "gap", "silent", "part", "held", "up", "state", "end", "method", "answer", "alarm", "on", "since",
    "sent", "answered", "duration", "service", "priority", "recorded", "length", "slips", "found", "never",
    # why a recording is not whole
    "truncated", "clock", "lines", "tcp", "sip", "limit",
    # figures of verdicts
    "detection", "promotion", "restoration", "preserved", "ended-early", "dialog", "record-missing", "record-double",
    "noisy", "talks", "rung", "elsewhere",
    "unproved", "unheard", "missing", "double", "wrong", "surplus", "pending", "takeovers", "called-for", "two-active",
)  # fmt: skip
