"""What a manager reads first, in sentences: who leads and how surely, why, what would turn it, what to ask first."""

from collections.abc import Iterator, Sequence

from simtel.core.i18n import Message, pick, told, translate
from simtel.core.quantity import Basis
from simtel.quotes.compare import Comparison
from simtel.report.quotes.beyond import CRITERIA
from simtel.report.quotes.claims import kept_by
from simtel.report.quotes.compare import turns
from simtel.report.quotes.deviations import Offer
from simtel.report.quotes.money import rounded
from simtel.report.quotes.names import figure, figure_name
from simtel.report.quotes.tornado import leaders
from simtel.report.words import listed, plain

SURE = Message('{option} is first under the weights of "{buyer}", and in {share} % [{low}, {high}] of the draws from'
               " the stated ranges: an estimate.")  # fmt: skip
UNSURE = Message('{option} is first under the weights of "{buyer}", but in only {share} % [{low}, {high}] of the draws'
                 " from the stated ranges: what is assumed may turn it. Sign nothing on this alone.")  # fmt: skip
_BEST = 0.95
_LEAST = 0.25  # of the heaviest reason: what is lighter is not told


def verdict(made: Comparison, lang: str) -> str:
    """Who is first, and how sure that is."""
    first = [place for place in made.places if place.place == 1]
    names = listed((made.options[place.option].option.id for place in first), lang)
    if len(first) > 1:
        return translate("{options} tie for the first place (estimate).", lang, options=names)
    chance = made.chances[first[0].option]
    words = SURE if chance.low >= _BEST else UNSURE
    return plain(translate(
        words.template, lang, option=names, buyer=pick(made.buyer.title, lang), share=f"{100 * chance.share:.0f}",
        low=f"{100 * chance.low:.0f}", high=f"{100 * chance.high:.0f}",
    ))  # fmt: skip


def advice(made: Comparison, offers: Sequence[Offer], lang: str) -> list[tuple[str, str]]:
    """Each with its head: why, what holds, what turns it, what to ask."""
    found = [
        (translate("Why", lang), _why(made, lang)),
        (translate("What the proposal's claim comes to", lang), " ".join(_claims(made, lang))),
        (translate("What would turn it first", lang), _turn(made, lang)),
        (translate("What to ask first", lang), _ask(offers, lang)),
    ]
    return [(head, plain(text)) for head, text in found if text]


def _why(made: Comparison, lang: str) -> str:
    """By which criteria the first leads the second; by which it falls behind."""
    pair = leaders(made)
    if pair is None:
        return ""
    first, second = ({place.option: place for place in made.places}[number] for number in pair)
    whole = sum(scale.weight for scale in made.buyer.scales.values())
    parts = {name: scale.weight / whole * (first.values[name] - second.values[name])
             for name, scale in made.buyer.scales.items()}  # fmt: skip
    heaviest = max(map(abs, parts.values()), default=0.0)
    told_of = sorted((name for name in parts if abs(parts[name]) >= max(_LEAST * heaviest, 5e-4)),
                     key=lambda name: -abs(parts[name]))  # fmt: skip

    def said(names: Sequence[str]) -> str:
        return listed((f"{told(CRITERIA[name], lang)} ({parts[name]:+.3f})" for name in names), lang)

    lead = {"first": made.options[first.option].option.id, "second": made.options[second.option].option.id,
            "lead": f"{first.score - second.score:.3f}"}  # fmt: skip
    for_it, against = ([name for name in told_of if sign * parts[name] > 0] for sign in (1, -1))
    text = translate("{first} leads {second} by {lead} of 1.", lang, **lead)
    if for_it:
        text += translate(" For it: {what}.", lang, what=said(for_it))
    if against:
        text += translate(" Against it: {what}.", lang, what=said(against))
    return text


def _claims(made: Comparison, lang: str) -> Iterator[str]:
    """For each unit that may fail, with which options no call is cut off, as first read."""
    for unit, options in kept_by(made):
        what, which = told(unit, lang), listed(options, lang)
        if options:
            yield translate("When it is {what} that fails, every call goes on with {options} alone.", lang, what=what,
                            options=which)  # fmt: skip
        else:
            yield translate("When it is {what} that fails, calls are cut off with each option.", lang, what=what)


def _turn(made: Comparison, lang: str) -> str:
    """The figure whose break-even moves the lead most."""
    for bar in made.bars:
        found = turns(made, bar, lang)
        if found:
            value = figure(bar.ranged.value, made.units[bar.figure], lang) + "*" * (bar.ranged.basis is Basis.ASSUMED)
            return translate("{figure}, taken as {value}. First is, {turns}.", lang, turns=listed(found, lang),
                             figure=figure_name(made, bar.figure, lang), value=value)  # fmt: skip
    return translate("no figure turns it by itself within its range", lang)


def _ask(offers: Sequence[Offer], lang: str) -> str:
    """The question on which most money hangs."""
    asked = [(one, quote) for quote, _, meant, _ in offers for one in meant.questions[:1]]
    if not asked:
        return ""
    one, quote = max(asked, key=lambda pair: pair[0].money.amount)
    text = pick(one.asked, lang) if isinstance(one.asked, dict) else told(one.asked, lang)
    return translate("{option}: {question} {money} hang on it.", lang, option=quote.id, question=text,
                     money=rounded(one.money.amount, one.money.currency, lang))  # fmt: skip
