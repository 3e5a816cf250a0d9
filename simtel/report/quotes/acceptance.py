"""The outline of an acceptance test: for each scenario of the requirements what is done, what is measured, its limit
and where that comes from, with room for the result and for signatures.

Left out is what nobody can do on a floor: years of failures that come by themselves, and criteria about simtel itself.
"""

from collections.abc import Iterator, Sequence

from simtel.core.faults import FAULTS
from simtel.core.i18n import Message, pick, term, told, translate
from simtel.core.log import Expectation
from simtel.core.quantity import Unit
from simtel.core.units import show
from simtel.report.claims import CLAIMED, SPEAKS_OF, speaks_of
from simtel.report.quotes.deviations import TECHNICAL
from simtel.report.quotes.sheets import Sheet
from simtel.report.table import criterion_title
from simtel.report.words import listed, show_limit, show_source, tell
from simtel.scenario.spec import Fault, Scenario
from simtel.verdict.verdict import key_of

_SIGN = (Message("for the buyer"), Message("for the vendor"), Message("witness"))
_LINE = "_" * 24
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
                    yield (", ".join(spoken), _step(scenario, lang),
                           criterion_title(key_of(wanted.criterion, wanted.subject), lang),
                           _limits(wanted, lang), _sources(wanted, lang), "", "")  # fmt: skip


def _step(scenario: Scenario, lang: str) -> str:
    faults = [_fault(one, lang) for one in scenario.faults]
    return "\n".join([f"{pick(scenario.title, lang)} ({scenario.id})", *faults])


def _fault(fault: Fault, lang: str) -> str:
    """When what is done to which unit."""
    what = translate(FAULTS[fault.kind][0], lang)
    role, _, which = fault.subject.partition(".")
    unit = f"{term(role, lang)} {which}".strip()
    if fault.at is not None:
        return translate("at {time}, {unit}: {what}", lang, time=show(fault.at, Unit.TIME), unit=unit, what=what)
    return translate("{unit}: {what}", lang, unit=unit, what=what)


def _limits(wanted: Expectation, lang: str) -> str:
    found = [show_limit(limit, lang) for limit in wanted.limits]
    return listed(found, lang) if found else translate("as the criterion says", lang)


def _sources(wanted: Expectation, lang: str) -> str:
    return "\n".join(dict.fromkeys(show_source(limit.basis, limit.source, lang) for limit in wanted.limits))


def acceptance_sheet(library: Sequence[Scenario], name: str, lang: str) -> Sheet:
    """The outline as a table to print and fill in."""
    rows = tuple(acceptance_rows(library, lang))
    untried = [claim for claim in TECHNICAL if not any(claim in row[0].split(", ") for row in rows)]
    notes = [translate("no scenario speaks of {claim}: {what}", lang, claim=claim, what=tell(CLAIMED[claim], lang))
             for claim in untried]  # fmt: skip
    notes += [f"{told(who, lang)}: {_LINE}   {translate('date', lang)}: {_LINE}" for who in _SIGN]
    heads = (translate("requirement", lang), translate("step", lang), translate("what is measured", lang),
             translate("limit", lang), translate("source", lang), translate("result", lang),
             translate("met, and signature", lang))  # fmt: skip
    return Sheet(name, translate("Acceptance test", lang), heads, (12, 60, 40, 14, 50, 16, 22), rows, "CNY",
                 tuple(notes))  # fmt: skip
