"""Problems as a person sees them: place, line, caret, hint, and no more than one screen."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simtel.core.i18n import Message, told
from simtel.core.problems import (
    MESSAGE_LENGTH,
    SNIPPET_WIDTH,
    BadInput,
    Problem,
    _width,
    any_of,
    did_you_mean,
    nowhere,
    quoted,
    render,
    suggest,
    unreadable,
    why,
)


def caret_text(snippet: str, column: int) -> tuple[str, int]:
    """The source line as shown, and the terminal column of the caret within it."""
    _, source, caret = render([Problem("f", 7, column, "m", None, snippet)]).split("\n")
    assert source.startswith("    7 | ")
    assert caret.startswith("      | ")
    return source[8:], caret[8:].index("^")


def test_place_snippet_caret_and_hint() -> None:
    problem = Problem("site.yaml", 12, 5, "unknown key 'rmap'", "did you mean 'ramp'?", "    rmap: 30s")
    assert render([problem]).split("\n") == [
        "site.yaml:12:5: unknown key 'rmap'",
        "   12 |     rmap: 30s",
        "      |     ^",
        "      did you mean 'ramp'?",
    ]


def test_without_a_source_line_only_the_place_is_shown() -> None:
    assert render([Problem("site.yaml", 1, 1, "is empty", None, "")]) == "site.yaml:1:1: is empty"
    assert render([Problem("site.yaml", 1, 1, "is empty", None, None)]) == "site.yaml:1:1: is empty"


@pytest.mark.parametrize(
    ("snippet", "column", "width"),
    [
        ("abc: x", 6, 5),
        ("中文: x", 5, 6),  # two wide characters count four
        ("Ａ: x", 4, 4),  # full-width letter
        ("e\u0301: x", 5, 3),  # a combining accent takes no column
        ("x", 2, 1),  # just after the end
        ("x", 99, 1),  # far after the end
    ],
)
def test_caret_stands_under_its_character(snippet: str, column: int, width: int) -> None:
    shown, caret = caret_text(snippet, column)
    assert shown == snippet
    assert caret == width


def test_long_line_is_shown_as_a_window_round_the_caret() -> None:
    shown, caret = caret_text("a" * 50_000 + "X" + "b" * 50_000, 50_001)
    assert len(shown) <= SNIPPET_WIDTH + 6
    assert shown[caret] == "X"
    assert shown.startswith("...a")
    assert shown.endswith("b...")


def test_long_chinese_line_keeps_the_caret_under_its_character() -> None:
    shown, caret = caret_text("席" * 500 + "X" + "位" * 500, 501)
    lead = shown[: shown.index("X")]
    assert caret == sum(2 if char == "席" else 1 for char in lead)
    assert caret < SNIPPET_WIDTH


@given(st.text(max_size=300), st.integers(-5, 400))
def test_any_line_fits_a_screen_and_shows_nothing_unprintable(snippet: str, column: int) -> None:
    text = render([Problem("f", 1, column, "m", None, snippet)])
    assert text.replace("\n", "").isprintable()
    assert len(text.split("\n")) in (1, 3)
    assert all(_width(line) <= SNIPPET_WIDTH + 20 for line in text.split("\n"))


def test_terminal_escapes_and_line_breaks_of_the_file_are_not_passed_on() -> None:
    text = render([Problem("a\x1b[2J.yaml", 1, 1, "bad\n\x1b]0;x\x07", "try\n\u202eabc", "\x1b[31mred")])
    assert len(text.split("\n")) == 4
    assert text.replace("\n", "").isprintable()


def test_only_the_first_problems_are_shown_and_the_rest_counted() -> None:
    problems = [Problem("f", line, 1, f"number {line}") for line in range(1, 31)]
    lines = render(problems).split("\n")
    assert lines[19] == "f:20:1: number 20"
    assert lines[20:] == ["and 10 more"]
    assert render(problems[:20]).split("\n")[-1] == "f:20:1: number 20"
    assert render(problems, limit=2).split("\n")[-1] == "and 28 more"


def test_a_message_that_repeats_the_file_is_cut() -> None:
    text = render([Problem("f", 1, 1, "x" * 10_000)])
    assert len(text) < MESSAGE_LENGTH + 20
    assert text.endswith("...")
    assert len(quoted("y" * 10_000)) < 100
    assert quoted("ramp") == "'ramp'"


def test_bad_input_holds_all_problems_and_says_them() -> None:
    problems = (Problem("f", 1, 1, "one"), Problem("f", 2, 1, "two"))
    error = BadInput(iter(problems))
    assert error.problems == problems
    assert str(error) == "f:1:1: one\nf:2:1: two"
    assert pickle.loads(pickle.dumps(error)).problems == problems  # noqa: S301  (our own bytes)
    with pytest.raises(ValueError, match="at least one"):
        BadInput([])


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("rmap", "ramp"),
        ("RAMP", "ramp"),
        ("failover_time", "failover-time"),
        ("faliover-time", "failover-time"),
        ("zzz", None),
        ("", None),
        ("ramp" * 100, None),
    ],
)
def test_suggest(word: str, near: str | None) -> None:
    assert suggest(word, ["ramp", "hold", "failover-time"]) == near
    assert did_you_mean(word, {"ramp", "hold", "failover-time"}) == (near and f"did you mean '{near}'?")


def test_what_is_no_place_in_a_file_is_said_without_one() -> None:
    assert render([nowhere("there is no site 'x'", "try another")]) == "there is no site 'x'\n      try another"
    assert render([unreadable("a.yaml", FileNotFoundError(2, "Gone"))]) == (
        "a.yaml: cannot be read: No such file or directory"
    )


def test_problems_are_told_in_the_language_of_the_reader_at_the_same_place() -> None:
    problem = Problem("f", 3, 2, Message("unknown key {key}", key="'a'"), did_you_mean("rmap", ["ramp"]), " a: 1")
    assert render([problem], lang="zh").split("\n") == [
        "f:3:2: 未知的键 'a'", "    3 |  a: 1", "      |  ^", "      是否想写 'ramp'？",
    ]  # fmt: skip
    assert render([problem] * 3, limit=1, lang="zh").endswith("还有 2 个")
    assert render([Problem("f", 1, 1, "words of a parser")], lang="zh") == "f:1:1: words of a parser"


@pytest.mark.parametrize(
    ("error", "english", "chinese"),
    [
        (PermissionError(13, "whatever"), "Permission denied", "没有权限"),
        (OSError(5, "Input/output error"), "Input/output error", "输入输出错误"),
        (OSError(112, "Host is down"), "Host is down", "Host is down"),
        (OSError("no number"), "no number", "no number"),
        (ValueError("embedded null byte"), "embedded null byte", "embedded null byte"),
    ],
)
def test_the_reason_of_the_system(error: OSError | ValueError, english: str, chinese: str) -> None:
    assert why(error) == english
    assert told(why(error), "zh") == chinese


def test_several_near_names_are_offered_the_nearest_first() -> None:
    names = ["failover.server-crash", "failover.server-hang", "seats.crash", "trunks.cut"]
    assert any_of("failover.server-crush", names) == ("did you mean 'failover.server-crash' or 'failover.server-hang'?")
    assert any_of("crash", names) == "did you mean 'seats.crash' or 'failover.server-crash'?"
    assert any_of("cut", names, most=1) == "did you mean 'trunks.cut'?"
    assert any_of("zzzz", names) is None
    assert any_of("", names) is None
    assert any_of("x" * 100, names) is None


def test_suggest_does_not_depend_on_the_order_of_candidates() -> None:
    assert suggest("hold1", ["hold2", "hold3"]) == suggest("hold1", ["hold3", "hold2"])
    assert suggest("Hold_x", ["hold-x", "hold_x"]) == suggest("Hold_x", ["hold_x", "hold-x"])
    assert suggest("x", []) is None
