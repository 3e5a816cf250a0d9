"""Options side by side: tables for a terminal, one below the other, and JSON."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import msgspec
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text as Line

from simtel.core.i18n import Message, pick, told, translate
from simtel.core.problems import quoted
from simtel.core.quantity import Basis
from simtel.quotes.buyer import CRITERIA_KEY
from simtel.quotes.compare import Compared, Comparison, Sized, Tried, meant_for
from simtel.quotes.trial import Met
from simtel.quotes.turning import Bar
from simtel.report.quotes.beyond import CRITERIA, beyond
from simtel.report.quotes.claims import NOTE, TITLE, claims, units
from simtel.report.quotes.laid import Cell, Column, laid
from simtel.report.quotes.names import device_name, figure, figure_name, meaning, numbers, site_figures, whole
from simtel.report.table import STYLES, printed
from simtel.report.words import listed, outcome_word, plain

SCHEMA = "quote-comparison/1"
BARS = 12  # figures whose bars are told, of those that move a lead by as much as is shown
LEAST = 0.0005
_NAMED = 20  # lines of the log named for a reason
BESIDE = 4  # options beside each other in a table that has a column for each
MET, MISSED, OPEN = Message("met"), Message("missed"), Message("open")
DRAWN = Message("the interval of best in draws tells how many draws were made and nothing more: what was simulated, "
                "and a figure without a range, stands still in it")  # fmt: skip
OPEN_TOLD = Message("\N{DAGGER} with the values in use: what is unknown may turn it, and then it is INCONCLUSIVE")
BELOW, ABOVE = Message("below {value}: {best}"), Message("above {value}: {best}")
ITEMS = {
    "price": Message("what is paid"), "needed": Message("needed, not ordered"),
    "spares": Message("spares"), "support": Message("support after the warranty"),
    "power": Message("power"), "lines": Message("rent of lines"), "outages": Message("outages*"),
    "calls": Message("lost calls*"),
}  # fmt: skip
MEASURES = {
    "service_level": Message("answered in time"), "blocking": Message("refused"),
    "abandonment": Message("hang up"), "occupancy": Message("agents busy"),
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
    parts += [Line(plain(told(line, lang))) for line in remarks(made, lang)]
    return printed(parts, colour, width) + "\n"


def comparison_tables(made: Comparison, lang: str, titles: Mapping[str, str] | None = None) -> list[Table]:
    """Every table, in the order in which they are told. `titles` of scenarios, by id; an id that has none stands."""
    return [
        _meanings(made, lang), _prices(made, lang), _works(made, lang), _claims(made, lang), _limits(made, lang),
        _gives(made, lang), _outages(made, lang), *_costs(made, lang),
        *([_growth(made, lang)] if len(made.seats) > 1 else []), *_failover(made, lang, titles or {}),
        *_ranking(made, lang), _turning(made, lang),
    ]  # fmt: skip


def _columns(lang: str, words: Sequence[Message], texts: frozenset[int] = frozenset({0})) -> list[Column]:
    return [Column(told(word, lang), number not in texts) for number, word in enumerate(words)]


def _sides(made: Comparison) -> Iterator[Sequence[int]]:
    """Options in groups that fit beside each other."""
    every = range(len(made.options))
    yield from (every[start : start + BESIDE] for start in every[::BESIDE])


def _names(made: Comparison, chosen: Sequence[int]) -> list[Column]:
    return [Column(plain(made.options[number].option.id)) for number in chosen]


def _money(made: Comparison, amount: float, lang: str) -> str:
    return whole(round(amount), made.buyer.currency, lang)


def _grouped(made: Comparison, cells: Callable[[Tried], list[str]]) -> list[Sequence[str]]:
    """A row for the readings of an option that have the same cells; the option is named at the first."""
    rows: list[Sequence[str]] = []
    for one in made.options:
        number, alike = numbers(one), dict[tuple[str, ...], list[str]]()
        for tried in one.readings:
            alike.setdefault(tuple(cells(tried)), []).append(str(number[tried.reading.name]))
        named = [plain(one.option.id), *[""] * (len(alike) - 1)]
        rows += [(name, ", ".join(those), *each) for name, (each, those) in zip(named, alike.items(), strict=True)]
    return rows


def _meanings(made: Comparison, lang: str) -> Table:
    """What each reading takes an option to mean; those that make no site, and why."""
    heads = (Message("option"), Message("no."), Message("it is taken to mean"), Message("as `--reading` has it"))
    rows = []
    for option in made.options:
        for reading, number in zip(
            [*(one.reading for one in option.readings), *option.lacking], numbers(option).values(), strict=True
        ):
            said = meaning(reading, lang)
            if reading in option.lacking:
                why = reading.why or Message("it cannot have {seats} seats", seats=made.seats[0])
                said.append(translate("makes no site: {why}", lang, why=told(why, lang)))
            name = "" if number == 1 else plain(reading.name).replace(",", ",\n")
            rows.append((plain(option.option.id) if number == 1 else "", str(number), "\n".join(said), name))
    title = translate("Readings: what an option can be taken to mean. The first is ranked; the others differ from it"
                      " in what is told here", lang)  # fmt: skip
    return laid(title, _columns(lang, heads, frozenset({0, 2, 3})), rows)


def _prices(made: Comparison, lang: str) -> Table:
    heads = (
        Message("option"), Message("no."), Message("offer"), Message("for each seat"),
        Message("cost over the years*"), Message("score*"),
    )  # fmt: skip

    def cells(one: Tried) -> list[str]:
        offer, first = one.reading.offer, one.sizes[0]
        star = "*" if offer.basis is Basis.ASSUMED else ""
        return [_money(made, offer.value, lang) + star, _money(made, offer.value / first.seats, lang) + star,
                _money(made, one.paid, lang), f"{one.score:.3f}"]  # fmt: skip

    title = translate("Money in each reading, {seats} seats, {years} years", lang, seats=made.seats[0],
                      years=made.years)  # fmt: skip
    return laid(title, _columns(lang, heads, frozenset({0, 1})), _grouped(made, cells))


def _works(made: Comparison, lang: str) -> Table:
    heads = (
        Message("option"), Message("no."), Message("seats"), Message("trunks"), Message("answered in time"),
        Message("failover met"), Message("calls cut off a year*"), Message("single units"),
    )  # fmt: skip

    def cells(one: Tried) -> list[str]:
        first = one.sizes[0]
        return [str(first.service.seats), str(first.service.trunks), _held(first, "service_level"), met_of(first),
                _number(first.cut), str(len(first.single))]  # fmt: skip

    title = translate("What works in each reading, {seats} seats", lang, seats=made.seats[0])
    return laid(title, _columns(lang, heads, frozenset({0, 1})), _grouped(made, cells))


def _claims(made: Comparison, lang: str) -> Table:
    heads = (Message("option"), Message("no."), *units(made))
    found = {(one.option, one.reading): list(one.cells) for one in claims(made, lang)}
    rows: list[Sequence[str]] = []
    for option in made.options:
        alone = replace(made, options=(option,))
        rows += _grouped(alone, lambda one, name=option.option.id: found[name, one.reading.name])  # type: ignore[misc]
    return laid(told(TITLE, lang), _columns(lang, heads, frozenset({0, 1})), rows)


def _share(value: float) -> str:
    return f"{100 * value:.1f} %"


def _held(sized: Sized, name: str) -> str:
    one = sized.service.measures.get(name)
    return "-" if one is None else f"{_share(one.value)}\n[{100 * one.low:.1f}, {100 * one.high:.1f}]"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def met_of(sized: Sized, of: str = "/") -> str:
    """How many failover scenarios were met, of how many; marked where what is unknown may turn one."""
    applying = [one for one in sized.met if one.applies]
    mark = "\N{DAGGER}" * any(one.open for one in applying)
    return f"{sum(not one.outcome for one in applying)}{of}{len(applying)}{mark}" if applying else "-"


def _by_size(made: Comparison, cells: Callable[[Sized], Sequence[str]]) -> Iterator[Sequence[str]]:
    """A row for each size of the first reading of each option."""
    for compared in made.options:
        for number, sized in enumerate(compared.readings[0].sizes):
            yield ("" if number else plain(compared.option.id), str(sized.seats), *cells(sized))


def _limits(made: Comparison, lang: str) -> Table:
    heads = (Message("option"), Message("seats"), Message("seats that work"), Message("bound by"),
             Message("trunks that work"), Message("bound by"))  # fmt: skip

    def cells(sized: Sized) -> Sequence[str]:
        service = sized.service
        return (str(service.seats), told(BOUND[service.seats_by], lang), str(service.trunks),
                told(BOUND[service.trunks_by], lang))  # fmt: skip

    return laid(translate("What works in each size, and what binds", lang),
                _columns(lang, heads, frozenset({0, 3, 5})), _by_size(made, cells))  # fmt: skip


def _gives(made: Comparison, lang: str) -> Table:
    heads = (
        Message("option"), Message("seats"), Message("calls an hour"), Message("answered in time"), Message("refused"),
        Message("calls an hour up to which all is met"), Message("missed first"),
    )  # fmt: skip

    def cells(sized: Sized) -> Sequence[str]:
        service = sized.service
        return (
            _hourly(service.calls), *(_judged(sized, name, lang) for name in ("service_level", "blocking")),
            _hourly(service.most), told(MEASURES[service.first], lang) if service.first else "-",
        )  # fmt: skip

    title = translate("What each gives of the demand {demand}", lang, demand=made.demand.id)
    return laid(title, _columns(lang, heads, frozenset({0, 6})), _by_size(made, cells))


def _hourly(rate: float) -> str:
    return f"{3600 * rate:,.0f}"


def _judged(sized: Sized, name: str, lang: str) -> str:
    """A measure with its interval, and whether its target is met."""
    one = sized.service.measures.get(name)
    if one is None:
        return "-"
    words = OPEN if one.met is None else MET if one.met else MISSED
    return f"{_held(sized, name)}\n{told(words, lang)}"


def _outages(made: Comparison, lang: str) -> Table:
    """By the buyer's log where there is one, else over the MTBF of a server."""
    if made.fitted is not None:
        heads = (
            Message("option"), Message("no."), Message("minutes a year"), Message("95 %"),
            Message("calls lost a year"), Message("95 %"),
        )  # fmt: skip

        def replayed(one: Tried) -> list[str]:
            if one.replayed is None:
                return ["-"] * 4
            minutes, lost = one.replayed.minutes, one.replayed.lost
            return [_number(minutes.value), f"{_number(minutes.low)}\N{EN DASH}{_number(minutes.high)}",
                    _number(lost.value if lost else None),
                    f"{_number(lost.low)}\N{EN DASH}{_number(lost.high)}" if lost else "-"]  # fmt: skip

        return laid(translate("Outages of the buyer's log, replayed on each option", lang),
                    _columns(lang, heads, frozenset({0, 1})), _grouped(made, replayed))  # fmt: skip
    mtbfs = [mtbf for mtbf, _ in made.options[0].readings[0].sizes[0].downs.curve]
    columns = _columns(lang, (Message("option"), Message("no.")), frozenset({0, 1}))
    columns += [Column(translate("{hours} h", lang, hours=f"{mtbf:,.0f}")) for mtbf in mtbfs]
    columns += [Column(translate("a year tried out", lang))]

    def curve(one: Tried) -> list[str]:
        there, lived = [_number(minutes) for _, minutes in one.sizes[0].downs.curve], one.lived
        year = "-" if lived is None or lived.minutes is None else (
            f"{_number(lived.minutes)}\n[{_number(lived.low)},\n{_number(lived.high)}]"
        )  # fmt: skip
        return [*there, *[""] * (len(mtbfs) - len(there)), year]

    title = translate("Minutes a year in outages of more than 30 s, over the MTBF of a server", lang)
    return laid(title, columns, _grouped(made, curve))


def _costs(made: Comparison, lang: str) -> Iterator[Table]:
    title = translate("Cost over {years} years, and between which ends it lies", lang, years=made.years)
    for chosen in _sides(made):
        firsts = [made.options[number].readings[0] for number in chosen]
        rows: list[Sequence[str]] = []
        for place, (name, words) in enumerate(ITEMS.items()):
            cells = []
            for one in firsts:
                low, high = one.ends[name]
                ends = "" if round(low) == round(high) else f"\n{low:,.0f}\N{EN DASH}{high:,.0f}"
                cells.append(_money(made, one.costs[place].total, lang) + ends)
            rows.append((told(words, lang), *cells))
        together = len(rows)
        rows += [
            (translate("together", lang),
             *(_money(made, sum(cost.total for cost in one.costs), lang) for one in firsts)),
            (translate("new parts at list", lang),
             *(_money(made, one.reading.listed.value, lang) + "*" * (one.reading.listed.basis is Basis.ASSUMED)
               for one in firsts)),
            (translate("owned parts that stay in use, at list", lang),
             *(_money(made, one.reading.owned.value, lang) + "*" * (one.reading.owned.basis is Basis.ASSUMED)
               for one in firsts)),
            (translate("core channels that lack if every port counts", lang), *(_channels(made, one, lang)
                                                                                for one in firsts)),
            (translate("minutes of outage a year, by the share of calls lost in them*", lang),
             *(_number(one.weighed) for one in firsts)),
            (translate("an hour of outage less than today*", lang), *(
                "-" if one.avoided is None else _money(made, one.avoided, lang) for one in firsts)),
        ]  # fmt: skip
        yield laid(title, [Column(translate("item of cost", lang), figures=False), *_names(made, chosen)], rows,
                   frozenset({together - 1, together}))  # fmt: skip


def _channels(made: Comparison, one: Tried, lang: str) -> str:
    """How many lack in each size, and what those of the smallest cost."""
    price = [] if one.channels_cost is None else [_money(made, one.channels_cost, lang)]
    larger = [
        translate("{seats} seats: {count}", lang, seats=sized.seats, count=sized.short) for sized in one.sizes[1:]
    ]
    return "\n".join([str(one.channels), *price, *larger])


def grown(one: Tried, amount: float, money: Callable[[float], str], lang: str) -> str:
    """What growth costs: no amount where a size cannot be reached, a lower bound where a part has no price."""
    if one.unreached:
        return translate("cannot have {seats} seats", lang, seats=", ".join(map(str, one.unreached)))
    bound = any(step.unpriced for step in one.growth)
    return translate("at least {money}", lang, money=money(amount)) if bound else money(amount)


def _growth(made: Comparison, lang: str) -> Table:
    heads = (Message("option"), Message("up to seats"), Message("parts to add"), Message("at list"),
             Message("at its own discount"))  # fmt: skip
    rows = []
    for compared in made.options:
        one, prices = compared.readings[0], compared.option.prices
        guessed = {part for part, price in prices.items() if price.basis is Basis.ASSUMED}
        names = [plain(compared.option.id)]
        for step in one.growth:
            parts = (f"{count} \N{MULTIPLICATION SIGN} {device_name(part, lang)}" + "?" * (part in step.unpriced)
                     + "*" * (part in guessed) for part, count in step.added)  # fmt: skip
            sums = (translate("at least {money}", lang, money=_money(made, amount, lang)) if step.unpriced
                    else _money(made, amount, lang) for amount in (step.listed, step.offered))  # fmt: skip
            rows.append(("".join(names), str(step.seats), "\n".join(parts), *sums))
            names.clear()
        for seats in one.unreached:
            rows.append(("".join(names), str(seats), translate("it cannot have so many", lang), "-", "-"))
            names.clear()
    return laid(translate("Growth by adding parts", lang), _columns(lang, heads, frozenset({0, 2})), rows)


def _failover(made: Comparison, lang: str, titles: Mapping[str, str]) -> Iterator[Table]:
    """Every scenario in the first reading of each option, in the smallest size."""
    title = translate("Failover scenarios on the simulator, {seats} seats: what is met there is an estimate", lang,
                      seats=made.seats[0])  # fmt: skip
    for chosen in _sides(made):
        met = [made.options[number].readings[0].sizes[0].met for number in chosen]
        rows = [
            (Cell(titles.get(row[0].scenario, row[0].scenario)), *(
                Cell(outcome_word(one.outcome, "", lang) + "\N{DAGGER}" * one.open, STYLES[one.outcome])
                if one.applies else Cell("-", "dim") for one in row))
            for row in zip(*met, strict=True)
        ]  # fmt: skip
        yield laid(title, [Column(translate("scenario", lang), figures=False), *_names(made, chosen)], rows)


def _ranking(made: Comparison, lang: str) -> Iterator[Table]:
    """A column for each option, the first before the others; each criterion is worth 0 to 1."""
    title = translate('Ranking under the weights of "{buyer}"', lang, buyer=pick(dict(made.buyer.title), lang))
    order = [place.option for place in sorted(made.places, key=lambda one: one.place)]
    places = {place.option: place for place in made.places}
    columns = [Column(translate("criterion, worth 0 to 1", lang), figures=False), Column(translate("weight", lang))]
    for start in range(0, len(order), BESIDE):
        chosen = order[start : start + BESIDE]
        chance = [made.chances[number] for number in chosen]
        rows = [
            (told(CRITERIA[name], lang), f"{scale.weight:g}",
             *(f"{places[number].values[name]:.2f}" for number in chosen))
            for name, scale in made.buyer.scales.items()
        ]  # fmt: skip
        last = len(rows) - 1
        rows += [
            (translate("score*", lang), "", *(f"{places[number].score:.3f}" for number in chosen)),
            (translate("place", lang), "", *(str(places[number].place) for number in chosen)),
            (translate("best in draws, with the 95 % interval", lang), "",
             *(f"{100 * one.share:.0f} %\n[{100 * one.low:.0f}, {100 * one.high:.0f}]" for one in chance)),
        ]  # fmt: skip
        yield laid(title, [*columns, *_names(made, chosen)], rows, frozenset({last}))


def _turning(made: Comparison, lang: str) -> Table:
    heads = (Message("figure"), Message("value, and its range"), Message("moves a lead by"),
             Message("turns the first place"))  # fmt: skip
    rows = []
    for bar in [bar for bar in made.bars if bar.swing >= LEAST][:BARS]:
        one, unit = bar.ranged, made.units[bar.figure]
        star = "*" if one.basis is Basis.ASSUMED else ""
        value = f"{figure(one.value, unit, lang)}{star}\n" + translate(
            "{low} to {high}", lang, low=figure(one.low, unit, lang), high=figure(one.high, unit, lang))  # fmt: skip
        rows.append((figure_name(made, bar.figure, lang), value, f"{bar.swing:.3f}",
                     "\n".join(turns(made, bar, lang)) or translate("never", lang)))  # fmt: skip
    return laid(translate("What would have to change to turn the ranking", lang),
                _columns(lang, heads, frozenset({0, 3})), rows)  # fmt: skip


def turns(made: Comparison, bar: Bar, lang: str) -> list[str]:
    """Where a figure turns the first place within its range, and who is first beyond."""
    found = []
    for turn, words in ((bar.below, BELOW), (bar.above, ABOVE)):
        if turn is not None:
            best = listed((plain(made.options[number].option.id) for number in turn.best), lang)
            at = figure(float(f"{turn.at:.3g}"), made.units[bar.figure], lang)
            found.append(translate(words.template, lang, value=at, best=best))
    return found


def _dropped(made: Comparison) -> Iterator[Message]:
    """Rows of the log that could not be used, by reason."""
    reasons: dict[str, list[int]] = {}
    for one in made.dropped:
        reasons.setdefault(one.message, []).append(one.line)
    for reason, lines in reasons.items():
        named = ", ".join(map(str, lines[:_NAMED])) + (" ..." if len(lines) > _NAMED else "")
        yield Message("the log: {rows} dropped: {reason} (lines {lines})", rows=len(lines), reason=reason, lines=named)
    if reasons:
        yield Message("outages that are dropped make the MTBF of the log longer than it was")


def _own_word(made: Comparison, name: str, lang: str) -> str:
    return translate("weights and scales", lang) if name == CRITERIA_KEY else figure_name(made, name, lang)


def remarks(made: Comparison, lang: str) -> Iterator[Message]:
    """What the tables rest on."""
    yield Message("* rests on what is assumed; the figures of {buyer} are the buyer's to replace", buyer=made.buyer.id)
    if made.buyer.defaulted:
        names = listed([_own_word(made, name, lang) for name in made.buyer.defaulted], lang)
        yield Message("{buyer} leaves out, and the assumed defaults stand in for: {figures}", buyer=made.buyer.id,
                      figures=names)  # fmt: skip
    yield NOTE
    if made.fitted is None:
        yield Message("without an outage log (--outages) no number of minutes is known: the ranking takes the MTBF "
                      "that the profiles assume")  # fmt: skip
    else:
        fitted = made.fitted
        yield Message(
            "the log: {count} outages in {years} years, one every {mtbf} h [{low}, {high}], of {mttr} min "
            "[{short}, {long}, approximately] in the mean",
            count=fitted.outages, years=f"{fitted.years:.2f}", mtbf=_hours(fitted.mtbf.value),
            low=_hours(fitted.mtbf.low), high=_hours(fitted.mtbf.high), mttr=f"{fitted.mttr.value / 60:.0f}",
            short=f"{fitted.mttr.low / 60:.0f}", long=f"{fitted.mttr.high / 60:.0f}",
        )  # fmt: skip
        yield from _dropped(made)
        for said, lines in made.unknown.items():
            yield Message("the log: {cause} names no cause, or several, and no option is taken to remove it "
                          "({count}, in line {lines})", cause=quoted(said), count=len(lines),
                          lines=", ".join(map(str, sorted(lines))))  # fmt: skip
        yield Message("in the draws the log is off by a log-normal law that its 95 % interval fixes: one in twenty "
                      "lies beyond that; break-evens and bars are told within it")  # fmt: skip
        if fitted.changes:
            yield Message("they do not come as often now as at first (Laplace {trend}): no one MTBF describes them",
                          trend=f"{fitted.trend or 0:+.1f}")  # fmt: skip
    if {*made.seats} != {meant_for(made.demand, made.seats)}:
        yield Message("the demand is meant for {seats} seats; at other sizes it has as many times the calls",
                      seats=meant_for(made.demand, made.seats))  # fmt: skip
    yield DRAWN
    still = sorted(figure_name(made, name, lang) for name, one in made.figures.items() if one.law == "fixed")
    if still:
        yield Message("these figures stand still in all draws: {figures}", figures=listed(still, lang))
    yield from beyond(made, lang)
    yield Message("outages and lost calls count by themselves in the ranking, and not in its cost")
    yield Message(
        "an outage counts in the ranking and in money by the share of calls that what is left cannot carry "
        "in the busiest interval; the minutes over the MTBF are with half of the seats or trunks out"
    )
    if made.varied:
        yield Message("scenarios ran with every value of what is assumed or unknown: what turns is INCONCLUSIVE")
    else:
        yield Message(
            "scenarios ran with every figure at the value in use; those that show requirements with each other value "
            "of what nobody stated too, one at a time; --vary tries what is assumed as well"
        )
        if any(met.open for one in made.options for met in one.readings[0].sizes[0].met):
            yield OPEN_TOLD
        alike: dict[tuple[str, ...], list[str]] = {}
        for compared in made.options:
            rests = sorted({name for met in compared.readings[0].sizes[0].met for name in met.rests})
            alike.setdefault(tuple(rests), []).append(compared.option.id)
        for figures, options in alike.items():
            if figures:
                yield Message("{option}: each outcome of a scenario rests on figures that nobody stated: {figures}",
                              option=listed(options, lang),
                              figures=listed(site_figures(figures, lang), lang))  # fmt: skip
    if any(compared.option.left for compared in made.options):
        yield Message("readings differ from the first one in one choice; {count} that differ in more are not compared: "
                      "--every-reading does", count=sum(compared.option.left for compared in made.options))  # fmt: skip
    if len(made.seats) > 1 and any(len(compared.readings) > 1 for compared in made.options):
        yield Message("at more than {seats} seats failover scenarios are tried in the first reading alone",
                      seats=made.seats[0])  # fmt: skip
    if made.kept:
        yield Message("the evidence of each scenario lies in the folder of its run: `simtel judge` tells of it again")
    if any(
        one.readings[0].reading.blank or any(step.unpriced for step in one.readings[0].growth) for one in made.options
    ):
        yield Message("? a part without a price in any quote: the cost is a lower bound, in the ranking too")
    for compared in made.options:
        reading = compared.readings[0].reading
        if reading.lacking:
            parts = (f"{count} \N{MULTIPLICATION SIGN} {device_name(part, lang)}" + "?" * (part in reading.blank)
                     for part, count in reading.lacking)  # fmt: skip
            yield Message("{option} works with parts that are not ordered, or that the buyer is to supply: {parts}",
                          option=compared.option.id, parts=listed(parts, lang))  # fmt: skip
        if reading.listed.basis is Basis.ASSUMED:
            low, value, high = (_money(made, end, lang)
                                for end in (reading.listed.low, reading.listed.value, reading.listed.high))  # fmt: skip
            yield Message("{option} sells parts without a price of their own: all that is new is taken to be {value} "
                          "at list ({low} to {high}), by what the other quotes ask, and no less than the offer where "
                          "none prices a part", option=compared.option.id, low=low, value=value, high=high)  # fmt: skip
        if compared.readings[0].unreached:
            yield Message("{option} cannot have {seats} seats: its growth counts as nothing", option=compared.option.id,
                          seats=", ".join(map(str, compared.readings[0].unreached)))  # fmt: skip
    yield from _taxes(made, lang)
    yield Message("- does not apply: what would fail is not there")
    yield from _swaps(made, lang)


def _taxes(made: Comparison, lang: str) -> Iterator[Message]:
    """Where what is paid is with tax in one option, and nobody knows in another."""
    bought = [one.option for one in made.options if one.readings[0].reading.listed.value]
    known, open_ = ([one.id for one in bought if one.taxed is taxed] for taxed in (True, False))
    if known:
        yield Message("what is paid and what stands at list, growth too, are both with the tax where a quote states it")
    if known and open_:
        yield Message("the tax is known of {known}, and not stated of {open}: the amounts are not alike",
                      known=listed(known, lang), open=listed(open_, lang))  # fmt: skip


def _swaps(made: Comparison, lang: str) -> Iterator[Message]:
    """Which other reading of one option changes who is first."""
    now, kept = {place.option for place in made.places if place.place == 1}, 0
    for swap in made.swaps:
        if {*swap.best} == now:
            kept += 1
            continue
        option = made.options[swap.option]
        yield Message("{option} in reading {number}: first is {best}", option=option.option.id,
                      number=numbers(option)[swap.reading],
                      best=listed((made.options[number].option.id for number in swap.best), lang))  # fmt: skip
    if kept:
        first = listed((made.options[number].option.id for number in sorted(now)), lang)
        yield Message("other readings of one option in which {best} stays first: {count}", best=first, count=kept)


def _hours(seconds: float) -> str:
    return f"{seconds / 3600:,.0f}"


def comparison_json(made: Comparison) -> bytes:
    """The same for programs: money in the buyer's currency, minutes a year, shares from 0 to 1."""
    content = {
        "simtel": SCHEMA, "demand": made.demand.id, "buyer": made.buyer.id, "currency": made.buyer.currency,
        "defaulted": made.buyer.defaulted, "years": made.years, "varied": made.varied,
        "seats": made.seats, "log": made.fitted, "unknown_causes": made.unknown,
        "dropped": [{"line": one.line, "reason": str(one.message)} for one in made.dropped],
        "options": [_option(one) for one in made.options],
        "ranking": made.places, "chances": made.chances,
        "turning": [{"unit": made.units[bar.figure], "swing": bar.swing, "bar": bar} for bar in made.bars],
        "swaps": made.swaps,
    }  # fmt: skip
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def _option(one: Compared) -> Mapping[str, object]:
    return {
        "id": one.option.id, "title": one.option.title, "readings": [_tried(tried) for tried in one.readings],
        "readings_left": one.option.left,
        "lacking": [{"reading": other.name, "why": str(other.why or "")} for other in one.lacking],
    }  # fmt: skip


def _met_of(met: Met) -> Mapping[str, object]:
    return {
        "scenario": met.scenario, "outcome": met.outcome.name, "applies": met.applies, "missed": met.missed,
        "rests": met.rests, "digest": met.digest, "run": met.run or None,
    }  # fmt: skip


def _tried(one: Tried) -> Mapping[str, object]:
    return {
        "reading": one.reading.name, "offer": one.reading.offer, "listed": one.reading.listed,
        "owned": one.reading.owned, "needed": one.reading.needed, "lacking": one.reading.lacking,
        "unpriced": (*one.reading.unpriced, *one.reading.blank), "unreached": one.unreached,
        "outage": one.outage, "outage_weighed": one.weighed,
        "simulated_year": one.lived, "server_alone": one.alone, "replayed": one.replayed,
        "costs": one.costs, "ends": one.ends, "paid": one.paid, "growth": one.growth, "channels_short": one.channels,
        "channels_cost": one.channels_cost, "avoided_hour": one.avoided, "criteria": one.figures, "score": one.score,
        "sizes": [
            {"seats": sized.seats, "site": sized.spec.id, "service": sized.service, "downs": sized.downs,
             "single": sized.single, "cut_off": sized.cut, "channels_short": sized.short,
             "failover": [_met_of(met) for met in sized.met] if sized.met else None,
             "shown": [_met_of(met) for met in sized.shown]}
            for sized in one.sizes
        ],
    }  # fmt: skip
