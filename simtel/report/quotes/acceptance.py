"""The outline of an acceptance test: for each scenario of the requirements what is done, what is measured, its limit
and where that comes from, with room for the result and for signatures.

Each offer has an outline of its own: what its site has no unit for is left out, such as a platform switchover where
there is one platform. Left out as well is what nobody can do on a floor: years of failures that come by themselves, and
criteria about simtel itself. What asks for more than the requirement says has the requirement in brackets: it is for
the buyer to agree on before signing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from simtel.core.faults import FAULTS
from simtel.core.i18n import Message, pick, term, told, translate
from simtel.core.log import Expectation
from simtel.core.quantity import Unit
from simtel.core.units import show
from simtel.quotes.asked import beyond
from simtel.report.claims import CLAIMED, SPEAKS_OF, speaks_of
from simtel.report.quotes.deviations import TECHNICAL
from simtel.report.quotes.sheets import Sheet
from simtel.report.table import criterion_title
from simtel.report.words import listed, show_limit, show_source, tell
from simtel.scenario.spec import Fault, Scenario
from simtel.verdict.verdict import Text, key_of

_SIGN = (Message("for the buyer"), Message("for the vendor"), Message("witness"))
_WHICH = {"active": Message("active"), "standby": Message("standby")}
_LINE = "_" * 24
_FIGURE = re.compile(r"`(delay|period|count|factor|by)`")  # of a fault, in the words for its kind
_TIMES = ("delay", "period", "by")
Lacks = Mapping[str, Text]
Row = tuple[str, str, str, str, str, str, str]


def acceptance_rows(library: Sequence[Scenario], lang: str) -> Iterator[Row]:
    """A row for each scenario and criterion, by the first requirement that the criterion speaks of."""
    for claim in TECHNICAL:
        for scenario in library:
            if claim not in scenario.requirement or scenario.random is not None:
                continue
            for wanted in scenario.expect:
                spoken = [one for one in scenario.requirement if one in TECHNICAL and speaks_of(wanted.criterion, one)]
                if SPEAKS_OF.get(wanted.criterion) and min(spoken, key=TECHNICAL.index, default="") == claim:
                    yield (", ".join(_bracketed(one, scenario.id) for one in spoken), _step(scenario, lang),
                           criterion_title(key_of(wanted.criterion, wanted.subject), lang),
                           _limits(wanted, lang), _sources(wanted, lang), "", "")  # fmt: skip


def _bracketed(claim: str, scenario: str) -> str:
    return claim if beyond(claim, scenario) is None else f"({claim})"


def _step(scenario: Scenario, lang: str) -> str:
    faults = [_fault(one, lang) for one in scenario.faults]
    return "\n".join([f"{pick(scenario.title, lang)} ({scenario.id})", *faults])


def _fault(fault: Fault, lang: str) -> str:
    """When what is done to which unit."""
    what = _FIGURE.sub(lambda found: _figure(fault, found[1]), translate(FAULTS[fault.kind][0], lang))
    role, _, which = fault.subject.partition(".")
    unit = f"{term(role, lang)} {told(_WHICH[which], lang) if which in _WHICH else which}".strip()
    if fault.at is not None:
        return translate("at {time}, {unit}: {what}", lang, time=show(fault.at, Unit.TIME), unit=unit, what=what)
    return translate("{unit}: {what}", lang, unit=unit, what=what)


def _figure(fault: Fault, name: str) -> str:
    """A figure of a fault, as the scenario states it."""
    value = getattr(fault, name)
    return show(value, Unit.TIME) if name in _TIMES else str(value)


def _limits(wanted: Expectation, lang: str) -> str:
    found = [show_limit(limit, lang) for limit in wanted.limits]
    return listed(found, lang) if found else translate("as the criterion says", lang)


def _sources(wanted: Expectation, lang: str) -> str:
    return "\n".join(dict.fromkeys(show_source(limit.basis, limit.source, lang) for limit in wanted.limits))


def acceptance_sheet(offer: str, library: Sequence[Scenario], lacks: Lacks, name: str, lang: str) -> Sheet:
    """The outline for one offer as a table to print and fill in. `lacks`: scenarios that its site lacks units for."""
    rows = tuple(acceptance_rows([one for one in library if one.id not in lacks], lang))
    spoken = {claim.strip("()") for row in rows for claim in row[0].split(", ")}
    notes = [translate("no scenario speaks of {claim}: {what}", lang, claim=claim, what=tell(CLAIMED[claim], lang))
             for claim in TECHNICAL if claim not in spoken]  # fmt: skip
    notes.append(translate("in brackets: it asks for more than the requirement says; to be agreed on", lang))
    reasons: dict[str, list[str]] = {}
    for scenario, why in lacks.items():
        reasons.setdefault(tell(why, lang), []).append(scenario)
    notes += [f"{why}: {listed(names, lang)}" for why, names in reasons.items()]
    notes += [f"{told(who, lang)}: {_LINE}   {translate('date', lang)}: {_LINE}" for who in _SIGN]
    heads = (translate("requirement", lang), translate("step", lang), translate("what is measured", lang),
             translate("limit", lang), translate("source", lang), translate("result", lang),
             translate("met, and signature", lang))  # fmt: skip
    title = translate("Acceptance test of {option}", lang, option=offer)
    return Sheet(name, title, heads, (12, 60, 40, 18, 50, 16, 22), rows, "CNY", tuple(notes), shared=frozenset({4}))
