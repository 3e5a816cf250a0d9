"""`simtel size`: what it prints and writes, what it exits with, and that the site it writes can be run."""

import json
import os
import re
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from simtel.cli.group import cli
from simtel.core.i18n import LANGUAGES
from simtel.sizing.design.answer import Answer
from simtel.sizing.design.confirm import Simulated
from simtel.sizing.design.simulated import Measured
from simtel.sizing.design.survive import cases
from simtel.sizing.intervals import Interval
from tests.cli.conftest import Simtel
from tests.sizing.demands import demand_file
from tests.sizing.logs import MAP, World, write_log

pytestmark = pytest.mark.timeout(240)  # the kernel may have to be compiled

DEMANDS = Path(__file__).parents[2] / "hardware_profiles/demand"
CALLS = ("size", "--calls", "300/h", "--talk", "150s", "--wrap-up", "30s", "--ivr", "25s", "--patience", "120s",
         "--no-simulate")  # fmt: skip


def parts(output: str) -> dict[str, float]:
    return {row["id"]: row["there"] for row in json.loads(output)["sites"][0]["rows"]}


def test_the_example(simtel: Simtel) -> None:
    done = simtel(*CALLS, "--service-level", "80/20s", "--blocking", "1%")
    assert done.exit_code == 0
    assert "every target is met, up to 300 calls/h" in done.output
    assert "worst unit: platform; with it down no call is answered" in done.output
    assert "not given, and taken: nobody dials again" in done.output


def test_as_json(simtel: Simtel) -> None:
    found = parts(simtel(*CALLS, "--format", "json").output)
    assert (found["agents"], found["core"], found["e1"], found["boards"], found["servers"]) == (17, 23, 1, 1, 1)
    found = parts(simtel(*CALLS, "--survive", "1", "--format", "json").output)
    assert (found["seats"], found["e1"], found["boards"], found["servers"]) == (34, 2, 2, 2)


def test_talk_and_wrap_up_together(simtel: Simtel) -> None:
    other = [word.replace("--talk", "--aht").replace("150s", "180s") for word in CALLS]
    assert parts(simtel(*other, "--format", "json").output) == parts(simtel(*CALLS, "--format", "json").output)


def test_without_an_ivr(simtel: Simtel) -> None:
    """No port keeps anybody from the seats; the simulated queue answers 83.5 % in time, without trunks 84.3 %."""
    plain = [word for word in CALLS if word not in {"--ivr", "25s"}]
    done = simtel(*plain, "--no-simulate")
    assert done.exit_code == 0, done.output
    assert "every target is met" in done.output
    found = json.loads(simtel(*plain, "--occupancy", "88%", "--format", "json").output)["sites"][0]
    assert (found["parts"]["agents"], found["parts"]["ivr_ports"]) == (17, 0)
    assert found["gives"]["service_level"] == pytest.approx(0.8372, abs=5e-5)
    assert found["gives"]["occupancy"] == pytest.approx(0.829, abs=5e-4)


def test_a_demand_file_without_an_ivr(simtel: Simtel, tmp_path: Path) -> None:
    shipped = Path(__file__).parents[2] / "hardware_profiles/demand/twenty-seats.yaml"
    text, cut = re.subn(r"^ivr:\n(  .*\n)+", "", shipped.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert cut == 1
    (tmp_path / "plain.yaml").write_text(text, encoding="utf-8")
    words = ("--calls", "300/h", "--format", "json")
    found = json.loads(simtel("size", "--no-simulate", "plain.yaml", *words).output)["sites"][0]
    done = simtel("size", "--no-simulate", str(shipped), "--ivr", "1ms", "--ivr-leaves", "0%", *words)
    brief = json.loads(done.output)["sites"][0]
    assert (found["parts"]["ivr_ports"], found["missed"]) == (0, [])
    assert found["parts"]["agents"] == brief["parts"]["agents"]
    assert found["gives"] == {name: pytest.approx(value, rel=1e-3) for name, value in brief["gives"].items()}


def test_a_fitted_file_without_an_ivr(simtel: Simtel, tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text(MAP.replace("  ivr: {column: ivr, unit: s}\n", ""), "utf-8")
    write_log(tmp_path / "calls.csv", World(days=2, rate=60.0, agents=4, ivr=0.0, leaves=0.0))
    fitted = simtel("fit", "calls.csv", "--map", "map.yaml", "-o", "demand.yaml")
    assert fitted.exit_code == 0, fitted.output
    found = json.loads(simtel("size", "--no-simulate", "demand.yaml", "--format", "json").output)["sites"][0]
    need, gives = found["need"]["traffic"], found["gives"]
    assert (need["ivr"], need["p_agent"], found["parts"]["ivr_ports"], found["missed"]) == (0.0, 1.0, 0, [])
    answered = gives["attempts"] * (1 - gives["blocking"]) * (1 - gives["abandonment"])
    busy = answered * (need["talk"] + need["wrap_up"]) / found["parts"]["agents"]
    assert gives["occupancy"] == pytest.approx(busy, rel=1e-6)
    assert busy > 0.5


def test_what_so_many_seats_give(simtel: Simtel) -> None:
    done = simtel(*CALLS, "--given-seats", "16", "--seats", "100")
    assert done.exit_code == 1
    assert "16 seats: targets missed: service level 7" in done.output
    assert "100 seats: every target is met" in done.output
    assert "16, needed 17" in done.output


def test_what_a_site_gives(simtel: Simtel) -> None:
    done = simtel(*CALLS, "--site", "as-quoted-one-e1-each", "--seats", "20", "--seats", "100", "--format", "json")
    twenty, hundred = json.loads(done.output)["sites"]
    assert twenty["parts"]["spans"] == hundred["parts"]["spans"] == [1, 1]
    assert twenty["gives"]["service_level"] == hundred["gives"]["service_level"]  # 20 agent licences for either
    assert hundred["parts"]["agent_licences"] == 20


def test_a_demand_file_and_what_is_said_instead(simtel: Simtel) -> None:
    shipped = str(Path(__file__).parents[2] / "hardware_profiles/demand/twenty-seats.yaml")
    found = json.loads(simtel("size", shipped, "--no-simulate", "--format", "json").output)["sites"][0]
    assert found["need"]["traffic"]["arrival_rate"] == pytest.approx(300 / 3600)
    assert len(found["intervals"]) == 32
    assert found["need"]["busy_hours"] == pytest.approx((5 * 3000 + 2 * 3230) / 7 / 300)
    assert max(interval["agents"] for interval in found["intervals"]) == found["parts"]["agents"]
    said = json.loads(simtel("size", shipped, "--no-simulate", "--calls", "100/h", "--format", "json").output)["sites"][
        0
    ]
    assert said["need"]["traffic"]["arrival_rate"] == pytest.approx(100 / 3600)
    assert said["intervals"] == []
    assert said["parts"]["agents"] < found["parts"]["agents"]


def test_a_weekday_has_its_capital(simtel: Simtel, tmp_path: Path) -> None:
    shipped = Path(__file__).parents[2] / "hardware_profiles/demand/twenty-seats.yaml"
    text = shipped.read_text(encoding="utf-8")
    assert "name: weekend" in text
    (tmp_path / "odd.yaml").write_text(text.replace("name: weekend", "name: monday"), encoding="utf-8")
    output = simtel("size", "--no-simulate", "--no-ranges", "odd.yaml", "--out", "made").output
    assert "Monday" in output
    assert "monday" not in output
    page = (tmp_path / "made/size.html").read_text(encoding="utf-8")
    assert "Monday" in page
    assert "monday" not in page


def test_the_site_that_it_writes_can_be_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SIMTEL_LANG", "zh")
    done = CliRunner().invoke(cli, [*CALLS, "--survive", "1", "--out", "sized"])
    assert done.exit_code == 0
    assert "当班" in done.output
    assert sorted(path.name for path in Path("sized").iterdir()) == ["site.yaml", "size.html", "size.json", "size.png"]
    page = Path("sized/size.html").read_text(encoding="utf-8")
    assert "agents on duty" in page
    assert "当班话务员" in page
    run = ("run", "capacity.all-seats-busy", "--site", "sized/site.yaml", "--no-vary", "--no-report", "--jobs", "1")
    ran = CliRunner().invoke(cli, [*run, "--format", "json", "--out", "ran"])
    verdicts = json.loads(ran.stdout)["items"][0]["verdicts"]
    talked = next(one for one in verdicts if one["criterion"] == "agent-capacity")
    assert talked["measured"]["value"] == 34


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--calls", "300"), "--calls: '300' is not a rate: write it as 10/min"),
        (("--calls", "0/h"), "--calls: '0/h' is out of its range"),
        (("--calls", "-3/h"), "--calls"),
        (("--talk", "nan"), "--talk: 'nan' is not a duration"),
        (("--talk", "0s"), "--talk: '0s' is out of its range"),
        (("--patience", "120"), "--patience"),
        (("--service-level", "80"), "'80' is no service level: write it as 80/20s"),
        (("--service-level", "0.8/20s"), "write 80/20s, or 0.8%/20s"),
        (("--given-e1", "0"), "without an E1 or an analog line no call comes in"),
        (("--service-level", "100/20s"), "--service-level: '100/20s' is out of its range"),
        (("--blocking", "0%"), "--blocking: '0%' is out of its range"),
        (("--redial", "100%"), "--redial"),
        (("--retention", "90"), "write it as 90d"),
        (("--aht", "180s"), "--aht: how much of it is wrap-up?"),
        (("--occupancy", "1%"), "not even 1000 seats are enough: occupancy 1."),
        (("--calls", "3000000/h"), "no site has more than 1000 seats"),
        (("nowhere.yaml",), "nowhere.yaml"),
        (("--site", "nowhere"), "there is no site 'nowhere'"),
        (("--survive", "2"), "--survive"),
        (("--prices", "quotation", "--currency", "EUR"), "--currency: the prices are in CNY"),
        (("--prices", "quotatoin"), "there are no prices 'quotatoin'"),
        (("--prices", "nowhere.yaml"), "nowhere.yaml: cannot be read"),
        (("--prices", str(DEMANDS / "twenty-seats.yaml")), "is a demand"),
        (("--price", "e1=nan"), "'e1=nan' is no price"),
        (("--price", "e1=-3"), "'e1=-3' is no price"),
        (("--price", "e1=1", "--currency", " "), "--currency: is empty"),
        (("--price", "e1=1", "--price", "e1=2"), "--price: 'e1' has a price twice"),
        (("--price", "telephone=1"), "no part is called 'telephone'"),
        (("--ivr", "0s", "--talk", "0.001us", "--wrap-up", "0s"), "for too short a time to size a site for them"),
    ],
)
def test_bad_input_is_named(simtel: Simtel, words: tuple[str, ...], said: str) -> None:
    done = simtel(*CALLS, *words)
    assert done.exit_code == 2
    assert said in done.stderr


def test_what_lacks_is_asked_for(simtel: Simtel) -> None:
    done = simtel("size")
    assert done.exit_code == 2
    assert "how many calls are there?" in done.stderr
    assert "how long is a talk?" in done.stderr


def test_it_is_simulated_and_the_time_runs_out(simtel: Simtel) -> None:
    """Without any time a first look is had all the same, and its band is told."""
    done = simtel(*CALLS, "--simulate", "--seconds", "0", "--seats", "30", "--given-e1", "2")
    assert "every target is met, simulated" in done.output
    assert "the time ran out" in done.output
    assert "± " in done.output
    assert done.exit_code == 0


def test_a_part_that_is_short_is_told(simtel: Simtel) -> None:
    """17 agents and 20 extensions on the 24 ports of one board: the targets hold, 13 extensions are mute."""
    done = simtel(*CALLS, "--given-boards", "1", "--extensions", "20")
    assert "parts are short: 24-port boards: 2 needed, 1 there" in done.output
    assert done.exit_code == 1


def test_ctrl_c_keeps_what_was_reached(simtel: Simtel, monkeypatch: pytest.MonkeyPatch) -> None:
    reached = []

    def broken_off(found: Answer, laws: object, out_of_time: Callable[[], bool], **_: object) -> Answer:
        reached.append(out_of_time())
        os.kill(os.getpid(), signal.SIGINT)
        reached.append(out_of_time())
        return found

    monkeypatch.setattr("simtel.cli.size.simulated", broken_off)
    before = signal.getsignal(signal.SIGINT)
    assert simtel(*CALLS, "--simulate").exit_code == 0
    assert reached == [False, True]
    assert signal.getsignal(signal.SIGINT) is before


def test_a_limit_inside_the_band_is_no_answer(simtel: Simtel, monkeypatch: pytest.MonkeyPatch) -> None:
    def open_(found: Answer, *_: object, **__: object) -> Answer:
        state = cases(found.need, found.parts)[0]
        band = {"service_level": Interval(0.8003, 0.001, 0.95), "blocking": Interval(0.005, 0.001, 0.95)}
        one = Measured(state, band, {"service_level": None, "blocking": True}, 100, {})
        return replace(found, simulated=Simulated((one,), found.parts, (), None, {}, (), finished=True, made=100))

    monkeypatch.setattr("simtel.cli.size.simulated", open_)
    done = simtel(*CALLS, "--simulate")
    assert done.exit_code == 3
    assert "too close to the limit to tell: service level 80.03 % ± 0.1, wanted 80 %" in done.output
    assert "met" not in done.output


def test_a_site_beyond_what_is_simulated_is_told_in_both_languages(simtel: Simtel) -> None:
    words = (*CALLS, "--simulate", "--seats", "5", "--given-e1", "90")
    assert "a simulated site has 1024 agents and 2048 trunks at the most" in simtel(*words).output
    assert "未仿真" in simtel(*words, "--lang", "zh").output
    rare = ("size", "--calls", "0.01/h", "--talk", "150s", "--simulate")
    assert "calls come too rarely" in simtel(*rare).output


def test_shares_of_programs_lie_between_none_and_all(simtel: Simtel, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mean with control variates may lie below 0; the hours say how simulated agents were put into them."""

    def below(found: Answer, *_: object, **__: object) -> Answer:
        band = {"service_level": Interval(0.9999, 0.001, 0.95), "blocking": Interval(-0.00002, 0.0001, 0.95)}
        one = Measured(cases(found.need, found.parts)[0], band, {"service_level": True, "blocking": True}, 100, {})
        made = Simulated((one,), found.parts, (), None, {}, (), finished=True, made=100)
        return replace(found, extra=2, simulated=made)

    monkeypatch.setattr("simtel.cli.size.simulated", below)
    shipped = str(Path(__file__).parents[2] / "hardware_profiles/demand/twenty-seats.yaml")
    found = json.loads(simtel("size", shipped, "--format", "json").output)["sites"][0]["simulated"]["cases"][0]["gives"]
    assert found["blocking"] == {"mean": 0.0, "low": 0.0, "high": pytest.approx(0.00008)}
    assert found["service_level"]["high"] == 1.0
    assert "of the +2 agents by which simulation differs" in simtel("size", shipped).output


def test_what_rests_on_assumed_figures(simtel: Simtel) -> None:
    """Of the file's figures, without those that options gave; of options alone, nothing."""
    shipped = str(Path(__file__).parents[2] / "hardware_profiles/demand/twenty-seats.yaml")
    words = ("size", shipped, "--no-simulate", "--talk", "150s")
    found = json.loads(simtel(*words, "--format", "json").output)["assumed"]
    names = [one["figure"] for one in found]
    assert names[0] == "calls"
    assert {"wrap_up", "patience", "shrinkage", "occupancy"} < set(names)
    assert "talk" not in names
    assert found[0]["high"]["value"] == pytest.approx(390 / 3600)
    assert found[0]["low"]["more"]["agents"] < 0 < found[0]["high"]["more"]["agents"]
    assert "What rests on assumed figures" in simtel(*words).output
    assert "What rests" not in simtel(*words, "--no-ranges").output
    assert json.loads(simtel(*CALLS, "--format", "json").output)["assumed"] == []


def test_what_has_no_price_is_named_and_telephones_are_counted_apart(simtel: Simtel) -> None:
    words = (*CALLS, "--analog", "50%", "--price", "headset=300", "--price", "ip-telephone=500")
    done = simtel(*words).output
    assert re.search(r"│ agents on duty +│ +17 │ +- │ +- │ no price", done)
    assert "kinds of parts without a price, counted as nothing: 10" in done
    found = json.loads(simtel(*words, "--format", "json").output)["sites"][0]
    assert {part: one["number"] for part, one in found["costs"].items()} == {"headset": 9, "ip-telephone": 8}
    assert len(found["cost"]["without_price"]) == 10
    assert {row["id"]: row["amount"] for row in found["rows"] if row["amount"]} == {"headsets": 2700, "ip-phones": 4000}


PRICED = """\
prices:
  currency: EUR
  agent: {value: 6000, basis: assumed, source: wages, low: 5000, high: 9000}
  core-channel: {value: 3000.50, basis: printed, source: option 1}
"""


def test_prices_of_a_demand_are_told_with_what_they_rest_on(simtel: Simtel, tmp_path: Path) -> None:
    """Those of a file stand in their place, and what --price says in place of either."""
    (tmp_path / "demand.yaml").write_text(demand_file() + PRICED, "utf-8")
    words = ("size", "demand.yaml", "--no-simulate")
    done = simtel(*words, "--out", "made")
    assert "What the site of 10 seats costs, EUR" in done.output
    assert re.search(r"assumed: wages \(5 000 to 9 000\) +│", done.output)
    assert "│ printed: option 1 " in done.output
    assert "the sum lies between 98 008 and 138 008 EUR, for prices are assumed" in done.output
    assert "nothing of that moves with: price: agents on duty" in done.output
    page = (tmp_path / "made/size.html").read_text(encoding="utf-8")
    assert 'class="inconclusive figure">60 000<' in page
    assert "因有假定价格" in page
    found = json.loads(simtel(*words, "--format", "json").output)
    cost = found["sites"][0]["cost"]
    assert (cost["currency"], cost["sum"], cost["low"], cost["high"]) == ("EUR", 108_008, 98_008, 138_008)
    assert found["sites"][0]["costs"]["agent"]["basis"] == "assumed"
    assert [one["figure"] for one in found["assumed"]] == ["price.agent"]
    other = json.loads(simtel(*words, "--prices", "quotation", "--price", "e1=1", "--format", "json").output)
    costs = other["sites"][0]["costs"]
    assert "agent" not in costs
    assert (costs["e1"]["price"], costs["e1"]["basis"], costs["e1"]["source"]) == (1, "buyer", "--price")
    assert (costs["agent-licence"]["basis"], other["sites"][0]["cost"]["currency"]) == ("read", "CNY")
    assert "the prices are in EUR" in simtel(*words, "--currency", "CNY").stderr


def test_ends_of_the_site_that_was_asked_about(simtel: Simtel, tmp_path: Path) -> None:
    """Of a site its seats stay, and so they do of one number of seats; of several they are sought."""
    (tmp_path / "demand.yaml").write_text(
        demand_file(talk="{law: exponential, mean: 180s, basis: assumed, source: log, low: 100s, high: 200s}"), "utf-8"
    )

    def ends(*words: str) -> tuple[int, int]:
        done = simtel("size", "demand.yaml", "--no-simulate", "--format", "json", *words)
        (one,) = json.loads(done.output)["assumed"]
        assert one["figure"] == "talk"
        return one["low"]["more"]["agents"], one["high"]["more"]["agents"]

    assert ends("--seats", "40") == (0, 0)
    assert ends("--site", "as-quoted-one-e1-each", "--seats", "20") == (0, 0)
    several = ends("--seats", "40", "--seats", "41")
    assert several == ends()
    assert several[0] < 0 < several[1]


def test_figures_for_which_the_time_does_not_suffice_are_named(simtel: Simtel) -> None:
    shipped = str(DEMANDS / "twenty-seats.yaml")
    done = simtel("size", shipped, "--no-simulate", "--seconds", "0")
    assert "the time ran out before these were tried, --seconds gives it more: calls, share served by" in done.output
    assert "nothing of that moves" not in done.output
    found = json.loads(simtel("size", shipped, "--no-simulate", "--seconds", "0", "--format", "json").output)["assumed"]
    assert {(one["tried"], one["low"]["more"]) for one in found} == {(False, None)}


def test_no_table_is_cut_off(simtel: Simtel, monkeypatch: pytest.MonkeyPatch) -> None:
    """In 100 columns: each has its right border, and says where the answer turns."""
    monkeypatch.setenv("COLUMNS", "100")
    for lang, turns in zip(LANGUAGES, ("turns at 277.6/h", "改变于 277.6/h"), strict=True):
        output = simtel("size", str(DEMANDS / "twenty-seats.yaml"), "--no-simulate", "--price", "e1=2", "--lang", lang,
                        "--no-ranges").output  # fmt: skip
        output += simtel("size", str(DEMANDS / "twenty-seats.yaml"), "--no-simulate", "--lang", lang).output
        tops = [line for line in output.splitlines() if line.startswith("┏")]
        assert [line.endswith("┓") for line in tops] == [True] * 8
        assert turns in output
