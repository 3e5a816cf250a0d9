"""`simtel quote compare` on the command line: what it refuses, how it says so, and what it passes on."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from simtel.cli.group import cli
from simtel.core import data
from simtel.core.problems import BadInput, nowhere
from simtel.quotes.buyer import Buyer
from simtel.quotes.options import Option
from simtel.quotes.outages import Estimate, Fitted
from simtel.scenario.spec import Scenario
from tests.report.quotes.compared import made

DEMAND = str(data.data_root() / "hardware_profiles" / "demand" / "twenty-seats.yaml")
BUYER = data.buyers() / "assumed-defaults.yaml"
FITTED = Fitted(2, Estimate(1e6, 1e5, 1e7), Estimate(3600.0, 0.0, 7200.0), None, 0.1)
LOG = "begin,end,cause\n2025-01-01 00:00,2025-01-01 01:00,server\n"


pytestmark = pytest.mark.timeout(240)  # a comparison is made here, if none was before


def simtel(*words: str, lang: str = "en") -> Result:
    return CliRunner().invoke(cli, ["--lang", lang, "quote", "compare", *words], env={"COLUMNS": "200"})


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("option-1",), "Missing option '--demand'"),
        (("option-9", "--demand", DEMAND), "did you mean 'option-"),
        (("option-1", "--demand", str(BUYER)), "holds a buyer's figures"),
        (("option-1", "--demand", DEMAND, "--buyer", "nobody"), "there is no buyer 'nobody'"),
        (("option-1", "--demand", DEMAND, "--outages", "nothing.csv"), "nothing.csv: cannot be read"),
        (("option-1", "--demand", DEMAND, "--years", "0"), "0 is not in the range 1<=x<=30"),
        (("option-1", "--demand", DEMAND, "--seats", "400"), "option-1 makes no site: it cannot have 400 seats"),
        (("option-1", "--demand", DEMAND, "--scenario", "failover.none"), "there is no scenario 'failover.none'"),
        (
            ("option-1", "--demand", DEMAND, "--own", "switching.burst"),
            "'switching.burst' is shipped, and shown anyway",
        ),
        (("option-1", "--demand", DEMAND, "--own", "nowhere/"), "there is no scenario 'nowhere/'"),
    ],
)
def test_what_cannot_be_used_is_bad_input(words: Sequence[str], said: str) -> None:
    done = simtel(*words)
    assert done.exit_code == 2
    assert said in done.output


def test_a_buyer_who_reckons_in_another_currency_and_a_log_of_one_outage_are_refused(tmp_path: Path) -> None:
    euros, log = tmp_path / "euros.yaml", tmp_path / "log.csv"
    euros.write_text(BUYER.read_text("utf-8").replace("CNY", "EUR"), "utf-8")
    log.write_text(LOG)
    done = simtel("option-1", "--demand", DEMAND, "--buyer", str(euros))
    assert done.exit_code == 2
    assert "option-1 is in CNY, and the buyer's figures in EUR" in done.output
    done = simtel("option-1", "--demand", DEMAND, "--outages", str(log), lang="zh")
    assert done.exit_code == 2
    assert "只有一次中断的记录" in done.output


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (("2025-01-01 00:00,2025-01-01 02:00", "2025-01-01 01:00,2025-01-01 03:00"), "3:1: begins before"),
        (("2025-01-01 00:00,2025-01-01 02:00", "yesterday,today"), "a log of one outage"),
        (("2025-01-01 03:00,2025-01-01 02:00",), "2:1: ends before it begins"),
        (("2025-01-01 00:00,2025-01-01 02:00", "2199-01-01 01:00,2199-01-01 03:00"), "3:1: has not come yet"),
        ((), "holds no outage"),
    ],
)
def test_a_log_that_cannot_be_is_refused(tmp_path: Path, rows: Sequence[str], said: str) -> None:
    log = tmp_path / "log.csv"
    log.write_text("".join(f"{row}\n" for row in ("begin,end,cause", *(f"{row},server" for row in rows))))
    done = simtel("option-1", "--demand", DEMAND, "--outages", str(log))
    assert done.exit_code == 2
    assert said in done.output


def test_quotes_in_two_currencies_are_refused(tmp_path: Path) -> None:
    dollars = tmp_path / "dollars.yaml"
    dollars.write_text((data.quotes() / "option-1.yaml").read_text("utf-8").replace("CNY", "USD")
                       .replace("id: option-1", "id: dollars"), "utf-8")  # fmt: skip
    done = simtel("option-1", str(dollars), "--demand", DEMAND)
    assert done.exit_code == 2
    assert "dollars is in USD, and the buyer's figures in CNY" in done.output


def test_what_is_said_on_the_line_reaches_the_comparison(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text(LOG + "2025-02-01 00:00,2025-02-01 01:00,server\n")
    asked: list[Any] = []
    mine: list[str] = []
    (tmp_path / "mine").mkdir()
    shipped = (data.scenarios() / "switching" / "non-blocking.yaml").read_text("utf-8")
    (tmp_path / "mine" / "full.yaml").write_text(
        shipped.replace("id: switching.non-blocking", "id: mine.full"), "utf-8"
    )

    def compare(options: Sequence[Option], _demand: Any, buyer: Buyer, *words: Any, own: Sequence[Scenario],
                vary: bool, out: Path, **_: Any) -> None:  # fmt: skip
        asked.extend([[option.id for option in options], buyer.years, *words[:4], words[5], vary, out])
        mine.extend(one.id for one in own)
        raise BadInput([nowhere("that is enough")])

    monkeypatch.setattr("simtel.quotes.compare.compare", compare)
    simtel("option-2", "today", "--demand", DEMAND, "--years", "7", "--outages", str(log), "--seats", "40",
           "--seed", "3", "--jobs", "1", "--scenario", "failover.double-failure",
           "--vary", "--out", str(tmp_path / "kept"), "--own", str(tmp_path / "mine"))  # fmt: skip
    ids, years, seats, outages, seed, jobs, scenarios, vary, out = asked
    assert mine == ["mine.full"]
    assert (vary, out) == (True, tmp_path / "kept")
    assert (ids, years, seats, seed, jobs) == (["option-2", "today"], 7, (40,), 3, 1)
    assert len(outages) == 2
    assert scenarios == ("failover.double-failure",)
    asked.clear()
    simtel("option-1", "--demand", DEMAND)
    assert asked[2] == (20, 100)  # what the quote is for


def test_rows_of_a_log_that_are_dropped_are_told_and_reach_the_comparison(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    log = tmp_path / "log.csv"
    log.write_text(LOG + "yesterday,today,server\n2025-02-01 00:00,2025-02-01 01:00,server\n")
    given: list[Any] = []

    def compare(*words: Any, dropped: Sequence[Any], **_: Any) -> Any:
        given.extend([words[4], dropped])
        return replace(made(), dropped=dropped, fitted=FITTED)

    monkeypatch.setattr("simtel.quotes.compare.compare", compare)
    done = simtel("option-1", "--demand", DEMAND, "--outages", str(log))
    assert done.exit_code == 0, done.output
    assert [len(one) for one in given] == [2, 1]
    assert "1 of 3 rows of the outage log are dropped" in done.stderr
    assert f"{log}:3:1: begin: 'yesterday' is no instant" in done.stderr
    assert "the log: 1 dropped: begin: 'yesterday' is no instant" in " ".join(done.stdout.split())
    assert "make the MTBF of the log longer than it was" in " ".join(done.stdout.split())


def test_what_a_buyer_leaves_out_is_listed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("simtel: buyer/1\nid: own\ntitle: {en: Own, zh: 自有}\ncurrency: CNY\nyears: 3\n"
                   "figures:\n  travel: {value: 2h, basis: buyer, source: our contract}\n", "utf-8")  # fmt: skip
    monkeypatch.setattr(
        "simtel.quotes.compare.compare", lambda _options, _demand, buyer, *_, **__: replace(made(), buyer=buyer)
    )
    done = simtel("option-1", "--demand", DEMAND, "--buyer", str(own))
    assert done.exit_code == 0, done.output
    text = " ".join(done.stdout.split())
    assert "own leaves out, and the assumed defaults stand in for: support" in text
    assert "weights and scales" in text
    assert "travel" not in text.partition("stand in for:")[2].partition("weights")[0]


def test_help_speaks_both_languages() -> None:
    assert "Lay quotes side by side" in simtel("--help").output
    assert "并列比较报价" in simtel("--help", lang="zh").output


def test_a_page_and_a_workbook_are_written_of_what_was_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = made()
    monkeypatch.setattr("simtel.quotes.compare.compare", lambda *_, **__: compared)
    page, book = tmp_path / "offers.html", tmp_path / "offers.xlsx"
    words = ("option-1", "option-2", "today", "--demand", DEMAND, "--html", str(page), "--xlsx", str(book))
    done = simtel(*words, lang="zh")
    assert done.exit_code == 0, done.output
    assert "各报价买到什么" in page.read_text("utf-8")
    assert openpyxl.load_workbook(book).sheetnames[4:7] == ["5 费率", "6 费用", "7 排序"]


@pytest.mark.parametrize("form", ["html", "pdf", "xlsx"])
def test_what_cannot_be_written_is_said_before_anything_is_compared(tmp_path: Path, form: str) -> None:
    done = simtel("option-1", "--demand", DEMAND, f"--{form}", str(tmp_path / "nowhere" / "offers"))
    assert done.exit_code == 2
    assert "cannot be written" in done.output


def test_a_pdf_without_a_browser_is_refused_before_anything_is_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    done = simtel("option-1", "--demand", DEMAND, "--pdf", str(tmp_path / "offers.pdf"))
    assert done.exit_code == 2
    assert "a PDF needs Chromium" in done.output
    assert list(tmp_path.iterdir()) == []
