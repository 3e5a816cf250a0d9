"""What a criterion is: an id, a title, the kinds of events that it needs, its limits, and a pure function."""

from collections.abc import Callable

import msgspec

from simtel.core.events import Kind
from simtel.core.log import EvidenceLog, Expectation, Limit
from simtel.core.quantity import Unit
from simtel.verdict.verdict import Text, Verdict


class LimitSpec(msgspec.Struct, frozen=True):
    """A limit that a criterion takes, of at most `most`. Without `default` and not `required`, it may be absent."""

    unit: Unit
    required: bool = True
    default: Limit | None = None
    most: int | None = None


class Criterion(msgspec.Struct, frozen=True):
    """One criterion. Kinds that the harness itself writes (faults, census) need not stand in `needs`."""

    id: str
    title: Text
    needs: frozenset[Kind]
    limits: dict[str, LimitSpec]
    judge: Callable[[EvidenceLog, Expectation], Verdict]
