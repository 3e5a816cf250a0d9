"""A page as PDF, printed by Chromium without a window. CSS paged media does the rest: sizes, breaks, page numbers."""

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from simtel.core.i18n import Message
from simtel.core.problems import BadInput, nowhere

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS = 120


def browser() -> str:
    """The browser's path. BadInput where there is none: looked for before anything is worked out."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        message = Message("a PDF needs Chromium, and none of {names} is there", names=", ".join(BROWSERS))
        raise BadInput([nowhere(message, Message("install it, or write --html and print that"))])
    return found


def pdf(page: str) -> bytes:
    """The page as PDF. BadInput: no browser, or it fails."""
    program = browser()
    with TemporaryDirectory(prefix="simtel-") as folder:
        source, target = Path(folder) / "page.html", Path(folder) / "page.pdf"
        source.write_text(page, encoding="utf-8")
        words = [program, "--headless", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer",
                 f"--user-data-dir={folder}/profile", f"--print-to-pdf={target}", source.as_uri()]  # fmt: skip
        if os.geteuid() == 0:  # it refuses to sandbox for root; the page runs no script and loads nothing
            words.insert(1, "--no-sandbox")
        try:
            done = subprocess.run(words, capture_output=True, text=True, errors="replace", timeout=SECONDS, check=False)
            why = done.stderr.strip().rpartition("\n")[2]
        except subprocess.TimeoutExpired:
            why = f"{SECONDS} s"
        if not target.is_file() or not target.stat().st_size:
            raise BadInput([nowhere(Message("{program} printed no PDF: {why}", program=program, why=why))])
        return target.read_bytes()
