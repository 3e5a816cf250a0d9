from typing import Any

import pytest

from simtel.core.events import FIELDS, Event, Kind, field_errors

GOOD: dict[type, Any] = {str: "x", int: 1, bool: True}


def event(kind: str, **data: Any) -> Event:
    return Event(1, 0, kind, "s", "o", None, data)


def full(kind: Kind) -> dict[str, Any]:
    return {name.rstrip("?"): GOOD[of] for name, (of, _) in FIELDS[kind][1].items()}


def test_every_kind_is_described() -> None:
    assert set(FIELDS) == set(Kind)
    assert all(says for says, _ in FIELDS.values())


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_with_all_its_fields_and_each_mistake_in_them(kind: Kind) -> None:
    assert field_errors(event(kind, **full(kind))) == []
    assert field_errors(event(kind, **full(kind), extra=1)) == [f"{kind.value} has the unknown field 'extra'"]
    for name in FIELDS[kind][1]:
        plain = name.rstrip("?")
        without = {key: value for key, value in full(kind).items() if key != plain}
        assert field_errors(event(kind, **without)) == ([] if name.endswith("?") else [f"{kind.value} lacks {plain!r}"])
        wrong = field_errors(event(kind, **{**full(kind), plain: 1.5}))
        assert len(wrong) == 1
        assert f"{plain} is 1.5, not" in wrong[0]


def test_a_flag_is_no_number_and_a_number_no_flag() -> None:
    assert field_errors(event(Kind.LOAD_ENDED, offered=True)) == ["load.ended: offered is True, not int"]
    assert field_errors(event(Kind.DCHANNEL_STATE, up=1)) == ["dchannel.state: up is 1, not bool"]


def test_an_unknown_kind() -> None:
    assert field_errors(event("call.teleported")) == ["unknown kind 'call.teleported'"]
