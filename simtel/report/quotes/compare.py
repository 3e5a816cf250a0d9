"""Options side by side: tables for a terminal, one below the other, and JSON."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import msgspec
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text as Line

from simtel.core.i18n import Message, pick, term, told, translate
from simtel.core.quantity import Basis
from simtel.quotes.compare import Compared, Comparison, Sized, Tried
from simtel.quotes.jury import LOG
from simtel.quotes.money import Money
from simtel.quotes.trial import Held
from simtel.quotes.turning import Turn
from simtel.report.table import STYLES, printed
from simtel.report.words import outcome_word, plain

SCHEMA = "quote-comparison/1"
BARS = 12  # figures whose bars are told, of those that move a lead by as much as is shown
LEAST = 0.0005
ITEMS = {
    "price": Message("offer"), "spares": Message("spares"), "support": Message("support after the warranty"),
    "power": Message("power"), "lines": Message("rent of lines"), "outages": Message("outages*"),
    "calls": Message("lost calls*"),
}  # fmt: skip
CRITERIA = {
    "cost": Message("cost"), "outage": Message("outages"), "failover": Message("failover"),
    "service": Message("answered in time"), "blocking": Message("refused"), "single": Message("single units"),
    "growth": Message("growth"),
}  # fmt: skip
MEASURES = {
    "service_level": Message("answered in time"), "blocking": Message("refused"),
    "abandonment": Message("hang up"), "occupancy": Message("agents busy"),
}  # fmt: skip
OF_OPTIONS = {"offer": Message("offer"), "warranty": Message("warranty")}
OF_DEVICES = {
    "mtbf_hours": Message("works until it fails"), "repair_time": Message("a repair takes"),
    "together": Message("failures that take all of a kind"), "coverage": Message("failures that a take-over covers"),
    "standby_shown": Message("failures of a standby that are noticed"),
}  # fmt: skip
WORDS = {
    "tariff": Message("price of power"), "span_rent": Message("rent of an E1"),
    "line_rent": Message("rent of an analog line"), "outage_hour": Message("cost of an hour of outage"),
    "lost_call": Message("worth of a call that is lost"), "support": Message("support, share of the list a year"),
    "spares": Message("spares, share of the list"), "discount": Message("discount rate"),
    "server_power": Message("power of a server"), "gateway_power": Message("power of a gateway"),
    "board_power": Message("power of a board"), "switch_power": Message("power of a LAN switch"),
    "travel": Message("way of the crew"), "notice": Message("until a server that hangs is noticed"),
    "warranty": Message("warranty where none is stated"), LOG: Message("the log: outages as often as in it"),
}  # fmt: skip
BOUND = {
    "seats": Message("seats"), "agent licences": Message("agent licences"),
    "telephone ports": Message("telephone ports"), "core channels": Message("core channels"),
    "timeslots": Message("trunk timeslots"),
}  # fmt: skip


def render_comparison(made: Comparison, lang: str = "en", colour: bool = False, width: int | None = None) -> str:
    """The tables as text, `width` columns wide (the terminal's own width when None)."""
    parts: list[RenderableType] = []
    for table in comparison_tables(made, lang):
        parts += [*([""] if parts else []), table]
    parts += [Line(plain(told(line, lang))) for line in remarks(made)]
    return printed(parts, colour, width) + "\n"


def comparison_tables(made: Comparison, lang: str) -> list[Table]:
    """Every table, in the order in which they are told."""
    return [
        _readings(made, lang), _sizes(made, lang), _outages(made, lang), _costs(made, lang),
        *([_growth(made, lang)] if len(made.seats) > 1 else []), _failover(made, lang), _ranking(made, lang),
        _turning(made, lang),
    ]  # fmt: skip


def _table(title: Message, heads: Sequence[str], lang: str) -> Table:
    table = Table(title=Line(plain(told(title, lang))), title_justify="left")
    for number, head in enumerate(heads):
        table.add_column(Line(plain(head)), overflow="fold", justify="right" if number else "left")
    return table


def _heads(lang: str, *words: Message) -> list[str]:
    return [told(word, lang) for word in words]


def _names(made: Comparison, lang: str) -> list[str]:
    return [f"{one.option.id}\n{pick(dict(one.option.title), lang)}" for one in made.options]


def _money(made: Comparison, amount: float, lang: str) -> str:
    return told(Money(Decimal(round(amount)), made.buyer.currency).said, lang)


def _readings(made: Comparison, lang: str) -> Table:
    """Every option in every reading, a row each."""
    title = Message("Options in each reading, {seats} seats", seats=made.seats[0])
    heads = _heads(
        lang, Message("option"), Message("reading"), Message("offer"), Message("for each seat"), Message("seats"),
        Message("trunks"), Message("answered in time"), Message("refused"), Message("failover met"),
        Message("calls cut off a year*"), Message("single units"), Message("cost over the years*"), Message("score"),
    )  # fmt: skip
    table = _table(title, heads, lang)
    for compared in made.options:
        for number, one in enumerate(compared.readings):
            first, offer = one.sizes[0], one.reading.offer
            star = "*" if offer.basis is Basis.ASSUMED else ""
            table.add_row(
                plain(compared.option.id) if not number else "", Line(plain(one.reading.name)),
                _money(made, offer.value, lang) + star, _money(made, offer.value / first.seats, lang) + star,
                str(first.service.seats), str(first.service.trunks), _held(first, "service_level"),
                _held(first, "blocking"), _met(first), _number(first.cut), str(len(first.single)),
                _money(made, one.paid, lang), f"{one.score:.3f}",
            )  # fmt: skip
        for other in compared.lacking:
            why = other.why or Message("it cannot have {seats} seats", seats=made.seats[0])
            table.add_row("", Line(plain(other.name)), Line(plain(told(why, lang))))
    return table


def _share(value: float) -> str:
    return f"{100 * value:.1f} %"


def _held(sized: Sized, name: str) -> str:
    one = sized.service.measures.get(name)
    return "-" if one is None else f"{_share(one.value)} [{100 * one.low:.1f}, {100 * one.high:.1f}]"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def _met(sized: Sized) -> str:
    applying = [one for one in sized.met if one.applies]
    return f"{sum(not one.outcome for one in applying)}/{len(applying)}" if applying else "-"


def _sizes(made: Comparison, lang: str) -> Table:
    """The first reading of each option in every size."""
    heads = _heads(
        lang, Message("option"), Message("seats"), Message("seats that work"), Message("bound by"),
        Message("trunks"), Message("bound by"), Message("calls"), Message("answered in time"), Message("met"),
        Message("refused"), Message("met"), Message("calls up to which all is met"), Message("missed first"),
    )  # fmt: skip
    table = _table(Message("What each gives of the demand {demand}", demand=made.demand.id), heads, lang)
    for compared in made.options:
        for sized in compared.readings[0].sizes:
            service = sized.service
            table.add_row(
                Line(plain(compared.option.id)), str(sized.seats), str(service.seats),
                told(BOUND[service.seats_by], lang),
                str(service.trunks), told(BOUND[service.trunks_by], lang), f"{3600 * service.calls:,.0f}/h",
                _held(sized, "service_level"), _verdict(service.measures.get("service_level"), lang),
                _held(sized, "blocking"), _verdict(service.measures.get("blocking"), lang),
                f"{3600 * service.most:,.0f}/h", told(MEASURES[service.first], lang) if service.first else "-",
            )  # fmt: skip
    return table


def _verdict(held: Held | None, lang: str) -> str:
    return "?" if held is None or held.met is None else term("yes" if held.met else "no", lang)


def _outages(made: Comparison, lang: str) -> Table:
    """By the buyer's log where there is one, else over the MTBF of a server."""
    if made.fitted is not None:
        heads = _heads(
            lang, Message("option"), Message("reading"), Message("minutes a year"), Message("95 %"),
            Message("calls lost a year"), Message("95 %"),
        )  # fmt: skip
        table = _table(Message("Outages of the buyer's log, replayed on each option"), heads, lang)
        for compared in made.options:
            for one in compared.readings:
                if one.replayed is None:
                    continue
                minutes, lost = one.replayed.minutes, one.replayed.lost
                table.add_row(
                    Line(plain(compared.option.id)), Line(plain(one.reading.name)), _number(minutes.value),
                    f"{_number(minutes.low)} - {_number(minutes.high)}", _number(lost.value if lost else None),
                    f"{_number(lost.low)} - {_number(lost.high)}" if lost else "-",
                )  # fmt: skip
        return table
    hours = [f"{mtbf:,.0f} h" for mtbf, _ in made.options[0].readings[0].sizes[0].downs.curve]
    heads = [translate("option", lang), translate("reading", lang), *hours, translate("a simulated year", lang)]
    table = _table(Message("Minutes a year in outages of more than 30 s, over the MTBF of a server"), heads, lang)
    for compared in made.options:
        for one in compared.readings:
            curve = [_number(minutes) for _, minutes in one.sizes[0].downs.curve]
            lived = one.lived
            year = "-" if lived is None or lived.minutes is None else (
                f"{_number(lived.minutes)} [{_number(lived.low)}, {_number(lived.high)}]"
            )  # fmt: skip
            blanks = [""] * (len(hours) - len(curve))
            table.add_row(Line(plain(compared.option.id)), Line(plain(one.reading.name)), *curve, *blanks, year)
    return table


def _costs(made: Comparison, lang: str) -> Table:
    heads = [translate("item", lang), *_names(made, lang)]
    table = _table(Message("Cost over {years} years, and between which ends it lies", years=made.years), heads, lang)
    firsts = [one.readings[0] for one in made.options]
    for place, (name, words) in enumerate(ITEMS.items()):
        cells = []
        for one in firsts:
            low, high = one.ends[name]
            cells.append(f"{_money(made, one.costs[place].total, lang)}\n{low:,.0f} - {high:,.0f}")
        table.add_row(told(words, lang), *cells)
    table.add_section()
    table.add_row(translate("together", lang),
                  *(_money(made, sum(cost.total for cost in one.costs), lang) for one in firsts))  # fmt: skip
    table.add_row(translate("new parts at list", lang), *(_money(made, one.reading.listed, lang) for one in firsts))
    table.add_row(translate("owned parts that stay in use, at list", lang),
                  *(_money(made, one.reading.owned, lang) for one in firsts))  # fmt: skip
    table.add_row(translate("core channels that lack if every port counts", lang), *(
        f"{one.channels}" + ("" if one.channels_cost is None else f": {_money(made, one.channels_cost, lang)}")
        for one in firsts
    ))  # fmt: skip
    table.add_row(translate("an hour of outage less than today*", lang), *(
        "-" if one.avoided is None else _money(made, one.avoided, lang) for one in firsts
    ))  # fmt: skip
    return table


def _growth(made: Comparison, lang: str) -> Table:
    heads = _heads(
        lang, Message("option"), Message("up to seats"), Message("parts to add"), Message("at list"),
        Message("at its own discount"),
    )  # fmt: skip
    table = _table(Message("Growth by adding parts"), heads, lang)
    for compared in made.options:
        for step in compared.readings[0].growth:
            parts = ", ".join(
                f"{number} {part}" + ("?" if part in step.unpriced else "") for part, number in step.added
            )
            table.add_row(Line(plain(compared.option.id)), str(step.seats), Line(plain(parts)),
                          _money(made, step.listed, lang), _money(made, step.offered, lang))  # fmt: skip
    return table


def _failover(made: Comparison, lang: str) -> Table:
    """Every scenario in the first reading of each option, in the smallest size."""
    heads = [translate("scenario", lang), *(one.option.id for one in made.options)]
    table = _table(Message("Failover scenarios on the simulator, {seats} seats", seats=made.seats[0]), heads, lang)
    sized = [one.readings[0].sizes[0] for one in made.options]
    for row in zip(*(one.met for one in sized), strict=True):
        table.add_row(Line(plain(row[0].scenario)), *(
            Line(outcome_word(one.outcome, "virtual", lang), style=STYLES[one.outcome]) if one.applies
            else Line(translate("not applicable", lang), style="dim") for one in row
        ))  # fmt: skip
    return table


def _ranking(made: Comparison, lang: str) -> Table:
    weights = {name: scale.weight for name, scale in made.buyer.scales.items()}
    heads = _heads(
        lang, Message("place"), Message("option"), Message("score"), Message("best in draws"), Message("95 %"),
    )  # fmt: skip
    heads += [f"{told(CRITERIA[name], lang)} ({weight:g})" for name, weight in weights.items()]
    table = _table(Message("Ranking under the weights of {buyer}", buyer=made.buyer.id), heads, lang)
    for place in sorted(made.places, key=lambda one: one.place):
        chance = made.chances[place.option]
        table.add_row(
            str(place.place), Line(plain(made.options[place.option].option.id)), f"{place.score:.3f}",
            f"{100 * chance.share:.0f} %", f"{100 * chance.low:.0f} - {100 * chance.high:.0f} %",
            *(f"{place.values[name]:.2f}" for name in weights),
        )  # fmt: skip
    return table


def _turning(made: Comparison, lang: str) -> Table:
    heads = _heads(
        lang, Message("figure"), Message("value"), Message("from"), Message("to"), Message("moves a lead by"),
        Message("turns below"), Message("then first"), Message("turns above"), Message("then first"),
    )  # fmt: skip
    table = _table(Message("What would have to change to turn the ranking"), heads, lang)
    for bar in [bar for bar in made.bars if bar.swing >= LEAST][:BARS]:
        one, unit = bar.ranged, made.units[bar.figure]
        star = "*" if one.basis is Basis.ASSUMED else ""
        table.add_row(
            Line(figure_name(bar.figure, lang)), figure(one.value, unit) + star, figure(one.low, unit),
            figure(one.high, unit),
            f"{bar.swing:.3f}", *_turn(bar.below, unit, made, lang), *_turn(bar.above, unit, made, lang),
        )  # fmt: skip
    return table


def _turn(turn: Turn | None, unit: str, made: Comparison, lang: str) -> tuple[str, str]:
    if turn is None:
        return translate("never", lang), ""
    return figure(turn.at, unit), ", ".join(plain(made.options[number].option.id) for number in turn.best)


def figure_name(name: str, lang: str) -> str:
    """A figure of the buyer's, of a device or of an option, in words."""
    if name in WORDS:
        return told(WORDS[name], lang)
    head, _, last = name.rpartition(": ")
    if head and last in OF_OPTIONS:
        return plain(told(Message("{option}: {what}", option=head, what=OF_OPTIONS[last]), lang))
    device, _, rest = name.partition(" ")
    last, _, beside = rest.partition(" ")
    if last in OF_DEVICES:
        return plain(
            told(Message("{option}: {what}", option=device, what=OF_DEVICES[last]), lang) + f" {beside}"
        ).strip()
    return plain(name)


def figure(value: float, unit: str) -> str:
    """A figure with its unit, to four digits."""
    if unit == "s":
        value, unit = value / 3600, "h"
    if unit == "share":
        return f"{100 * value:.4g} %"
    short = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return f"{short} {unit}".strip()


def remarks(made: Comparison) -> Iterator[Message]:
    """What the tables rest on."""
    yield Message("* rests on what is assumed; the figures of {buyer} are the buyer's to replace", buyer=made.buyer.id)
    if made.fitted is None:
        yield Message("without an outage log (--outages) no number of minutes is known: the ranking takes the MTBF "
                      "that the profiles assume")  # fmt: skip
    else:
        fitted = made.fitted
        yield Message(
            "the log: {count} outages in {years} years, one every {mtbf} h [{low}, {high}], of {mttr} min "
            "[{short}, {long}] in the mean",
            count=fitted.outages, years=f"{fitted.years:.2f}", mtbf=_hours(fitted.mtbf.value),
            low=_hours(fitted.mtbf.low), high=_hours(fitted.mtbf.high), mttr=f"{fitted.mttr.value / 60:.0f}",
            short=f"{fitted.mttr.low / 60:.0f}", long=f"{fitted.mttr.high / 60:.0f}",
        )  # fmt: skip
        if fitted.changes:
            yield Message("they do not come as often now as at first (Laplace {trend}): no one MTBF describes them",
                          trend=f"{fitted.trend or 0:+.1f}")  # fmt: skip
    if len(made.seats) > 1:
        yield Message("the demand is meant for {seats} seats; at other sizes it has as many times the calls",
                      seats=made.seats[0])  # fmt: skip
    yield Message("outages and lost calls count by themselves in the ranking, and not in its cost")
    yield Message("scenarios ran with every figure at the value in use; `simtel run` tries the others")
    if any(step.unpriced for one in made.options for step in one.readings[0].growth):
        yield Message("? a part without a price in the quote: growth costs more than is told")
    for swap in made.swaps:
        yield Message("{option} read as {reading}: first is {best}", option=made.options[swap.option].option.id,
                      reading=swap.reading,
                      best=", ".join(made.options[number].option.id for number in swap.best))  # fmt: skip


def _hours(seconds: float) -> str:
    return f"{seconds / 3600:,.0f}"


def comparison_json(made: Comparison) -> bytes:
    """The same for programs: money in the buyer's currency, minutes a year, shares from 0 to 1."""
    content = {
        "simtel": SCHEMA, "demand": made.demand.id, "buyer": made.buyer.id, "currency": made.buyer.currency,
        "years": made.years, "seats": made.seats, "log": made.fitted, "options": [_option(one) for one in made.options],
        "ranking": made.places, "chances": made.chances,
        "turning": [{"unit": made.units[bar.figure], "swing": bar.swing, "bar": bar} for bar in made.bars],
        "swaps": made.swaps,
    }  # fmt: skip
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def _option(one: Compared) -> Mapping[str, object]:
    return {
        "id": one.option.id, "title": one.option.title, "readings": [_tried(tried) for tried in one.readings],
        "lacking": [{"reading": other.name, "why": str(other.why or "")} for other in one.lacking],
    }  # fmt: skip


def _tried(one: Tried) -> Mapping[str, object]:
    return {
        "reading": one.reading.name, "offer": one.reading.offer, "listed": one.reading.listed,
        "owned": one.reading.owned, "outage": one.outage, "simulated_year": one.lived, "replayed": one.replayed,
        "costs": one.costs, "ends": one.ends, "paid": one.paid, "growth": one.growth, "channels_short": one.channels,
        "channels_cost": one.channels_cost, "avoided_hour": one.avoided, "criteria": one.figures, "score": one.score,
        "sizes": [
            {"seats": sized.seats, "site": sized.spec.id, "service": sized.service, "downs": sized.downs,
             "single": sized.single, "cut_off": sized.cut,
             "failover": [{"scenario": met.scenario, "outcome": met.outcome.name, "applies": met.applies,
                           "missed": met.missed, "digest": met.digest} for met in sized.met]}
            for sized in one.sizes
        ],
    }  # fmt: skip
