"""A recording from a scripted flow, read, and a short way to what it says."""

from pathlib import Path
from typing import Any

from simtel.core.events import Kind
from simtel.core.log import EvidenceLog
from simtel.run.foreign import read_recording
from simtel.verdict.judge import judge
from simtel.verdict.verdict import Verdict
from tests.target.recorded.flow import FAULT, MAPPING, Flow


def fault(at: float) -> str:
    """The mapping's words for a crash of server a, so many seconds into the capture."""
    return FAULT.replace("FAULT", f"{at:06.3f}")


def record(
    folder: Path, flow: Flow | None, mapping: str = MAPPING, kind: str = "pcap", **consoles: str
) -> tuple[EvidenceLog, list[str]]:
    """The log of a flow (and of console files by name) under a mapping, and what is told about it."""
    (folder / "mapping.yaml").write_text(mapping, encoding="utf-8")
    files = [] if flow is None else [flow.save(folder / f"capture.{kind}", kind)]
    for name, text in consoles.items():
        (folder / f"{name}.log").write_text(text, encoding="utf-8")
        files.append(folder / f"{name}.log")
    return read_recording(files, folder / "mapping.yaml")


def seen(log: EvidenceLog, *kinds: Kind) -> list[tuple[float, str, str, str | None, dict[str, Any]]]:
    """Time in seconds, kind, subject, call and fields of the events of these kinds."""
    return [(e.t / 1e9, e.kind, e.subject, e.call, e.data) for e in log.of(*kinds)]


def verdict(log: EvidenceLog, criterion: str) -> Verdict:
    """What the judge says by one criterion."""
    return next(found for found in judge(log).verdicts if found.criterion == criterion)
