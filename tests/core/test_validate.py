"""A pydantic model laid over a document: every complaint at its place, in plain words."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, RootModel, model_validator

from simtel.core import validate as validation
from simtel.core.problems import BadInput, Problem
from simtel.core.strict_yaml import load
from simtel.core.validate import validate


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


def duration(value: object) -> object:
    if isinstance(value, int | float):
        raise ValueError(f"is a bare number where a unit is due: write {value}ms or {value}s")
    return value


Duration = Annotated[str, BeforeValidator(duration)]


class Crash(Strict):
    kind: Literal["crash"]
    at: Duration
    subject: str


class Hang(Strict):
    kind: Literal["hang"]
    at: Duration
    crash: int = 0  # a key with the name of another member's tag


class Stated(Strict):
    value: float
    basis: Literal["assumed", "measured"]


class NotStated(Strict):
    value: Literal["unknown"]
    reason: str


class Names(RootModel[dict[Literal["en", "zh"], str]]):
    pass


@dataclass
class Growth:
    per_seat: int


class Site(Strict):
    simtel: str
    faults: list[Annotated[Crash | Hang, Field(discriminator="kind")]] = []
    ports: dict[str, Stated | NotStated | None] = {}
    mixed: str | list[str] | None = None
    hold: Duration | None = Field(None, alias="hold-time")
    seats: Annotated[int, Field(ge=1, le=100)] = 1
    ratio: float = 1.0
    live: bool = False
    title: Names | None = None
    growth: Growth | None = None
    pair: tuple[int, Stated] | None = None

    @model_validator(mode="after")
    def one_seat_has_no_pair(self) -> "Site":
        if self.seats == 7:
            raise ValueError("seven seats cannot be paired")
        return self


def complaints(text: str) -> list[tuple[int, int, str, str | None]]:
    with pytest.raises(BadInput) as caught:
        validate(load(text.encode(), "f.yaml"), Site)
    return [(p.line, p.column, p.message, p.hint) for p in caught.value.problems]


def complaint(text: str) -> tuple[int, int, str, str | None]:
    (found,) = complaints(f"simtel: site/1\n{text}\n")
    return found


def test_a_good_file_becomes_the_model() -> None:
    text = b"simtel: site/1\nhold-time: 3s\nfaults:\n- {kind: hang, at: 5s}\nports: {a: {value: 1, basis: assumed}}\n"
    site = validate(load(text), Site)
    assert isinstance(site.faults[0], Hang)
    assert site.ports == {"a": Stated(value=1, basis="assumed")}
    assert site.hold == "3s"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sets: 3", (2, 1, "unknown key 'sets'", "did you mean 'seats'?")),
        ("hold_time: 3s", (2, 1, "unknown key 'hold_time'", "did you mean 'hold-time'?")),
        ("zzzzzz: 3s", (2, 1, "unknown key 'zzzzzz'", None)),
        # a key that is there already is not what was meant
        ("ports: {}\nparts: 1", (3, 1, "unknown key 'parts'", "did you mean 'pair'?")),
        # only the keys of the member that was chosen are offered
        ("faults: [{kind: hang, at: 5s, subjec: x}]", (2, 31, "unknown key 'subjec'", None)),
        (
            "hold-time: 50",
            (2, 12, "is a bare number where a unit is due: write 50ms or 50s", None),
        ),
        ("seats: 1.5", (2, 8, "is the number 1.5 where a whole number is due", None)),
        ("seats: many", (2, 8, "is the text 'many' where a whole number is due", None)),
        ("seats:", (2, 7, "is empty where a whole number is due", None)),
        ("seats: 200", (2, 8, "must be less than or equal to 100", None)),
        ("seats: {a: 1}", (2, 1, "is a mapping where a whole number is due", None)),
        ("ratio: a", (2, 8, "is the text 'a' where a number is due", None)),
        ("live: maybe", (2, 7, "is the text 'maybe' where true or false is due", None)),
        ("faults: {}", (2, 1, "is a mapping where a list is due", None)),
        ("ports: true", (2, 8, "is true where a mapping (key: value) is due", None)),
        ("mixed: 4", (2, 8, "is the number 4 where text is due or a list is due", "put it in quotes")),
        ("mixed: [a, 4]", (2, 12, "is the number 4 where text is due", "put it in quotes")),
        ("faults: [{at: 5s}]", (2, 10, "key 'kind' is missing", None)),
        (
            "faults: [{kind: crsh}]",
            (2, 17, "is the text 'crsh' where one of these is due: 'crash', 'hang'", "did you mean 'crash'?"),
        ),
        ("faults: [5]", (2, 10, "is the number 5 where a mapping (key: value) is due", None)),
        ("faults: [{kind: crash, at: 5s}]", (2, 10, "key 'subject' is missing", None)),
        (
            "faults:\n- {kind: hang, at: 5s}\n- {kind: hang, at: 5s, crash: x}",
            (4, 31, "is the text 'x' where a whole number is due", None),
        ),
        (
            "faults: [{kind: hang, at: 5s, carsh: 1}]",
            (2, 31, "unknown key 'carsh'", "did you mean 'crash'?"),
        ),
        (
            "ports:\n  a: {value: 3, basis: asumed}",
            (
                3,
                24,
                "is the text 'asumed' where one of these is due: 'assumed' or 'measured'",
                "did you mean 'assumed'?",
            ),
        ),
        ("ports:\n  a: {value: unknown}", (3, 3, "key 'reason' is missing", None)),
        (
            "ports:\n  a: {value: 1, bais: assumed, basis: assumed}",
            (3, 17, "unknown key 'bais'", "did you mean 'basis'?"),
        ),
        ("ports:\n  a: 7", (3, 6, "is the number 7 where a mapping (key: value) is due", None)),
        (
            "title: {zhn: x}",
            (2, 9, "is the text 'zhn' where one of these is due: 'en' or 'zh'", "did you mean 'zh'?"),
        ),
        ("growth: {per_set: 1, per_seat: 1}", (2, 10, "unknown key 'per_set'", "did you mean 'per_seat'?")),
        (
            "pair: [1, {value: 1, basis: assumed, vale: 1}]",
            (2, 38, "unknown key 'vale'", "did you mean 'value'?"),
        ),
        ("seats: 7", (1, 1, "seven seats cannot be paired", None)),
    ],
)
def test_complaints_of_the_model(text: str, found: tuple[int, int, str, str | None]) -> None:
    assert complaint(text) == found


def test_all_complaints_at_once_in_file_order() -> None:
    found = complaints("seats: x\nports: 1\nfaults: [{kind: crash, at: 5}]\n")
    assert [(line, column) for line, column, _, _ in found] == [(1, 1), (1, 8), (2, 8), (3, 10), (3, 28)]
    assert found[0][2] == "key 'simtel' is missing"


@pytest.mark.parametrize(("text", "what"), [("- 1", "a list"), ("5", "the number 5"), ("text", "the text 'text'")])
def test_a_file_that_is_no_mapping(text: str, what: str) -> None:
    assert complaints(text) == [(1, 1, f"is {what} where a mapping (key: value) is due", None)]


def test_problems_carry_name_and_source_line() -> None:
    doc = load(b"simtel: a\nsets: 3\n", "long/path/f.yaml")
    with pytest.raises(BadInput) as caught:
        validate(doc, Site, "f.yaml")
    assert caught.value.problems == (Problem("f.yaml", 2, 1, "unknown key 'sets'", "did you mean 'seats'?", "sets: 3"),)
    with pytest.raises(BadInput, match="long/path"):
        validate(doc, Site)


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(["crash", "hang", "unknown", "5s", "a"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "simtel",
                    "faults",
                    "ports",
                    "mixed",
                    "title",
                    "growth",
                    "pair",
                    "kind",
                    "at",
                    "crash",
                    "value",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(PLAIN)
@settings(max_examples=200, deadline=None)
def test_any_data_is_the_model_or_has_problems_in_the_file(data: Any) -> None:
    text = yaml.safe_dump(data, allow_unicode=True).replace("...\n", "")
    doc = load(text.encode(), "f.yaml")
    assert doc.data == data
    try:
        site = validate(doc, Site)
    except BadInput as error:
        for problem in error.problems:
            assert problem.snippet == doc.lines[problem.line - 1]
            assert 1 <= problem.column <= len(problem.snippet) + 1
    else:
        assert isinstance(site, Site)


def test_pydantic_is_not_loaded_before_it_is_needed() -> None:
    code = "import sys, simtel.core.strict_yaml, simtel.core.validate; sys.exit('pydantic' in sys.modules)"
    above = Path(validation.__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=above).returncode == 0
