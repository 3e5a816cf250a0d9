from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from simtel.cli.group import cli

PLANTED = Path(__file__).parents[1] / "quotes" / "planted.yaml"


def simtel(*words: str, lang: str = "en") -> Result:
    return CliRunner().invoke(cli, ["--lang", lang, *words], env={"COLUMNS": "200"})


def test_shipped_options_are_checked_by_name() -> None:
    done = simtel("quote", "check", "option-1")
    assert done.exit_code == 0
    for told in ("list total: CNY 392,000.00 (read, confirmed by arithmetic)", "offer: CNY 250,000.00, 63.8 % of the"):
        assert told in done.output
    cut = simtel("quote", "check", "option-2")
    assert cut.exit_code == 3
    assert "list total: CNY 256,000.00\n" in cut.output
    assert (
        "offer: unreadable, printed '1664': CNY 166,400.00 to CNY 166,499.00;"
        " assumed to be CNY 166,400.00* unless another reading is asked for" in cut.output
    )
    assert (
        "优惠价：无法辨认，印作 '1664'：¥166,400.00 至 ¥166,499.00"
        in simtel("quote", "check", "option-2", lang="zh").output
    )


def test_mistakes_are_told_by_cell_and_end_with_1() -> None:
    done = simtel("quote", "check", str(PLANTED), "option-1")
    assert done.exit_code == 1
    for told in ("D9: quantity of line 6: '24 路' is a text", "A7: line 5 is line 4 once more",
                 "A10: line 7 counts something and has no unit", "E5: unit price of line 3 is in USD",
                 "F4: amount of line 2: 2 x 30000 is CNY 60,000.00, and CNY 66,000.00 stands there"):  # fmt: skip
        assert told in done.output


def test_json_holds_what_the_table_holds() -> None:
    done = simtel("quote", "check", "option-2", "--format", "json")
    (quote,) = msgspec.json.decode(done.stdout)["quotes"]
    assert quote["sum"] == quote["totals"]["list"]["value"] == "256000"
    offer = quote["totals"]["offer"]
    assert (offer["value"], offer["low"], offer["high"]) == (None, "166400", "166499")
    assert quote["readings"]["owned"] == ["added-to-owned", "all-there-is"]
    assert [one["kind"] for one in quote["findings"]].count("confirmed") == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("quote", "check", "option-3"), "there is no quote 'option-3'"),
        (("quote", "check"), "Missing argument"),
        (("quote", "chekc"), "there is no command 'chekc'; did you mean 'check'?"),
        (("quote", "check", "hardware_profiles/sites/today.yaml"), "is a site file"),
    ],
)
def test_what_is_no_quote_ends_with_2(words: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])
    done = simtel(*words)
    assert done.exit_code == 2
    assert said in done.output


def test_check_and_schema_know_a_quote(tmp_path: Path) -> None:
    assert simtel("check", str(PLANTED)).exit_code == 0  # sound as a file, whatever its sums
    (tmp_path / "q.yaml").write_text("simtel: quote/1\nid: q\n", encoding="utf-8")
    assert "key 'currency' is missing" in simtel("check", str(tmp_path)).output
    assert msgspec.json.decode(simtel("schema", "quote").stdout)["title"] == "simtel quote"
