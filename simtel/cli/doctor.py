"""`simtel doctor`: what this machine has and lacks, and what each thing is for. Exit code 0 when `run` can work."""

import os
import platform
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

import rich_click as click
from rich.cells import cell_len

from simtel.cli.phrase import Command
from simtel.cli.speech import ERROR, language_option, say, say_count, say_message
from simtel.core import data
from simtel.core.problems import why

PACKAGES = (
    "click", "jinja2", "matplotlib", "msgspec", "openpyxl", "pyserial", "pytest", "PyYAML", "rich",
    "rich-click", "scapy", "simpy",
)  # fmt: skip
CHINESE_FONTS = (
    "Noto Sans CJK",
    "Noto Serif CJK",
    "WenQuanYi",
    "Source Han",
    "SimSun",
    "SimHei",
    "Droid Sans Fallback",
)
LOOPBACK = ("127.0.0.1", "127.1.2.3", "127.255.0.254")


class Finding(NamedTuple):
    """One thing looked for. `needed` when `run` on the virtual target cannot do without it."""

    what: str
    found: bool
    detail: str
    needed: bool = False


@click.command(cls=Command)
@language_option
def doctor() -> int:
    """Say what this machine has and lacks, and what each thing is for."""
    findings = list(examine())
    for finding in findings:
        word = say("found") if finding.found else say("MISSING") if finding.needed else say("missing")
        click.echo(f"{word}{' ' * (9 - cell_len(word))} {finding.what}: {finding.detail}")
    short = [finding.what for finding in findings if finding.needed and not finding.found]
    if short:
        click.echo(say("`simtel run` cannot work here: {what}", what=", ".join(short)))
        return ERROR
    click.echo(say("`simtel run` can work here"))
    return 0


def examine() -> Iterator[Finding]:
    """Look for everything."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    yield Finding("Python >= 3.11", sys.version_info >= (3, 11), python, needed=True)
    for name in PACKAGES:
        yield _package(name)
    yield _data()
    yield _writable(Path())
    yield from _loopback()
    yield _fonts()
    yield from _examiners()


def _examiners() -> Iterator[Finding]:
    """Programs of other making that `run` never needs."""
    for program, use in (
        ("sipp", say("judges SIP from outside")),
        ("tshark", say("reads packet captures")),
        ("baresip", say("is a SIP phone of other making")),
        ("kamailio", say("is a SIP registrar of other making")),
        ("chromium", say("shows and prints reports")),
    ):
        yield Finding(program, shutil.which(program) is not None, use)


def _package(name: str) -> Finding:
    try:
        return Finding(name, True, version(name), needed=True)
    except PackageNotFoundError:
        return Finding(name, False, say("a package that simtel needs is not installed"), needed=True)


def _data() -> Finding:
    try:
        root = data.data_root()
    except FileNotFoundError as error:
        return Finding("scenarios", False, str(error), needed=True)
    count = len(list((root / "scenarios").rglob("*.yaml")))
    return Finding("scenarios", True, say_count("{count} file", "{count} files", count), needed=True)


def _writable(folder: Path) -> Finding:
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        return Finding(
            "reports/", False, say("cannot be written here: {why}", why=say_message(why(error))), needed=True
        )
    return Finding("reports/", True, say("can be written here"), needed=True)


def _loopback() -> Iterator[Finding]:
    for address in LOOPBACK:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.bind((address, 0))
            except OSError as error:
                yield Finding(
                    address, False, say("the loopback target cannot use it: {why}", why=say_message(why(error)))
                )
            else:
                yield Finding(address, True, say("is where the loopback target lives"))


def _fonts() -> Finding:
    use = say("draws Chinese in charts and printed reports")
    folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts"]
    names = ["".join(name.split()).lower() for name in CHINESE_FONTS]
    for folder in folders:
        for _, _, found in os.walk(folder):
            if any(name in file.lower().replace("-", "") for file in found for name in names):
                return Finding(say("Chinese font"), True, use)
    return Finding(say("Chinese font"), False, use)
