"""Everything that a user meets is said in Chinese when asked: help, usage errors, and what is wrong with files."""

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from simtel.cli.group import COMMANDS, cli
from simtel.cli.quote import COMMANDS as QUOTES
from simtel.cli.speech import asked_language, say, speaking, table_language
from simtel.core.i18n import default_language
from tests.cli.conftest import Simtel
from tests.report.catalogue import HAN

ROOT = Path(__file__).resolve().parents[2] / "simtel"
PLACE = re.compile(r"^\S+?:\d+:\d+: ", re.MULTILINE)
ENGLISH = re.compile(r"\b(?:the|is|of|and|not|for|with|a)\b")  # words that stand in every English sentence

SOUND = """\
simtel: scenario/1
id: failover.mine
title: {en: Mine, zh: 我的}
why: {en: To see, zh: 看看}
requirement: [R1]
roles: {servers: call-server-pair}
load: {kind: poisson, rate: 1/min, length: 60s}
faults:
  - {at: 10s, kind: crash, subject: servers.active}
expect:
  media-gap: {at_most: 2s}
"""
BAD = {
    "unknown key": SOUND.replace("roles:", "rolls:"),
    "twice": SOUND + "id: again\n",
    "sixties": SOUND.replace("at: 10s", "at: 1:30"),
    "no unit": SOUND.replace("at_most: 2s", "at_most: 2"),
    "no duration": SOUND.replace("at_most: 2s", "at_most: soon"),
    "no rate": SOUND.replace("1/min", "fast"),
    "out of range": SOUND.replace("1/min", "5000/s"),
    "empty list": SOUND.replace("[R1]", "[]"),
    "no list": SOUND.replace("[R1]", "R1"),
    "no mapping": SOUND.replace("{servers: call-server-pair}", "servers"),
    "no text": SOUND.replace("en: Mine", "en: 3"),
    "bad requirement": SOUND.replace("R1", "R99"),
    "bad id": SOUND.replace("failover.mine", "Fail Over"),
    "unknown fault": SOUND.replace("kind: crash", "kind: crush"),
    "wrong subject": SOUND.replace("kind: crash", "kind: hang").replace("servers.active", "gateways.1"),
    "no role": SOUND.replace("servers.active", "gateways.1"),
    "after the load": SOUND.replace("at: 10s", "at: 7min"),
    "needs a key": SOUND.replace(", length: 60s", ""),
    "broken": SOUND.replace("[R1]", "[R1"),
    "tab": SOUND.replace("  - {at", "\t- {at"),
    "empty": "",
    "of no kind": "a: 1\n",
    "of another kind": "simtel: scenery/1\n",
    "limits": "simtel: limits/1\nlimits: {}\n",
    "profile": "simtel: profile/1\nid: x\nkind: headset\nname: {en: a, zh: b}\nsource: s\nwire: {length: {value: 5}}\n",
    "site": "simtel: site/1\nid: x\nseats: {default: 5, at_most: 3}\ncold_spare: true\n",
}
LOGS = {
    "empty": b"",
    "foreign": b"no log\n",
    "of no event": b'{"simtel":"evidence/1","header":{"scenario":"","site":"","target":"x","seed":1,"version":""}}\n'
    b"1\n",
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_told_in_chinese_at_the_same_place(simtel: Simtel, what: str) -> None:
    Path("bad.yaml").write_text(BAD[what], encoding="utf-8")
    english, chinese = simtel("check", "bad.yaml"), simtel("check", "bad.yaml", "--lang", "zh")
    assert english.exit_code == chinese.exit_code == 2
    assert PLACE.findall(english.stderr)
    assert PLACE.findall(chinese.stderr) == PLACE.findall(english.stderr)
    assert not any(HAN.search(line) for line in english.stderr.splitlines() if PLACE.match(line))
    spoken = [line for line in chinese.stderr.splitlines() if not re.match(r" +\d* \|", line)]  # not the source lines
    assert all(HAN.search(line) for line in spoken), spoken


@pytest.mark.parametrize("what", LOGS)
def test_a_bad_log_is_told_in_chinese_at_the_same_place(simtel: Simtel, what: str) -> None:
    Path("log").write_bytes(LOGS[what])
    english, chinese = simtel("judge", "log"), simtel("judge", "--lang", "zh", "log")
    assert english.exit_code == chinese.exit_code == 2
    assert PLACE.findall(chinese.stderr) == PLACE.findall(english.stderr) != []
    assert all(HAN.search(line) for line in chinese.stderr.splitlines())


@pytest.mark.parametrize(
    "arguments",
    [
        (), ("run",), ("rum",), ("nothing-like-it",), ("run", "--no-such"), ("run", "x", "--target", "moon"),
        ("run", "x", "--seats", "none"), ("run", "x", "--seats", "0"), ("run", "x", "--seed"), ("list", "x"),
        ("schema", "scenario", "site"), ("run", "nosuch"), ("run", "seats.desk-crash", "--site", "nosuch"),
        ("check", "nowhere.yaml"), ("check", "."), ("judge", "nowhere"), ("run", "--lang", "fr"),
    ],
)  # fmt: skip
def test_wrong_usage_is_told_in_chinese(simtel: Simtel, arguments: tuple[str, ...]) -> None:
    english, chinese = simtel(*arguments), simtel("--lang", "zh", *arguments)
    assert english.exit_code == chinese.exit_code == 2
    assert HAN.search(chinese.output)
    assert not HAN.search(english.output.replace("输出语言", ""))
    assert not ENGLISH.search(chinese.output.replace("Language of what is said", ""))


@pytest.mark.parametrize("command", ["", *COMMANDS, *(f"quote {name}" for name in QUOTES)])
def test_every_help_is_chinese_wherever_the_language_stands(simtel: Simtel, command: str) -> None:
    words = command.split()
    before, after = simtel("--lang", "zh", *words, "--help"), simtel(*words, "--help", "--lang=zh")
    assert before.exit_code == after.exit_code == 0
    assert before.output == after.output
    text = before.output.replace("Language of what is said", "")
    assert HAN.search(text)
    assert "用法：" in text
    assert not ENGLISH.search(text), text
    assert "Usage:" in simtel(*words, "--help").output  # the next command is not spoken to in the language of the last


def test_the_environment_chooses_the_language_of_help(simtel: Simtel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SIMTEL_LANG")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "用法：" in simtel("run", "--help").output
    assert "Usage:" in simtel("run", "--help", "--lang", "en").output


@pytest.mark.parametrize(
    ("words", "language"),
    [
        (["--lang", "zh", "run"], "zh"), (["run", "--lang=zh"], "zh"), (["--lang", "zh", "run", "--lang", "en"], "en"),
        (["run", "--lang"], "en"), (["run", "--", "--lang", "zh"], "en"), (["--lang", "fr"], "en"), ([], "en"),
        (["--langzh"], "en"),
    ],
)  # fmt: skip
def test_the_last_language_asked_for_counts(monkeypatch: pytest.MonkeyPatch, words: list[str], language: str) -> None:
    monkeypatch.setenv("SIMTEL_LANG", "en")
    assert (asked_language(words) or default_language()) == language


def test_inside_speaking_all_is_said_in_its_language_and_afterwards_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIMTEL_LANG", "en")
    monkeypatch.setenv("LANGUAGE", "de")
    with speaking(None):
        assert table_language() == "en", "whatever the machine's language: programs read it"
    with speaking("zh"):
        assert table_language() == "zh"
        assert say("found") == "已找到"
        with speaking("en"):
            assert say("found") == "found"
        assert say("found") == "已找到"
    assert say("found") == "found"
    assert CliRunner().invoke(cli, ["--help"]).exit_code == 0
    assert os.environ["LANGUAGE"] == "de"


# -- every message can be told


def literal_messages(source: str) -> Iterator[int]:
    """Lines where something wrong is said in bare English: a text that is no `Message` cannot be told otherwise."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in ("Problem", "nowhere", "problem", "add", "complain", "stop", "wrong", "_bad"):
            for argument in (*node.args, *(word.value for word in node.keywords)):
                if any(map(speaks, bare(argument))):
                    yield node.lineno


def bare(node: ast.AST) -> Iterator[ast.AST]:
    """The node and all below it, but for what stands in a `Message`, a subscript or a call of something else."""
    yield node
    if isinstance(node, ast.BoolOp | ast.IfExp | ast.BinOp | ast.JoinedStr):
        for below in ast.iter_child_nodes(node):
            yield from bare(below)


def speaks(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value.split()) > 1


# Not about a user's files: sentences of the command line, which are looked up at once.
ELSEWHERE = {f"cli/{path.name}" for path in (ROOT / "cli").glob("*.py")}


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_wrong_with_a_file_is_always_a_message(path: Path) -> None:
    if str(path.relative_to(ROOT)) not in ELSEWHERE:
        assert not list(literal_messages(path.read_text(encoding="utf-8")))


def test_a_bare_sentence_is_found() -> None:
    source = 'report.add(loc, "is all wrong")\nProblem(p, 1, 1, f"{a} is not there" if a else Message("x y"))\n'
    assert set(literal_messages(source)) == {1, 2}
    assert not list(literal_messages('report.add(loc, Message("is all wrong {x}", x="two words"), hint)'))
