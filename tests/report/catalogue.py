"""Catalogues: finds every sentence and word that simtel says, keeps simtel.po complete, compiles simtel.mo.

    python -m tests.report.catalogue

Sentences are literals given to `say`, `complain`, `translate`, `both`, `Message` and, in page templates, `t`; the help
of commands and options, and what click says of itself; what the event vocabulary says, what faults do and what figures
of devices mean; and the sources and reasons that limits, shipped scenarios and profiles state. A sentence with a form
for one thing and another for many is one entry: both forms, joined by NUL, as gettext has it. Words are the terms of
the vocabulary. New entries are added with an empty translation, entries that nobody says any more are dropped.
"""

import ast
import json
import re
import struct
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import click
import jinja2
import yaml
from jinja2 import nodes

from simtel.cli.group import COMMANDS, MODULES, cli
from simtel.cli.lazy import Lazy
from simtel.cli.listing import KINDS as KINDS_LISTED
from simtel.cli.phrase import in_paragraphs
from simtel.core.events import FIELDS
from simtel.core.faults import FAULTS, FaultKind
from simtel.core.i18n import LANGUAGES, LOCALE
from simtel.core.quantity import Basis
from simtel.profiles.demand import DEMAND
from simtel.profiles.kinds import KINDS, SITE
from simtel.profiles.printed import PRINTED
from simtel.report.words import TERMS
from simtel.verdict.criteria import CRITERIA

ROOT = Path(__file__).resolve().parent.parent.parent
SAYS = {"say", "translate", "both", "complain", "Message", "_said"}
COUNTS = {"say_count", "translate_count"}
CLICK = ("core", "decorators", "exceptions", "formatting", "parser", "types")  # its modules that speak to a user
SOURCE = 4  # place of a limit's source among its arguments
TERM = "term"
CITED = {"source", "reason", "notes"}  # keys of files whose text a report cites
EMITS = {"devices", "callcentre", "model", "target", "emulator", "probe"}  # rooms whose code emits events
FIELD = {"cause", "disposition", "state", "part", "what", "answer", "method", "alarm"}
Entry = tuple[str, str]  # context, English
HAN = re.compile(r"[\u4e00-\u9fff]")
CODE = re.compile(r"(`[^`]*`|'[^'\u4e00-\u9fff]*'|\{\{.*\}\}|%\(\w+\)s)")  # what a person types or reads in a file
MARKS = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}


@cache
def nodes_of_code() -> list[tuple[str, ast.AST]]:
    """Room and node of everything in simtel's own source that may hold a text."""
    kinds = (ast.Call, ast.keyword, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Subscript)
    return [
        (path.relative_to(ROOT / "simtel").parts[0], node)
        for path in sorted((ROOT / "simtel").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, kinds)
    ]


def spoken_in_code() -> Iterator[str]:
    for _, node in nodes_of_code():
        if isinstance(node, ast.Call) and node.args:
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            first = node.args[name == "_said"]  # behind pytest's configuration
            if name in SAYS and isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value
            if name in COUNTS and all(isinstance(one, ast.Constant) for one in node.args[:2]):
                yield "\0".join(one.value for one in node.args[:2] if isinstance(one, ast.Constant))
            if name == "Limit" and len(node.args) > SOURCE and isinstance(node.args[SOURCE], ast.Constant):
                yield node.args[SOURCE].value
    for criterion in CRITERIA.values():
        yield from (spec.default.source for spec in criterion.limits.values() if spec.default is not None)


def spoken_in_help() -> Iterator[str]:
    """Help of the group, its commands and their options."""
    yield from COMMANDS.values()
    yield from (heading for heading, _ in KINDS_LISTED.values())
    modules = [MODULES.get(name, name) for name in COMMANDS]
    commands = [cli, *(getattr(import_module(f"simtel.cli.{name}"), name) for name in modules)]
    for group in [one for one in commands[1:] if isinstance(one, Lazy)]:
        yield from group.offered.values()
        places = [group.where(name) for name in group.offered]
        commands += [getattr(import_module(module), function) for module, function in places]
    for command in commands:
        yield in_paragraphs(command.help or "")
        yield from (parameter.help or "" for parameter in command.params if isinstance(parameter, click.Option))


def spoken_by_click() -> Iterator[str]:
    """What click looks up through gettext."""
    for name in CLICK:
        path = Path(click.__file__).with_name(f"{name}.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "ngettext"):
                said = [one.value for one in node.args[:2] if isinstance(one, ast.Constant)]
                yield "\0".join(said) if all(isinstance(one, str) for one in said) else ""


def spoken_in_pages() -> Iterator[str]:
    for path in sorted((ROOT / "simtel" / "report" / "templates").glob("*.html")):
        tree = jinja2.Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "t" and isinstance(call.args[0], nodes.Const):
                yield call.args[0].value


def cited_in_files() -> Iterator[str]:
    def walk(node: object) -> Iterator[str]:
        if isinstance(node, dict):
            for key, value in node.items():
                if key in CITED and isinstance(value, str):
                    yield value
                yield from walk(value)
            if node.get("descriptive") is True and " " in str(node.get("value", "")):
                yield str(node["value"])
        elif isinstance(node, list):
            for value in node:
                yield from walk(value)

    for folder in ("scenarios", "hardware_profiles"):
        for path in sorted((ROOT / folder).rglob("*.yaml")):
            yield from walk(yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader))


def words_in_code() -> Iterator[str]:
    """Names of figures in verdicts, and the words that devices put into the fields of events."""
    for room, node in nodes_of_code():
        match node:
            case ast.Assign(targets=[ast.Name(id="figures")], value=value) if room == "verdict":
                yield from _keys(value)
            case ast.AnnAssign(target=ast.Name(id="figures"), value=ast.expr() as value) if room == "verdict":
                yield from _keys(value)
            case ast.AugAssign(target=ast.Name(id="figures"), value=value) if room == "verdict":
                yield from _keys(value)
            case ast.Subscript(
                value=ast.Name(id="figures") | ast.Attribute(attr="figures"), slice=ast.Constant(value=str(name))
            ):
                yield name
            case ast.keyword(arg=str(field), value=ast.Constant(value=str(word))):
                if room in EMITS and field in FIELD:
                    yield word


def _keys(value: ast.expr) -> Iterator[str]:
    for node in ast.walk(value):
        if isinstance(node, ast.Dict):
            yield from (key.value for key in node.keys if isinstance(key, ast.Constant))


def wanted() -> list[Entry]:
    """Everything that needs a translation."""
    sentences = {*spoken_in_code(), *spoken_in_help(), *spoken_by_click(), *spoken_in_pages(), *cited_in_files()}
    sentences |= {says for says, _ in FIELDS.values()} | {does for does, _ in FAULTS.values()}
    specs = [spec for kind in (*KINDS.values(), SITE, DEMAND) for spec in kind.values()]
    choices = {word for spec in specs for word in spec.choices}
    sentences |= {spec.meaning for spec in specs} | {*PRINTED.values()}
    words = {
        *KINDS,
        *choices,
        *TERMS,
        *words_in_code(),
        *map(str, FaultKind),
        *map(str, Basis),
        "PASS",
        "FAIL",
        "INCONCLUSIVE",
        "ERROR",
    }
    return sorted([("", text) for text in sentences if text.strip()] + [(TERM, word) for word in words])


def path_of(lang: str) -> Path:
    return LOCALE / lang / "LC_MESSAGES" / "simtel.po"


def read(path: Path) -> dict[Entry, str]:
    """A catalogue: one line per string, in JSON's (and C's) escapes."""
    found: dict[Entry, str] = {}
    context = key = ""
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        word, _, rest = line.partition(" ")
        if word == "msgctxt":
            context = json.loads(rest)
        elif word == "msgid":
            key = json.loads(rest)
        elif word == "msgid_plural":
            key += "\0" + json.loads(rest)
        elif word in ("msgstr", "msgstr[0]"):
            found[context, key] = json.loads(rest)
            context = ""
    return found


def punctuated(text: str) -> str:
    """A Chinese sentence with Chinese punctuation; code in it, and text without Chinese, as it is."""
    if not HAN.search(text):
        return text
    parts = CODE.split(text)
    parts[::2] = [_punctuated(part) for part in parts[::2]]
    return "".join(parts)


def _punctuated(text: str) -> str:
    text = re.sub(r" ?\(([^()]*)\) ?", lambda m: f"（{m[1]}）" if HAN.search(m[1]) or HAN.search(text) else m[0], text)
    text = re.sub(r"([,;:?!])(?: +|$|(?=[\u4e00-\u9fff“（]))", lambda m: MARKS[m[1]], text)
    text = re.sub(r"(?<=[\u4e00-\u9fff”）])[,;:?!]", lambda m: MARKS[m[0]], text)
    text = re.sub(r"(?<=\})(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])(?=\{)", " ", text)  # figures stand apart
    return re.sub(r'"([^"]*)"', r"“\1”", text)


def write(path: Path, entries: dict[Entry, str], lang: str) -> None:
    head = (
        f"Language: {lang}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n"
        "Plural-Forms: nplurals=1; plural=0;\n"
    )
    blocks = [f'msgid ""\nmsgstr {json.dumps(head, ensure_ascii=False)}\n']
    for (context, key), text in sorted(entries.items()):
        if key:
            lines = [f"msgctxt {json.dumps(context)}"] if context else []
            one, _, many = key.partition("\0")
            lines.append(f"msgid {json.dumps(one, ensure_ascii=False)}")
            lines += [f"msgid_plural {json.dumps(many, ensure_ascii=False)}"] if many else []
            lines.append(f"msgstr{'[0]' if many else ''} {json.dumps(text, ensure_ascii=False)}")
            blocks.append("\n".join(lines) + "\n")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(blocks), encoding="utf-8")


def compiled(entries: dict[Entry, str]) -> bytes:
    """The catalogue as gettext's binary file: two tables of (length, offset), then the strings."""
    known = {(f"{c}\x04{k}" if c else k).encode(): text.encode() for (c, k), text in entries.items() if text}
    keys = sorted(known)
    ids, texts = b"", b""
    offsets = []
    for key in keys:
        offsets.append((len(key), len(ids), len(known[key]), len(texts)))
        ids += key + b"\0"
        texts += known[key] + b"\0"
    start = 28 + 16 * len(keys)
    originals = [n for length, at, _, _ in offsets for n in (length, start + at)]
    translations = [n for _, _, length, at in offsets for n in (length, start + len(ids) + at)]
    head = struct.pack("<7I", 0x950412DE, 0, len(keys), 28, 28 + 8 * len(keys), 0, start)
    return head + struct.pack(f"<{4 * len(keys)}I", *originals, *translations) + ids + texts


def update(lang: str) -> list[Entry]:
    """Bring a catalogue up to date and compile it; the entries that still lack a translation."""
    path = path_of(lang)
    before = read(path)
    now = {entry: punctuated(before.get(entry, "")) for entry in wanted()}
    write(path, now, lang)
    path.with_suffix(".mo").write_bytes(compiled(read(path)))
    return [entry for entry, text in now.items() if not text]


def main() -> int:
    lacking = 0
    for lang in LANGUAGES[1:]:
        for context, text in update(lang):
            print(f"{lang}: no translation of {context + ' ' if context else ''}{text!r}", file=sys.stderr)
            lacking += 1
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
