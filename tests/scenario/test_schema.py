"""The exported schema accepts every shipped file and refuses what the readers refuse.

The judge here is a small JSON Schema validator of the test's own: it knows the words that the schemas use, and fails
on any other.
"""

import re
from pathlib import Path
from typing import Any

import pytest

from simtel.core import data
from simtel.core.strict_yaml import load
from simtel.scenario.load import LOADS
from simtel.scenario.meanings import KEYS
from simtel.scenario.meanings import LOADS as MEANT
from simtel.scenario.schema import json_schema

TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "number": (int, float)}
NOTES = {  # seen to with their neighbours
    "$schema", "title", "description", "then", "required", "additionalProperties", "patternProperties",
}  # fmt: skip


def valid(value: Any, schema: dict[str, Any]) -> bool:
    return all(word in NOTES or met(word, rule, value, schema) for word, rule in schema.items()) and keys(value, schema)


def keys(value: Any, schema: dict[str, Any]) -> bool:
    if not isinstance(value, dict):
        return True
    more = schema.get("additionalProperties", True)
    patterns = schema.get("patternProperties", {})
    for key in value:
        if any(re.search(pattern, key) and not valid(value[key], rule) for pattern, rule in patterns.items()):
            return False
    extra = value.keys() - schema.get("properties", {}).keys()
    extra = {key for key in extra if not any(re.search(pattern, key) for pattern in patterns)}
    fits = not extra if more is False else more is True or all(valid(value[key], more) for key in extra)
    return fits and set(schema.get("required", ())) <= value.keys()


def met(word: str, rule: Any, value: Any, schema: dict[str, Any]) -> bool:
    match word:
        case "type":
            return isinstance(value, TYPES[rule]) and not (rule in ("integer", "number") and isinstance(value, bool))
        case "enum":
            return value in rule
        case "const":
            return bool(value == rule)
        case "pattern":
            return re.search(rule, value) is not None
        case "minLength":
            return len(value) >= rule
        case "minItems":
            return len(value) >= rule
        case "minimum":
            return bool(value >= rule)
        case "items":
            return all(valid(item, rule) for item in value)
        case "properties":
            return all(valid(value[key], below) for key, below in rule.items() if key in value)
        case "anyOf":
            return any(valid(value, one) for one in rule)
        case "oneOf":
            return sum(valid(value, one) for one in rule) == 1
        case "allOf":
            return all(valid(value, one) for one in rule)
        case "if":
            return not valid(value, rule) or valid(value, schema["then"])
    raise AssertionError(f"the schema uses {word!r}, which this validator does not know")


def shipped() -> list[Path]:
    folders = (data.scenarios, data.devices, data.sites, data.benches, data.demands)
    return sorted(path for folder in folders for path in folder().rglob("*.yaml"))


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_shipped_files_meet_their_schema(path: Path) -> None:
    content = load(path).data
    schema = json_schema()[content["simtel"].partition("/")[0]]
    assert valid(content, schema)
    for key in schema["required"]:
        assert not valid({name: value for name, value in content.items() if name != key}, schema), key
    assert not valid(content | {"surprise": 1}, schema)


def test_a_figure_is_known_by_its_kind_of_device() -> None:
    content = load(data.devices() / "lan-switch.yaml").data
    schema = json_schema()["profile"]
    for bad in (
        {"boot_time": 30},
        {"boot_time": {"value": "unknown"}},
        {"boot_time": {"value": "30s", "basis": "hope", "source": "x"}},
        {"forwarding": {}},
        {"kind": "exchange"},
    ):
        assert not valid(content | bad, schema), bad


def test_limits_have_a_schema() -> None:
    limit = {"value": "1s", "basis": "buyer", "source": "contract"}
    schema = json_schema()["limits"]
    assert valid({"simtel": "limits/1", "limits": {"media-gap": {"at_most": limit}}}, schema)
    assert not valid({"simtel": "limits/1", "limits": {"media-gap": {"at_most": 1}}}, schema)


def keys_of(schema: dict[str, Any], path: str = "") -> list[str]:
    found = []
    for name, below in schema.get("items", schema).get("properties", {}).items():
        place = f"{path}.{name}" if path else name
        found += [place, *keys_of(below, place)]
    return found


def test_each_key_of_a_scenario_is_told_and_nothing_else() -> None:
    known = {key for key in keys_of(json_schema()["scenario"]) if not key.startswith("expect.")}
    assert set(KEYS) == known - {f"{text}.{lang}" for text in ("title", "why") for lang in ("en", "zh")} - {
        key for key in known if key.startswith("roles.")
    }
    assert set(MEANT) == set(LOADS)


def test_the_schema_says_what_a_key_means_and_how_it_is_written() -> None:
    ramp = json_schema()["scenario"]["properties"]["load"]["properties"]["ramp"]
    assert ramp["description"].endswith("one call after the other (time, such as 50ms)")
