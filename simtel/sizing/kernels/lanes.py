"""Eight numbers side by side, as kernels compute with them: what numba's own vectors leave to the compiler's luck.

A value of eight int64 or eight float64 lives in vector registers as wide as the processor has them. Python's operators,
`min` and `max` work lane by lane; a plain number beside such a value stands for eight of it. Operations are those of
IEEE 754 and of two's complement, a multiplication and addition in one among them, so that every machine has the same
bits. Only compiled functions know such values; they come from arrays and go back into them.
"""

import operator
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, lower_builtin, models, register_model, type_callable
from numpy.typing import NDArray

LANES: Final = 8
Longs = Any  # eight int64, in compiled code
Doubles = Any  # eight float64

_I32: Final = ir.IntType(32)
_I64: Final = ir.IntType(64)


class _Eight(types.Type):  # type: ignore[misc]
    def __init__(self, of: Any) -> None:
        self.of = of
        super().__init__(f"eight {of}")


@register_model(_Eight)
class _Vector(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, kind: _Eight) -> None:
        super().__init__(manager, kind, ir.VectorType(manager.lookup(kind.of).get_value_type(), LANES))


_LONGS: Final = _Eight(types.int64)
_DOUBLES: Final = _Eight(types.float64)
_BOOLEANS: Final = _Eight(types.boolean)


def _spread(context: Any, builder: Any, value: Any, given: Any, kind: _Eight) -> Any:
    """A plain number in all lanes."""
    if isinstance(given, _Eight):
        return value
    one = context.cast(builder, value, given, kind.of)
    nothing = ir.Constant(ir.VectorType(one.type, LANES), ir.Undefined)
    first = builder.insert_element(nothing, one, _I32(0))
    return builder.shuffle_vector(first, nothing, ir.Constant(ir.VectorType(_I32, LANES), [0] * LANES))


def _operator(name: Any, emitted: Callable[[Any, bool, Any, Any], Any], truth: bool = False) -> None:
    """`emitted` makes the code: (builder, whether of float64, left, right)."""

    @type_callable(name)  # type: ignore[untyped-decorator]
    def _typed(_context: Any) -> Callable[[Any, Any], Any]:
        def typer(left: Any, right: Any) -> Any:
            kind = left if isinstance(left, _Eight) else right
            return (_BOOLEANS if truth else kind) if isinstance(kind, _Eight) else None

        return typer

    def lowered(context: Any, builder: Any, signature: Any, operands: Any) -> Any:
        kind = next(given for given in signature.args if isinstance(given, _Eight))
        both = [_spread(context, builder, *one, kind) for one in zip(operands, signature.args, strict=True)]
        return emitted(builder, kind == _DOUBLES, *both)

    for signature in ((_Eight, _Eight), (_Eight, types.Number), (types.Number, _Eight)):
        lower_builtin(name, *signature)(lowered)


def _compared(sign: str) -> Callable[[Any, bool, Any, Any], Any]:
    return lambda b, real, x, y: b.fcmp_ordered(sign, x, y) if real else b.icmp_signed(sign, x, y)


_operator(operator.add, lambda b, real, x, y: b.fadd(x, y) if real else b.add(x, y))
_operator(operator.sub, lambda b, real, x, y: b.fsub(x, y) if real else b.sub(x, y))
_operator(operator.mul, lambda b, real, x, y: b.fmul(x, y) if real else b.mul(x, y))
_operator(operator.or_, lambda b, _, x, y: b.or_(x, y))
_operator(operator.xor, lambda b, _, x, y: b.xor(x, y))
_operator(operator.lshift, lambda b, _, x, y: b.shl(x, y))
_operator(operator.rshift, lambda b, _, x, y: b.ashr(x, y))
_operator(operator.lt, _compared("<"), truth=True)
_operator(operator.le, _compared("<="), truth=True)
_operator(operator.gt, _compared(">"), truth=True)
_operator(min, lambda b, real, x, y: b.select(_compared("<")(b, real, x, y), x, y))
_operator(max, lambda b, real, x, y: b.select(_compared(">")(b, real, x, y), x, y))


def _library(context: Any, builder: Any, name: str, signature: Any, operands: Any) -> Any:
    """What LLVM has a word for, of float64."""
    vector = context.get_value_type(_DOUBLES)
    function = cgutils.get_or_insert_function(
        builder.module, ir.FunctionType(vector, [vector] * len(operands)), f"llvm.{name}.v{LANES}f64"
    )
    all_ = [_spread(context, builder, *one, _DOUBLES) for one in zip(operands, signature.args, strict=True)]
    return builder.call(function, all_)


@intrinsic  # type: ignore[untyped-decorator]
def fma(_typing: Any, x: Any, y: Any, z: Any) -> Any:
    """x * y + z, rounded once."""
    return _DOUBLES(x, y, z), lambda c, b, signature, given: _library(c, b, "fma", signature, given)


@intrinsic  # type: ignore[untyped-decorator]
def root(_typing: Any, x: Any) -> Any:
    """The square root."""
    return _DOUBLES(x), lambda c, b, signature, given: _library(c, b, "sqrt", signature, given)


@intrinsic  # type: ignore[untyped-decorator]
def where(_typing: Any, condition: Any, yes: Any, no: Any) -> Any:
    """`yes` in the lanes in which the condition holds, `no` in the others."""
    kind = _DOUBLES if {yes, no} & {_DOUBLES, types.float64} else _LONGS

    def emitted(c: Any, b: Any, signature: Any, given: Any) -> Any:
        return b.select(given[0], *(_spread(c, b, given[i], signature.args[i], kind) for i in (1, 2)))

    return kind(condition, yes, no), emitted


@intrinsic  # type: ignore[untyped-decorator]
def bits(_typing: Any, x: Any) -> Any:
    """float64 as the int64 of the same bits, and back."""
    kind = _LONGS if x == _DOUBLES else _DOUBLES
    return kind(x), lambda c, b, _, given: b.bitcast(given[0], c.get_value_type(kind))


@intrinsic  # type: ignore[untyped-decorator]
def to_doubles(_typing: Any, x: Any) -> Any:
    """The nearest float64."""
    return _DOUBLES(x), lambda c, b, _, given: b.sitofp(given[0], c.get_value_type(_DOUBLES))


@intrinsic  # type: ignore[untyped-decorator]
def to_longs(_typing: Any, x: Any) -> Any:
    """Rounded towards zero; the value must fit."""
    return _LONGS(x), lambda c, b, _, given: b.fptosi(given[0], c.get_value_type(_LONGS))


@intrinsic  # type: ignore[untyped-decorator]
def shifted_right(_typing: Any, x: Any, by: Any) -> Any:
    """Zeros come in from the left. Of eight, or of one int64."""

    def emitted(c: Any, b: Any, _signature: Any, given: Any) -> Any:
        many = isinstance(x, _Eight)
        return b.lshr(given[0], _spread(c, b, given[1], by, x) if many else c.cast(b, given[1], by, types.int64))

    return x(x, by), emitted


@intrinsic  # type: ignore[untyped-decorator]
def zeros_below(_typing: Any, x: Any) -> Any:
    """How many zeros stand below the lowest bit that is set of one int64, which is not zero."""
    return x(x), lambda _c, b, _s, given: b.cttz(given[0], ir.Constant(ir.IntType(1), 1))


@intrinsic  # type: ignore[untyped-decorator]
def eight(_typing: Any, x: Any) -> Any:
    """An int64 in all lanes."""
    return _LONGS(x), lambda c, b, signature, given: _spread(c, b, given[0], signature.args[0], _LONGS)


@intrinsic  # type: ignore[untyped-decorator]
def counting(_typing: Any) -> Any:
    """0, 1 ... 7."""
    return _LONGS(), lambda c, _b, _s, _g: ir.Constant(c.get_value_type(_LONGS), list(range(LANES)))


def _place(context: Any, builder: Any, signature: Any, given: Any, kind: Any) -> Any:
    memory = context.make_array(signature.args[0])(context, builder, given[0]).data
    number = context.cast(builder, given[1], signature.args[1], types.int64)
    place = builder.gep(memory, [builder.mul(number, _I64(LANES))])
    return builder.bitcast(place, context.get_value_type(kind).as_pointer())


@intrinsic  # type: ignore[untyped-decorator]
def load(_typing: Any, array: Any, row: Any) -> Any:
    """Row `row` of an array of rows of eight int64; nobody looks whether it has so many."""
    return _LONGS(array, row), lambda c, b, s, given: b.load(_place(c, b, s, given, _LONGS), align=8)


@intrinsic  # type: ignore[untyped-decorator]
def store(_typing: Any, array: Any, row: Any, value: Any) -> Any:
    """Set it."""

    def emitted(c: Any, b: Any, s: Any, given: Any) -> Any:
        b.store(given[2], _place(c, b, s, given, value), align=8)
        return c.get_dummy_value()

    return types.none(array, row, value), emitted


def rows(number: int) -> NDArray[np.int64]:
    """Zeros, [number, 8], from the beginning of a cache line on: a row across two of them takes twice as long."""
    room = np.zeros(LANES * (number + 1), np.int64)
    begin = -(room.ctypes.data // room.itemsize) % LANES
    return room[begin : begin + LANES * number].reshape(number, LANES)
