"""The samples that readers see first: `.venv/bin/python tests/samples.py` makes them again under reports/samples/.

One folder for each kind of user, with report.html and verdicts.json of a real run, and judgements.json, from which the
table is drawn that README shows; the command of each stands in SAMPLES and in README, and both READMEs are written
anew. With the folder of a run as argument (reports/demo, after `make demo`) it also draws that run's matrix of
scenarios and sites, once in each language, as the picture of README. With the word `readme` alone nothing is run: only
the tables in README are drawn again, from the judgements that are there.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import msgspec

from simtel.core.i18n import LANGUAGES, pick, translate
from simtel.report.grid import Cell, Column, Grid, by_scenario
from simtel.report.html import NAME
from simtel.report.table import render_table
from simtel.report.words import IDLE, MARKS, NOT_APPLICABLE, listed, outcome_word, target_title, tell
from simtel.run.folder import Run
from simtel.verdict.judge import Judgement
from simtel.verdict.outcome import Outcome

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "reports" / "samples"
PICTURE = "failover.{lang}.svg"
LARGEST = 600_000  # bytes of one sample

SAMPLES = {
    "engineer": "simtel run scenarios/capacity/recorded-and-waiting.yaml --site as-quoted-one-e1-each"
    " --seats 20 --seats 100 --parts as-quoted",
    "qa": "simtel run scenarios/failover/active-server-crash.yaml --site proposal-as-drawn",
    "procurement": "simtel run scenarios/failover/platform-crash.yaml --site as-quoted-one-e1-each"
    " --site as-quoted-two-e1-active",
}
READMES = {"en": ROOT / "README.md", "zh": ROOT / "README.zh.md"}
WIDTH = 100  # columns of the terminal whose output README shows
JUDGEMENTS = "judgements.json"
COMPLETED = (0, 1, 3)  # exit codes of a run that came to its end, whatever its verdicts


def make(user: str) -> None:
    """Run one sample's command and keep its page and its verdicts."""
    command = SAMPLES[user].split()[1:]
    with tempfile.TemporaryDirectory() as out:
        run = subprocess.run(
            [sys.executable, "-m", "simtel", *command, "--out", out, "--format", "json"],
            cwd=ROOT, stdout=subprocess.PIPE, check=False,
        )  # fmt: skip
        if run.returncode not in COMPLETED:
            sys.exit(f"{user}: did not complete, exit code {run.returncode}")
        page = Path(out, NAME).read_bytes()
        judgements = [_short(judgement) for judgement in judgements_of(Path(out))]
    folder = FOLDER / user
    folder.mkdir(parents=True, exist_ok=True)
    # The file is compact; `--format json` indents for people.
    verdicts = msgspec.json.format(run.stdout, indent=0)
    kept = msgspec.json.format(msgspec.json.encode(judgements), indent=0)
    for name, content in ((NAME, page), ("verdicts.json", verdicts + b"\n"), (JUDGEMENTS, kept + b"\n")):
        (folder / name).write_bytes(content)
    size = sum(path.stat().st_size for path in folder.iterdir())
    print(f"{folder.relative_to(ROOT)}: {size} bytes")
    if size > LARGEST:
        sys.exit(f"{user}: larger than {LARGEST} bytes: choose a smaller run")


def judgements_of(run_folder: Path) -> list[Judgement]:
    """The judgements of a run, in its order."""
    run = msgspec.json.decode((run_folder / "run.json").read_bytes(), type=Run)
    return [msgspec.json.decode((run_folder / entry.verdicts).read_bytes(), type=Judgement) for entry in run.items]


def _short(judgement: Judgement) -> Judgement:
    """Without the long lists of figures, which stand in the page and which no table shows."""
    header = msgspec.structs.replace(judgement.header, assumed=(), unknown=(), descriptive=())
    return msgspec.structs.replace(judgement, header=header)


def stored(user: str) -> list[Judgement]:
    """The judgements of a sample."""
    return msgspec.json.decode((FOLDER / user / JUDGEMENTS).read_bytes(), type=list[Judgement])


def output(user: str, lang: str) -> str:
    """What `simtel run` prints of a sample's judgements."""
    return render_table(stored(user), lang, width=WIDTH)


def shown(user: str, lang: str) -> str:
    """The output of a sample as README shows it, between its marks."""
    block = f"```text\n{output(user, lang)}```"
    return f"<!-- output of {user}: written by tests/samples.py -->\n{block}\n<!-- /output -->"


def write_readmes() -> None:
    """Put the output of every sample anew between its marks, in both languages."""
    for lang, path in READMES.items():
        text = path.read_text(encoding="utf-8")
        for user in SAMPLES:
            marks = rf"<!-- output of {user}: .*?<!-- /output -->"
            text, count = re.subn(marks, lambda _, user=user, lang=lang: shown(user, lang), text, flags=re.DOTALL)
            if count != 1:
                sys.exit(f"{path.name}: no place for the output of {user}")
        path.write_text(text, encoding="utf-8")


# Where the picture's parts stand, in pixels, and what each outcome looks like: ground and ink.
WIDE, ROW, HEAD = 214, 30, 92
LATIN, IDEOGRAPH = 7.6, 13  # width of a character in the widest of the fonts
COLOURS = {
    Outcome.PASS: ("#dff1e9", "#00553e"),
    Outcome.INCONCLUSIVE: ("#fbeea0", "#4d4100"),
    Outcome.FAIL: ("#c43c00", "#ffffff"),
    Outcome.ERROR: ("#7a2e63", "#ffffff"),
}
SHARE = {"en": "right: criteria that are met, of all that were judged", "zh": "右侧数字：通过的判据数 / 全部判据数"}
FONTS = "system-ui, 'Segoe UI', 'Noto Sans', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"


def _width(words: str) -> int:
    return round(sum(IDEOGRAPH if ord(letter) > 0x2E80 else LATIN for letter in words))


def draw(run_folder: Path, lang: str) -> str:
    """The matrix of a run as SVG: a row for each scenario, a column for each site, a word in each cell."""
    judgements = judgements_of(run_folder)
    grid = by_scenario(judgements)
    left = 28 + max(_width(pick(row.header.title, lang)) for row in grid.rows)
    width, height = left + WIDE * len(grid.columns) + 12, HEAD + ROW * len(grid.rows) + 40
    targets = "; ".join(target_title(target, lang) for target in dict.fromkeys(c.target for c in grid.columns))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="{FONTS}" font-size="13">',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        _text(12, 30, targets, size=15, weight=600),
    ]
    for number, column in enumerate(grid.columns):
        parts += _heading(left + WIDE * number, column, judgements, lang)
    for number, row in enumerate(grid.rows):
        y = HEAD + ROW * number
        parts.append(_text(12, y + 19, pick(row.header.title, lang)))
        for place, column in enumerate(grid.columns):
            if column in row.cells:
                parts.append(_cell(left + WIDE * place, y, row.cells[column], lang))
    parts.append(_text(12, height - 14, _tally(grid, lang), ink="#5b6773"))
    return "\n".join([*parts, "</svg>\n"])


def _heading(x: int, column: Column, judgements: Sequence[Judgement], lang: str) -> list[str]:
    """The name of a site, on two lines where it is long, and its size."""
    title = next(pick(j.header.site_title, lang) for j in judgements if j.header.site == column.site)
    lines = _folded(title, 13 if lang == "zh" else 26)
    seats = translate("{seats} seats", lang, seats=column.seats)
    return [
        *(_text(x + 6, HEAD - 42 + 17 * (n - len(lines) + 1), line, weight=600) for n, line in enumerate(lines)),
        _text(x + 6, HEAD - 16, seats, ink="#5b6773"),
    ]


def _folded(text: str, most: int) -> list[str]:
    """A text on lines of at most so many letters: parted at blanks, or anywhere where there are none."""
    words = text.split(" ") if " " in text else list(text)
    gap = " " if " " in text else ""
    lines = [""]
    for word in words:
        longer = f"{lines[-1]}{gap}{word}" if lines[-1] else word
        lines = [*lines[:-1], longer] if len(longer) <= most else [*lines, word]
    return lines


def _cell(x: int, y: int, cell: Cell, lang: str) -> str:
    ground, ink = COLOURS[cell.outcome] if cell.applies else ("#eef1f4", "#5b6773")
    word = f"{MARKS[cell.outcome]} {outcome_word(cell.outcome, 'virtual', lang)}"
    if not cell.applies:
        word = f"{IDLE} {tell(NOT_APPLICABLE, lang)}"
    box = f'<rect x="{x}" y="{y}" width="{WIDE - 3}" height="{ROW - 3}" fill="{ground}"/>'
    text = box + _text(x + 8, y + 19, word, ink=ink, weight=600)
    if not cell.applies:
        return text
    met = sum(outcome is Outcome.PASS for outcome in (verdict.outcome for verdict in cell.verdicts))
    share = f'<text x="{x + WIDE - 11}" y="{y + 19}" fill="{ink}" text-anchor="end">{met}/{len(cell.verdicts)}</text>'
    return text + share


def _tally(grid: Grid, lang: str) -> str:
    cells = [cell for row in grid.rows for cell in row.cells.values()]
    outcomes = [cell.outcome for cell in cells if cell.applies]
    counted = [(outcome_word(outcome, "", lang), outcomes.count(outcome)) for outcome in sorted(Outcome, reverse=True)]
    counted.append((tell(NOT_APPLICABLE, lang), len(cells) - len(outcomes)))
    tally = listed((f"{word} {count}" for word, count in counted if count), lang)
    return f"{tally}{'；' if lang == 'zh' else '; '}{SHARE[lang]}"


def _text(x: int, y: int, words: str, ink: str = "#1c2733", size: int = 13, weight: int = 400) -> str:
    return f'<text x="{x}" y="{y}" fill="{ink}" font-size="{size}" font-weight="{weight}">{escape(words)}</text>'


def main(arguments: Sequence[str]) -> None:
    """The pictures first: they take a moment, the samples a minute."""
    for folder in () if arguments == ["readme"] else arguments:
        for lang in LANGUAGES:
            path = FOLDER / PICTURE.format(lang=lang)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(draw(Path(folder), lang), encoding="utf-8")
            print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes")
    for user in () if arguments == ["readme"] else SAMPLES:
        make(user)
    write_readmes()


if __name__ == "__main__":
    main(sys.argv[1:])
