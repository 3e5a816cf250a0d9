"""Which other values of its figures a run would not notice: with any one of them it is the same, event by event.

The item is run once with stand-ins for its figures. A stand-in carries the value in use and all others that are to be
tried. What is computed from it carries what comes of each of them; and whenever the run asks something of it (is this
true, which whole number is it, what goes into the evidence) every other value that would have answered otherwise is
struck off. A value that is never struck off takes the run along the same path to the same evidence, so it need not be
run by itself. Nothing is guessed, and nothing is claimed of several figures changed together.

A stand-in is neither a number nor a word: code that reads values behind Python's back asks it or fails. A run that
failed, or whose evidence is not the nominal one, proves nothing.
"""

import builtins
import io
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import msgspec

from simtel.core.events import Event
from simtel.core.log import EvidenceWriter
from simtel.core.quantity import Basis, Quantity, Value
from simtel.profiles.spec import Given, SiteSpec
from simtel.run.plan import Item, header
from simtel.target.plan import Plan
from simtel.target.target import Target

Other = tuple[str, Value]  # path of a figure, another value of it

_BINARY = ("add", "sub", "mul", "truediv", "floordiv", "mod", "divmod", "pow", "lshift", "rshift", "and", "or", "xor")
_DERIVED = ("eq", "ne", "lt", "le", "gt", "ge", "neg", "pos", "abs", "invert", "round", "trunc", "floor", "ceil")
_ASKED = ("bool", "int", "float", "index", "str", "repr", "hash", "len", "iter", "format", "contains", "getitem")
_REFUSALS = (ArithmeticError, LookupError, TypeError, ValueError)


class StandIn:
    """A value, what other values of figures make of it, and the set of those that nothing has told apart yet."""

    __slots__ = ("alive", "others", "plain")

    def __init__(self, plain: Any, others: Mapping[Other, Any], alive: set[Other]) -> None:
        self.plain = plain
        self.others = others
        self.alive = alive

    def ask(self, question: Callable[..., Any], *rest: Any) -> Any:
        """The answer of the value in use; other values that answer otherwise are struck off."""
        answer = question(self.plain, *rest)
        for key, other in self.others.items():
            if key in self.alive and not _answers(answer, question, other, *rest):
                self.alive.discard(key)
        return answer


def _answers(answer: Any, question: Callable[..., Any], *args: Any) -> bool:
    try:
        other = question(*args)
        return type(other) is type(answer) and bool(other == answer)
    except _REFUSALS:
        return False


def _derive(work: Callable[..., Any], *args: Any) -> Any:
    """What comes of values of which some are stand-ins: a stand-in, or a plain value where no other is left."""
    inside = [arg for arg in args if isinstance(arg, StandIn)]
    plain = work(*(arg.plain if isinstance(arg, StandIn) else arg for arg in args))
    others: dict[Other, Any] = {}
    for one in inside:
        for key in one.others:
            if key in one.alive and key not in others:
                try:
                    others[key] = work(*(a.others.get(key, a.plain) if isinstance(a, StandIn) else a for a in args))
                except _REFUSALS:
                    one.alive.discard(key)
    return StandIn(plain, others, inside[0].alive) if others else plain


def _work(name: str) -> Callable[..., Any]:
    """What Python does for `__name__`."""
    found = getattr(builtins, name, None) or getattr(math, name, None) or vars(operator)[f"__{name}__"]
    return cast(Callable[..., Any], found)


def _asking(name: str) -> Callable[..., Any]:
    work = _work(name)
    return lambda self, *rest: self.ask(work, *rest)


def _deriving(name: str) -> Callable[..., Any]:
    work = _work(name)
    return lambda *args: _derive(work, *args)


def _reflected(name: str) -> Callable[..., Any]:
    work = _work(name)
    return lambda self, other: _derive(work, other, self)


for _name in _ASKED:
    setattr(StandIn, f"__{_name}__", _asking(_name))
for _name in (*_BINARY, *_DERIVED):
    setattr(StandIn, f"__{_name}__", _deriving(_name))
for _name in _BINARY:
    setattr(StandIn, f"__r{_name}__", _reflected(_name))


class _Site(SiteSpec, frozen=True):
    """A site of stand-ins: what the plain one turns into a number, this one leaves as it is."""

    def time(self, path: str) -> int:
        return cast(int, self._as(int, path))

    def number(self, path: str) -> float:
        return cast(float, self._as(float, path))

    def count(self, path: str) -> int:
        return cast(int, self._as(int, path))

    def flag(self, path: str) -> bool:
        return cast(bool, self._as(bool, path))

    def choice(self, path: str) -> str:
        return cast(str, self._as(str, path))

    def _as(self, kind: type, path: str) -> Any:
        value: Any = self.value(path)
        return _derive(kind, value) if isinstance(value, StandIn) else kind(value)


class _Writer(EvidenceWriter):
    """What is written into the evidence is asked for."""

    def flush(self) -> None:
        for place, seen in enumerate(self.block):
            plain = {field: _plain(value) for field, value in msgspec.structs.asdict(seen).items()}
            plain["data"] = {name: _plain(value) for name, value in seen.data.items()}
            self.block[place] = Event(**plain)
        super().flush()


def _plain(value: Any) -> Any:
    return value.ask(_itself) if isinstance(value, StandIn) else value


def _itself(value: Any) -> Any:
    return value


def unnoticed(
    item: Item, target: Target, digest: str, spread: Mapping[str, Sequence[Value]]
) -> frozenset[Other]:  # fmt: skip
    """Those of the other values in `spread` that the run of that digest would not notice, each taken alone."""
    alive = {(path, value) for path, values in spread.items() for value in values}
    writer = _Writer(io.BytesIO(), header(item))
    try:
        target.run(Plan(item.scenario, _stood_in(item.site, spread, alive), item.seed), writer)
        told = writer.digest
    except Exception:  # noqa: BLE001 - code that works with plain values only: nothing is proved
        return frozenset()
    return frozenset(alive) if told == digest else frozenset()


def _stood_in(site: SiteSpec, spread: Mapping[str, Sequence[Value]], alive: set[Other]) -> SiteSpec:
    fields = {name: getattr(site, name) for name in SiteSpec.__struct_fields__}
    fields["figures"] = {path: _given(path, given, spread.get(path, ()), alive) for path, given in site.figures.items()}
    return _Site(**fields)


def _given(path: str, given: Given, others: Sequence[Value], alive: set[Other]) -> Given:
    if not others:
        return given
    value: Any = StandIn(given.value, {(path, other): other for other in others}, alive)
    stated = given.stated
    if isinstance(stated, Quantity):
        return Given(msgspec.structs.replace(stated, value=value), given.spec)
    return Given(Quantity(value, stated.unit, Basis.ASSUMED, stated.reason), given.spec)
