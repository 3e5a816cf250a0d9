"""The page stands alone, speaks both languages, hides nothing that it should say, and appears whole or not at all."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

from simtel.core.problems import BadInput
from simtel.report import html
from simtel.report.foot import foot
from simtel.report.html import render_html, write_html
from simtel.report.svg import Drawing
from simtel.report.table import criterion_title, render_table
from simtel.report.words import field_words, figure_name, tell
from simtel.run.files import CannotWriteError
from simtel.verdict.judge import Judgement
from simtel.verdict.outcome import Outcome
from tests.report import sample
from tests.report.test_table import not_applicable

VOID = {"meta", "input", "br", "link", "img", "hr", "path", "rect"}
CRITERIA_ASKED = [expect.criterion for expect in sample.header(True).expect]
ENGLISH = re.compile(r"[A-Za-z]{2,}(?:[ ,]+[a-z]{2,}){2,}")


class Shown(HTMLParser):
    """The text that a reader of one language sees, without code; and every tag with its attributes."""

    def __init__(self, lang: str) -> None:
        super().__init__()
        self.hidden = {"en": "zh", "zh": "en"}[lang]
        self.stack: list[tuple[str, bool]] = []
        self.text: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if tag in VOID:
            return
        away = bool(self.stack and self.stack[-1][1]) or tag in ("style", "script", "code", "title")
        self.stack.append((tag, away or (tag != "html" and given.get("lang") == self.hidden)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.stack.pop()[0] == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        if self.stack and not self.stack[-1][1]:
            self.text.append(data)


def shown(page: str, lang: str) -> str:
    parser = Shown(lang)
    parser.feed(page)
    assert not parser.stack, "a tag is left open"
    return " ".join(" ".join(parser.text).split())


def tags(page: str) -> Iterator[tuple[str, dict[str, str | None]]]:
    parser = Shown("en")
    parser.feed(page)
    yield from parser.tags


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    sample.run_folder(folder)
    return folder


@pytest.fixture(scope="module")
def page(run: Path) -> str:
    return render_html(run)


def test_both_languages_say_outcome_reason_and_kind_of_target(page: str) -> None:
    english, chinese = shown(page, "en"), shown(page, "zh")
    assert "virtual: an estimate about a design" in english
    assert "0 of 25 calls that were up went on" in english
    assert "PASS (estimate)" in english
    assert "virtual：对设计的估计" in chinese
    assert "通过（估计）" in chinese
    assert "不通过" in chinese
    assert "过程时间线" in chinese


def test_the_foot_says_when_how_and_by_what_the_page_was_made(run: Path, tmp_path: Path) -> None:
    made = "simtel run scenarios/failover --seed 7 --target virtual"
    head = {"started": "2026-01-02T03:04:05+08:00", "made_by": made}
    judgements = [
        msgspec.structs.replace(one, header=msgspec.structs.replace(one.header, **head))
        for one in sample.run_folder(tmp_path)
    ]
    assert [(str(label), said) for label, said in foot(judgements)] == [
        ("command", made), ("date", "2026-01-02 03:04:05+08:00"), ("seed", "7"), ("simtel version", "0.1.0"),
    ]  # fmt: skip
    text = render_table(judgements, "zh", width=140)
    assert f"命令：{made}\n日期：2026-01-02 03:04:05+08:00、随机种子：7、simtel 版本：0.1.0\n" in text
    shutil.copytree(run, tmp_path / "made")
    for path, one in zip(sorted((tmp_path / "made").rglob("verdicts.json")), judgements, strict=True):
        path.write_bytes(msgspec.json.encode(one))
    page = render_html(tmp_path / "made")
    end = page[page.index("<footer>") :]
    for label, said in foot(judgements):
        assert str(label) in end
        assert said in end


def test_what_a_log_does_not_say_of_its_run_is_not_told() -> None:
    one, other = (Judgement(sample.header(keeps), (), Outcome.PASS, "", True) for keeps in (True, False))
    assert [str(label) for label, _ in foot([one])] == ["command", "seed", "simtel version"]
    assert [str(label) for label, _ in foot([one, other])] == ["seed", "simtel version"], "no command made both"


def test_no_english_sentence_in_the_chinese_view_and_no_chinese_in_the_english(page: str) -> None:
    assert ENGLISH.findall(shown(page, "en")), "the pattern finds sentences"
    assert ENGLISH.findall(shown(page, "zh")) == []
    assert re.findall(r"[\u4e00-\u9fff]+", shown(page, "en")) == ["中文"]


def test_names_of_figures_and_words_of_events_are_chinese(tmp_path: Path) -> None:
    for judgement in sample.run_folder(tmp_path):
        for verdict in judgement.verdicts:
            for name in verdict.figures:
                assert not re.search("[A-Za-z]", figure_name(name, "zh")), name
    for line in sample.lines(True) + sample.lines(False):
        for name, value in line[-1].items():
            shown_field = field_words(name, value, "zh").replace("service", "")
            assert not re.search("[A-Za-z]{2}", re.sub(r"[a-z]+\.\d|BYE| m?s$", "", shown_field)), shown_field


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_chosen_language_is_shown_first(run: Path, lang: str) -> None:
    chosen = [given["id"] for tag, given in tags(render_html(run, lang)) if tag == "input" and "checked" in given]
    assert chosen == [f"lang-{lang}"]


def test_the_address_may_name_the_language(page: str) -> None:
    script = page[page.index("<script>") :]
    assert "speak(location.hash.slice(1))" in script
    assert 'speak(new URLSearchParams(location.search).get("lang"))' in script


def test_nothing_comes_from_outside_the_page(page: str) -> None:
    for tag, given in tags(page):
        assert tag not in ("link", "img", "iframe", "object")
        assert "src" not in given
        assert (given.get("href") or "#").startswith("#")
    assert set(re.findall(r"https?://[^\"' <]+", page)) == {"http://www.w3.org/2000/svg"}
    assert "url(" not in page


def test_links_lead_somewhere(page: str) -> None:
    ids = [given["id"] for _, given in tags(page) if "id" in given]
    assert len(ids) == len(set(ids))
    links = {given["href"] for tag, given in tags(page) if tag == "a"}
    assert links
    assert {str(link).removeprefix("#") for link in links} <= set(ids)


def test_pictures_name_their_axis_and_show_the_fault(page: str) -> None:
    assert page.count("<svg") == 2 * (2 + 2 + 3) + 3, "claims, timelines, cabinet with slots and seats, ladders"
    english = shown(page, "en")
    assert "time since the start of the run (s)" in english
    assert "✖ crash server.1" in english
    assert "never again on 25 calls" in english
    assert "not while it was watched" in english


def test_figures_and_how_to_reproduce(page: str) -> None:
    english = shown(page, "en")
    assert "detection 3 s" in english
    assert "servers.election.advert_interval" in page
    assert "100 ms – 1 s" in english
    assert "simtel run scenarios/failover --site today --seats 20 --seed 7" in page
    assert "sha256:" + "1" * 64 in page
    assert "5d6674d0" in page or re.search(r"sha256:[0-9a-f]{64}", page)


def test_evidence_cannot_put_markup_into_the_page(tmp_path: Path) -> None:
    sample.run_folder(tmp_path, hostile=True)
    page = render_html(tmp_path)
    assert "<script>alert" not in page
    assert "\x1b" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert sum(tag == "script" for tag, _ in tags(page)) == 1
    shown(page, "zh")


def test_lists_are_bounded_and_say_what_they_leave_out(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "CALLS", 3)
    monkeypatch.setattr(html, "EVENTS", 4)
    english = shown(render_html(run), "en")
    assert "27 more calls are not listed." in english
    assert re.search(r"\d+ more events are not listed\.", english)


def test_every_figure_stands_beside_its_limit_in_the_matrix(page: str) -> None:
    matrix = page[page.index('<section class="matrix">') : page.index('<section class="reasons">')]
    english, chinese = shown(matrix, "en").replace(" : ", ": "), shown(matrix, "zh")
    assert "Calls that were up go on: 0 %, limit ≥ 100 %" in english
    assert "Longest silence on calls that were up: 25 calls cut, limit ≤ 2 s" in english
    assert "Time until the service is back: 3.6 s, limit ≤ 5 s" in english
    assert "，限值 ≤ 2 s" in chinese
    for key in CRITERIA_ASKED:
        assert english.count(criterion_title(key, "en")) == 2, "once for each site"
    assert "more" not in english


def test_every_reason_stands_on_the_page_without_a_click(page: str, run: Path) -> None:
    reasons = (
        page[page.index('<section class="reasons">') : page.index("</section>", page.index('class="reasons">'))]
        + "</section>"
    )
    assert "<details" not in reasons
    for path in sorted(run.rglob("verdicts.json")):
        judgement = msgspec.json.decode(path.read_bytes(), type=Judgement)
        for verdict in judgement.verdicts:
            if verdict.outcome is not Outcome.PASS:
                for lang in ("en", "zh"):
                    assert " ".join(tell(verdict.reason, lang).split()) in shown(reasons, lang)


def test_nothing_that_a_verdict_rests_on_is_left_out(tmp_path: Path) -> None:
    sample.run_folder(tmp_path)
    paths = tuple(f"servers.figure_{n}" for n in range(60))
    for path in tmp_path.rglob("verdicts.json"):
        judgement = msgspec.json.decode(path.read_bytes(), type=Judgement)
        first = msgspec.structs.replace(judgement.verdicts[0], rests_on=paths, events=tuple(range(900, 950)))
        changed = msgspec.structs.replace(judgement, verdicts=(first, *judgement.verdicts[1:]))
        path.write_bytes(msgspec.json.encode(changed))
    page = render_html(tmp_path)
    assert all(page.count(f"<code>{path}</code>") == 2 for path in paths)
    assert "Rests on assumed or unknown figures: 60" in shown(page, "en")
    assert " ".join(map(str, range(900, 950))) in shown(page, "en")


def test_what_does_not_occur_is_not_explained(page: str) -> None:
    english = shown(page, "en")
    assert "A PASS on the virtual target is an estimate" in english
    assert "INCONCLUSIVE is not a pass" not in english
    assert "* rests on" not in english


def test_what_does_not_apply_is_grey_and_says_why(tmp_path: Path) -> None:
    sample.run_folder(tmp_path)
    for path in (tmp_path / "crash" / "today-20").glob("verdicts.json"):
        judgement = msgspec.json.decode(path.read_bytes(), type=Judgement)
        path.write_bytes(msgspec.json.encode(not_applicable(judgement)))
    page = render_html(tmp_path)
    english, chinese = shown(page, "en"), shown(page, "zh")
    cells = [given for tag, given in tags(page) if tag == "td" and "title" in given]
    assert {given["class"] for given in cells} == {"none"}
    assert all("the site has no boards" in str(given["title"]) for given in cells)
    assert len(cells) == 1 + len(json.loads((tmp_path / "crash/today-20/verdicts.json").read_bytes())["verdicts"])
    assert "— 1 not applicable" in english
    assert "? INCONCLUSIVE" not in english
    assert "— 1 不适用" in chinese
    assert 'class="item idle"' in page


def test_a_star_never_stands_alone(page: str) -> None:
    assert " *" not in shown(page, "en").replace(". * rests on", ".")


def test_commas_and_colons_of_the_chinese_page_are_chinese(page: str) -> None:
    text = shown(page, "zh").replace("project assumption", "")
    mixed = re.findall(r".{6}[\u4e00-\u9fff）”] ?[,;:?!(].{6}", text)
    # The sample's own Chinese sentence has an ASCII comma: what a file states is shown as it stands.
    assert [found for found in mixed if "来电者" not in found] == []


def test_an_item_stays_small(page: str) -> None:
    assert len(page.encode()) < 2 * 100_000


def test_write_leaves_one_file(run: Path) -> None:
    before = set(run.iterdir())
    path = write_html(run, "zh")
    assert path == run / "report.html"
    assert set(run.iterdir()) - before == {path}
    assert path.read_text(encoding="utf-8") == render_html(run, "zh")


def test_a_failure_leaves_the_former_report(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_html(run, "en")
    before = path.read_bytes()

    def full(path: Path, _: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(CannotWriteError, match="No space"):
        write_html(run, "zh")
    assert path.read_bytes() == before
    assert not list(run.glob("report.html?*"))


def rewrite(folder: Path, **changes: object) -> None:
    run = msgspec.json.decode((folder / "run.json").read_bytes())
    run["items"] = [{**item, **changes} for item in run["items"]]
    (folder / "run.json").write_bytes(msgspec.json.encode(run))


def test_an_item_without_evidence_says_so(tmp_path: Path) -> None:
    sample.run_folder(tmp_path)
    rewrite(tmp_path, evidence=None)
    english = shown(render_html(tmp_path), "en")
    assert "No pictures" in english
    assert "0 of 25 calls" in english


@pytest.mark.parametrize("name", ["../outside.json", "/etc/hostname"])
def test_a_run_cannot_point_out_of_its_folder(tmp_path: Path, name: str) -> None:
    sample.run_folder(tmp_path)
    rewrite(tmp_path, verdicts=name)
    with pytest.raises(BadInput, match="outside the folder"):
        render_html(tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"{", "is not what a run leaves here"), (b'{"simtel":"run/9","items":[]}', "run/9"), (None, "no run ended here")],
)
def test_a_broken_run_file_is_named(tmp_path: Path, content: bytes | None, message: str) -> None:
    if content is not None:
        (tmp_path / "run.json").write_bytes(content)
    with pytest.raises(BadInput, match=message):
        render_html(tmp_path)


@pytest.mark.parametrize("schema", ["", '"simtel":"judgement/9",'])
def test_a_judgement_without_the_schema_that_is_read_is_refused(tmp_path: Path, schema: str) -> None:
    sample.run_folder(tmp_path)
    path = tmp_path / "crash/today-20/verdicts.json"
    written = path.read_text(encoding="utf-8")
    assert written.startswith('{"simtel":"judgement/1",')
    path.write_text(written.replace('"simtel":"judgement/1",', schema, 1), encoding="utf-8")
    with pytest.raises(BadInput, match="is not one that this version reads"):
        render_html(tmp_path)


def test_of_many_items_those_that_fail_are_drawn_and_the_page_says_so(tmp_path: Path) -> None:
    judgements = sample.run_folder(tmp_path)
    assert [one.outcome for one in judgements] == [Outcome.FAIL, Outcome.PASS]
    entries = json.loads((tmp_path / "run.json").read_bytes())
    entries["items"] *= html.PICTURED // 2
    (tmp_path / "run.json").write_text(json.dumps(entries))
    assert all(item.pictures for item in html.read_items(tmp_path))
    entries["items"].append(entries["items"][1])
    (tmp_path / "run.json").write_text(json.dumps(entries))
    items = list(html.read_items(tmp_path))
    assert {item.judgement.outcome: bool(item.pictures) for item in items} == {Outcome.FAIL: True, Outcome.PASS: False}
    page = html.render_html(tmp_path)
    assert shown(page, "en").count(f"of a run of more than {html.PICTURED} items only those that fail are drawn") == 13
    assert all(item.pictures for item in html.read_items(tmp_path, everything=True))
    assert all(item.pictures for item in html.read_items(tmp_path, trace="c1"))


def test_of_a_sweep_what_failed_is_drawn_and_the_rest_is_listed(tmp_path: Path) -> None:
    judgements = sample.run_folder(tmp_path)
    run = msgspec.json.decode((tmp_path / "run.json").read_bytes())
    item = run["items"][1]
    items = []
    for n in range(12):
        header = msgspec.structs.replace(judgements[1].header, scenario=f"failover.sweep@{n:02}-call.offered-before")
        outcome = Outcome.FAIL if n >= 6 else Outcome.PASS
        one = msgspec.structs.replace(judgements[1], header=header, outcome=outcome)
        name = f"v{n}.json"
        (tmp_path / name).write_bytes(msgspec.json.encode(one))
        items.append({**item, "verdicts": name})
    (tmp_path / "run.json").write_bytes(msgspec.json.encode({**run, "items": items}))
    page = render_html(tmp_path)
    assert shown(page, "en").count("No pictures") == 12 - html.DRAWN
    assert "FAIL (6 of 12)" in shown(page, "en")
    details = page.split('<details class="item ')[1:]
    drawn = [one.partition('"')[0] for one in details if '"bar slot' in one]
    assert drawn == ["pass", *["fail"] * (html.DRAWN - 1)]


def pngs(folder: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path in folder.rglob("*.png"):
        assert path.read_bytes().startswith(b"\x89PNG")
        found.setdefault(path.parent.name, set()).add(path.name)
    return found


def test_pictures_stand_as_files_in_the_folder_of_the_item_that_fails_most(tmp_path: Path) -> None:
    sample.run_folder(tmp_path)
    page = write_html(tmp_path, "en", png="worst").read_text(encoding="utf-8")
    found = pngs(tmp_path)
    assert set(found) == {"today-20"}
    drawn = {"timeline-close.png", "timeline.png", "cabinet.png", "timeslots.png", "agents.png"}
    assert {name for name in found["today-20"] if not name.startswith("ladder-")} == drawn
    assert all(name in page for name in found["today-20"])
    write_html(tmp_path, "en", png="none")
    assert pngs(tmp_path) == {}, "those of an earlier report are gone"


def test_all_pictures_are_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def draw(drawing: Drawing, lang: str, about: Callable[[str], tuple[str, str]]) -> bytes:
        asked.append(" ".join((lang, *about(lang))))
        return b""

    monkeypatch.setattr(html, "png_of", draw)
    sample.run_folder(tmp_path)
    (tmp_path / "crash/today-20/ladder-of-mine.txt").write_text("")
    write_html(tmp_path, "zh", png="all")
    assert {path.parent.name for path in tmp_path.rglob("*.png")} == {"today-20", "proposal-20"}
    assert any("主服务器" in words and "现有站点" in words and "virtual：对设计的估计" in words for words in asked)
    assert (tmp_path / "crash/today-20/ladder-of-mine.txt").exists()


def test_a_call_cannot_name_a_file_elsewhere(tmp_path: Path) -> None:
    sample.run_folder(tmp_path)
    item = next(html.read_items(tmp_path))
    assert item.pictures is not None
    ladder = item.pictures.ladders[0]
    item.pictures.ladders[0] = ladder._replace(worst=ladder.worst._replace(call="../../x"))
    names = [html._harmless(name) for name in item.pictures.files]
    assert "ladder-.._.._x" in names
    assert not any("/" in name for name in names)


def test_a_call_that_is_traced_is_drawn(run: Path) -> None:
    assert "Ladder of call c9" not in render_html(run)
    page = render_html(run, trace="c9")
    assert page.count('aria-label="Ladder of call c9"') == 2
    assert "Call c9 : completed" in shown(page, "en").replace(" :", " :")


def test_an_empty_run_is_a_page(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_bytes(b'{"simtel":"run/1","items":[]}')
    shown(render_html(tmp_path), "en")
