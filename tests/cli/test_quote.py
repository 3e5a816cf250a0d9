from pathlib import Path

import msgspec
import openpyxl
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
    assert [one["kind"] for one in quote["findings"]].count("confirmed") == 4


def test_gaps_and_questions_stand_below_the_sums() -> None:
    done = simtel("quote", "check", "option-1", "--reading", "trunks-and-agents")
    assert "60 core channels for 60 trunks and 20 agents, 80 needed" in done.output
    assert "read as each platform is a call server and houses E1 modules, one E1 on each" in done.output
    found = msgspec.json.decode(simtel("quote", "check", "option-2", "--format", "json").stdout)["quotes"][0]
    assert [one["code"] for one in found["gaps"]][:3] == ["no-lts-1000t", "no-loop-trunk", "no-headsets"]
    assert (found["questions"][1]["about"], found["questions"][1]["money"]) == ("owned", "136000.00")
    assert found["questions"][1]["asked"]["zh"].startswith("30路核心交换")


def test_a_site_is_written_that_can_be_checked_and_run(tmp_path: Path) -> None:
    file = tmp_path / "site.yaml"
    assert simtel("quote", "site", "option-2", "--reading", "added-to-owned", "-o", str(file)).exit_code == 0
    assert simtel("check", str(file)).exit_code == 0
    assert simtel("quote", "site", "option-2").stdout == file.read_text(encoding="utf-8")
    planned = simtel("run", "failover.active-server-crash", "--site", str(file), "--check")
    assert planned.exit_code == 0


def test_a_reading_that_makes_no_site_ends_with_1_and_writes_nothing(tmp_path: Path) -> None:
    done = simtel("quote", "site", "option-1", "--reading", "servers", "-o", str(tmp_path / "s.yaml"), lang="zh")
    assert done.exit_code == 1
    assert done.stderr.endswith("不成站点：有E1模块，却没有可装的网关\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("quote", "site", "option-1", "--reading", "all-there-is"), "option-1 has no reading 'all-there-is'"),
        (("quote", "site", "option-1", "-o", "nowhere/at/all.yaml"), "cannot be written"),
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


def test_a_workbook_is_written_beside_the_tables(tmp_path: Path) -> None:
    path = tmp_path / "offer.xlsx"
    done = simtel("quote", "check", "option-1", "--xlsx", str(path), lang="zh")
    assert done.exit_code == 0
    assert done.output == simtel("quote", "check", "option-1", lang="zh").output
    assert openpyxl.load_workbook(path).sheetnames == [
        "1 价格",
        "2 option-1",
        "3 技术偏离",
        "4 商务偏离",
        "5 验收 option-1",
    ]


def test_a_workbook_that_cannot_be_written_is_bad_input(tmp_path: Path) -> None:
    done = simtel("quote", "check", "option-1", "--xlsx", str(tmp_path / "nowhere" / "offer.xlsx"))
    assert done.exit_code == 2
    assert "cannot be written" in done.output
    assert list(tmp_path.iterdir()) == []
