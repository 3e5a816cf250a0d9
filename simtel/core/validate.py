"""A pydantic model laid over a document: its complaints are brought back to their places in the file.

pydantic names a place by keys, list positions and labels of the members of unions that it tried. The labels are taken
out again, and of the members of a union that all refused, only the complaints of the one most nearly meant are kept.
"""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from simtel.core.document import Doc, Loc
from simtel.core.problems import BadInput, Problem, did_you_mean, quoted

if TYPE_CHECKING:
    from pydantic import BaseModel

    ModelT = TypeVar("ModelT", bound=BaseModel)


def validate(doc: Doc, model: type[ModelT], name: str | None = None) -> ModelT:
    """The data as an instance of a pydantic model (which should forbid extra keys).

    Raises BadInput with every complaint of the model at its place; the text of a ValueError raised in
    a validator is kept.  `name` replaces the document's name in the problems.
    """
    from pydantic import ValidationError  # noqa: PLC0415  (heavy: only those who validate pay for it)

    try:
        return model.model_validate(doc.data)
    except ValidationError as error:
        complaints = _narrow([_Complaint(doc, model, item) for item in error.errors(include_url=False)])
        named = replace(doc, name=name or doc.name)
        problems = _merge([complaint.problem(named) for complaint in complaints])
        raise BadInput(sorted(problems, key=lambda problem: (problem.line, problem.column))) from None


class _Complaint:
    """One pydantic error with its location brought back to the document.

    pydantic puts the label of the union member that it tried into `loc`, where the document has
    nothing.  The walk follows the annotations and the data together: a step is such a label when the
    annotation is a union, or when the data has no such entry.
    """

    def __init__(self, doc: Doc, model: type[BaseModel], item: Mapping[str, Any]) -> None:
        self.type: str = item["type"]
        self.text: str = item["msg"]
        self.input: Any = item.get("input")
        self.context: Mapping[str, Any] = item.get("ctx", {})
        self.at_key = False
        self.branches: list[tuple[Loc, str]] = []  # unions passed: where, and which member was tried
        self.kinds: list[Any] = [model]  # what the annotations allow where the walk stands
        self.holders: list[Any] = []  # the same, one real step earlier
        self.siblings: AbstractSet[str] = frozenset()  # keys beside the last step
        real: list[str | int] = []
        data, steps, missing = doc.data, item["loc"], self.type == "missing"
        for index, step in enumerate(steps):
            last = index == len(steps) - 1
            members = [member for kind in self.kinds for member in _members(kind)]
            if last and step == "[key]":
                self.at_key = True
            elif (missing and last) or (_is_entry(data, step) and (len(members) < 2 or self._chosen(real))):
                self.holders = members
                self.siblings = data.keys() if isinstance(data, dict) else frozenset()
                self.kinds = [child for member in members for child in _children(member, step)]
                real.append(step)
                data = data[step] if _is_entry(data, step) else None
            else:
                self.branches.append((tuple(real), str(step)))
                self.kinds = [member for member in members if step in _labels(member)] or members
        self.loc: Loc = tuple(real)
        self.data = data

    def _chosen(self, real: list[str | int]) -> bool:
        """Whether the label of the union that stands here has been passed."""
        return bool(self.branches) and self.branches[-1][0] == tuple(real)

    def problem(self, doc: Doc) -> Problem:
        word = self.loc[-1] if self.loc else ""
        if self.type in ("extra_forbidden", "unexpected_keyword_argument"):
            names = {name for holder in self.holders for name in _fields(holder)}
            hint = did_you_mean(str(word), names - self.siblings) or did_you_mean(str(word), names)
            return doc.problem(self.loc, f"unknown key {quoted(word)}", hint, at_key=True)
        if self.type == "missing":
            return doc.problem(self.loc[:-1], f"key {quoted(word)} is missing", at_key=True)
        if self.type == "union_tag_not_found":
            return doc.problem(self.loc, f"key {self.context['discriminator']} is missing", at_key=True)
        if self.type == "union_tag_invalid":
            loc = (*self.loc, str(self.context["discriminator"]).strip("'"))
            return doc.problem(loc, *_one_of(self.context["tag"], self.context["expected_tags"]))
        message, hint = self.said()
        return doc.problem(self.loc, message, hint, at_key=self.at_key or isinstance(self.data, dict | list))

    def said(self) -> tuple[str, str | None]:
        """Message and hint in plain words."""
        if self.type in ("value_error", "assertion_error"):
            return str(self.context.get("error") or self.text), None
        if self.type in ("literal_error", "enum"):
            return _one_of(self.input, self.context["expected"])
        if self.type in _DUE:
            return f"{_is(self.input)} where {_DUE[self.type]} is due", None
        if self.type == "string_type":
            advice = "put it in quotes" if isinstance(self.input, int | float) else None
            return f"{_is(self.input)} where text is due", advice
        return re.sub(r"^(Input|Value|String) should ", "must ", self.text), None


_DUE = {
    "int_type": "a whole number", "int_parsing": "a whole number", "int_from_float": "a whole number",
    "float_type": "a number", "float_parsing": "a number",
    "bool_type": "true or false", "bool_parsing": "true or false",
    "list_type": "a list", "tuple_type": "a list", "set_type": "a list", "frozen_set_type": "a list",
    "dict_type": "a mapping (key: value)", "mapping_type": "a mapping (key: value)",
    "model_type": "a mapping (key: value)", "model_attributes_type": "a mapping (key: value)",
    "dataclass_type": "a mapping (key: value)",
    "none_required": "null",
}  # fmt: skip


def _is(value: Any) -> str:
    match value:
        case None:
            return "is empty"
        case bool():
            return f"is {str(value).lower()}"
        case int() | float():
            return f"is the number {value}"
        case str():
            return f"is the text {quoted(value)}"
        case list():
            return "is a list"
        case _:
            return "is a mapping"


def _one_of(value: Any, expected: str) -> tuple[str, str | None]:
    return f"{_is(value)} where one of these is due: {expected}", did_you_mean(
        str(value), re.findall(r"'([^']*)'", expected)
    )


def _narrow(complaints: list[_Complaint]) -> list[_Complaint]:
    """Of the members of a union that all refused, keep the complaints of the one most nearly meant.

    That is the one that looked into the value, and of several the one with the fewest complaints; if
    none looked into it, all stand.
    """
    for level in range(max(len(complaint.branches) for complaint in complaints)):
        unions: dict[tuple[Any, Loc], dict[str, list[_Complaint]]] = {}
        for complaint in complaints:
            if level < len(complaint.branches):
                where, member = complaint.branches[level]
                tried = unions.setdefault((tuple(complaint.branches[:level]), where), {})
                tried.setdefault(member, []).append(complaint)
        dropped: set[int] = set()
        for (_, where), tried in unions.items():
            inside = [found for found in tried.values() if any(len(c.loc) > len(where) for c in found)]
            if inside:
                best = min(inside, key=len)
                dropped.update(id(c) for found in tried.values() if found is not best for c in found)
        complaints = [complaint for complaint in complaints if id(complaint) not in dropped]
    return complaints


def _merge(problems: list[Problem]) -> list[Problem]:
    """One problem for each value that no member of a union would have: "... where A is due or B is due"."""
    merged: dict[tuple[int, int, str], Problem] = {}
    for problem in problems:
        found, where, due = problem.message.partition(" where ")
        key = problem.line, problem.column, found
        if where and key in merged:
            seen = merged[key]
            if due not in seen.message:
                hint = seen.hint or problem.hint
                merged[key] = replace(seen, message=f"{seen.message} or {due}", hint=hint)
        else:
            merged[key] = problem
    return list(merged.values())


# What an annotation allows.  An annotation that is not understood has no children: the walk then
# follows the data alone.


def _is_entry(data: Any, step: str | int) -> bool:
    if isinstance(data, list):
        return isinstance(step, int) and step < len(data)
    return isinstance(data, dict) and step in data


def _members(kind: Any) -> list[Any]:
    """The alternatives of an annotation, without null; a member keeps its own `Annotated`."""
    if isinstance(kind, typing.NewType):
        return _members(kind.__supertype__)
    if hasattr(kind, "__value__"):  # a type alias
        return _members(kind.__value__)
    origin = typing.get_origin(kind)
    if origin is typing.Annotated and len(inner := _members(kind.__origin__)) != 1:
        return inner
    if origin in (typing.Union, types.UnionType):
        return [member for part in typing.get_args(kind) for member in _members(part)]
    return [] if kind is type(None) else [kind]


def _bare(kind: Any) -> Any:
    while typing.get_origin(kind) is typing.Annotated:
        kind = kind.__origin__
    return kind


def _fields(kind: Any) -> dict[str, Any]:
    """Key in the file -> annotation, of a model, dataclass or typed dict."""
    kind = _bare(kind)
    infos = getattr(kind, "__pydantic_fields__", None)
    if infos is None:
        known = dataclasses.is_dataclass(kind) or typing.is_typeddict(kind)
        return typing.get_type_hints(kind, include_extras=True) if known else {}
    found: dict[str, Any] = {}
    for name, info in infos.items():
        alias = info.validation_alias or info.alias
        names = [choice for choice in getattr(alias, "choices", [alias]) if isinstance(choice, str)]
        found.update(dict.fromkeys(names or [name], info.annotation))
    return found


def _labels(kind: Any) -> set[Any]:
    """What pydantic may call this member of a union in a location."""
    bare = _bare(kind)
    found = {getattr(bare, "__name__", None)}
    found |= {getattr(extra, "tag", None) for extra in getattr(kind, "__metadata__", ())}
    for annotation in _fields(kind).values():
        if typing.get_origin(_bare(annotation)) is typing.Literal:
            found.update(typing.get_args(_bare(annotation)))
    return found


def _children(kind: Any, step: str | int) -> list[Any]:
    """The annotation of the entry `step`, as a list of one, or an empty list if unknown."""
    kind = _bare(kind)
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    fields = _fields(kind)
    if list(fields) == ["root"] and hasattr(kind, "model_fields"):  # a RootModel adds no step
        return [child for member in _members(fields["root"]) for child in _children(member, step)]
    if fields:
        return [fields[step]] if step in fields else []
    if not isinstance(origin, type) or not args:
        return []
    if issubclass(origin, Mapping):
        return [args[1]]
    if issubclass(origin, tuple) and isinstance(step, int) and args[-1] is not Ellipsis:
        return [args[step]] if step < len(args) else []
    return [args[0]] if issubclass(origin, Sequence | AbstractSet) else []
