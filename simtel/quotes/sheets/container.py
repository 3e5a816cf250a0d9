"""What kind of file this is, by its content, and whether its parts may be unpacked.

Whatever a file is called, its first bytes say what it is. A workbook is a ZIP archive of XML: its parts are counted and
measured before anything is unpacked, so an archive that would unpack to gigabytes is refused by its own list of
contents (and one that lies there is cut off by the checksum). No part may hold a document type, so no entity can grow.
"""

import stat
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.parsers import expat

from simtel.core.i18n import Message
from simtel.core.problems import BadInput, Problem, quoted, unreadable

MOST_BYTES = 64 << 20  # of the file: quotes carry pictures
MOST_SHEET = 256 << 20  # of one worksheet unpacked: a million formatted empty rows are about 100 MiB
MOST_PART = 16 << 20  # of any other part that is parsed
MOST_PARTS = 5_000
MOST_DEPTH = 100  # of XML
WORKBOOK, TEXT = "workbook", "text"
_CHUNK = 1 << 16
_SAVE = Message("open it in a spreadsheet program and save it as .xlsx")

_REFUSED: tuple[tuple[bytes, Message, str | None], ...] = (
    (b"%PDF", Message("is a PDF, not a spreadsheet"), Message("ask the vendor for the spreadsheet")),
    (b"{\\rtf", Message("is a text document, not a spreadsheet"), _SAVE),
    (b"\x89PNG", Message("is a picture, not a spreadsheet"), None),
    (b"\xff\xd8\xff", Message("is a picture, not a spreadsheet"), None),
    (b"PK\x05\x06", Message("is an empty archive"), None),
)  # fmt: skip


def refuse(name: str, message: str, hint: str | None = None) -> BadInput:
    """The file as a whole cannot be used."""
    return BadInput([Problem(name, 0, 0, message, hint)])


def content(path: Path) -> bytes:
    """All of a file. BadInput: it cannot be read, is empty or too large."""
    name = str(path)
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):  # a named pipe would block for ever
            raise refuse(name, Message("is not a regular file; a spreadsheet is due"))
        if about.st_size > MOST_BYTES:
            raise refuse(name, Message("is larger than {most} bytes, the most that is read", most=MOST_BYTES))
        with path.open("rb") as file:
            raw = file.read(about.st_size)
    except (OSError, ValueError) as error:
        raise BadInput([unreadable(name, error)]) from None
    if not raw.strip():
        raise refuse(name, Message("is empty"))
    return raw


def kind(raw: bytes, name: str) -> str:
    """WORKBOOK or TEXT. BadInput for all else, with what it is."""
    for head, message, hint in _REFUSED:
        if raw.startswith(head):
            raise refuse(name, message, hint)
    if raw.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):  # the container of Office before 2007, and of locked files
        if "EncryptedPackage".encode("utf-16-le") in raw:
            raise refuse(name, Message("is locked with a password"), Message("save it without one"))
        raise refuse(name, Message("is a file of Excel before 2007 (.xls)"), _SAVE)
    if raw.startswith(b"PK\x03\x04"):
        return WORKBOOK
    start = raw[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<table", b"<?xml")):
        raise refuse(name, Message("is a web page or XML, not a spreadsheet"), _SAVE)
    if b"\0" in raw and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refuse(name, Message("is neither a workbook (.xlsx) nor text (.csv)"))
    return TEXT


def examine(archive: zipfile.ZipFile, name: str) -> None:
    """See that this is a workbook whose parts are bounded and hold plain XML. BadInput."""
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if len(parts) > MOST_PARTS or len(names) < len(parts):
        raise refuse(name, Message("is a broken archive: too many parts, or two of the same name"))
    if "xl/workbook.xml" not in names:
        raise refuse(name, *_other(names))
    total = 0
    for part in parts:
        if not part.filename.endswith((".xml", ".rels", ".vml")):
            continue  # pictures and the like are never unpacked
        if part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise refuse(name, Message("its part {part} is packed in a way that no workbook is",
                                       part=quoted(part.filename)))  # fmt: skip
        sheet = is_sheet(part.filename)
        total += part.file_size
        if part.file_size > (MOST_SHEET if sheet else MOST_PART) or total > MOST_SHEET:
            raise refuse(name, Message("its part {part} unpacks to {bytes} bytes, more than is read",
                                       part=quoted(part.filename), bytes=part.file_size))  # fmt: skip
        if part.flag_bits & 1:
            raise refuse(name, Message("is locked with a password"), Message("save it without one"))
        if not sheet:
            parse(archive, part.filename, name)


def is_sheet(part: str) -> bool:
    """Whether this part is a worksheet, which is looked over on its own."""
    return part.startswith("xl/worksheets/") and part.endswith(".xml")


def _other(names: set[str]) -> tuple[Message, str | None]:
    """What an archive is that is no workbook of Excel."""
    if "xl/workbook.bin" in names:
        return Message("is a binary workbook (.xlsb)"), _SAVE
    if "content.xml" in names:
        return Message("is an OpenDocument file (.ods)"), _SAVE
    if any(name.startswith("word/") for name in names):
        return Message("is a text document, not a spreadsheet"), _SAVE
    return Message("is an archive, but holds no workbook"), None


def parse(archive: zipfile.ZipFile, part: str, name: str, start: Callable[[str, dict[str, str]], Any] | None = None,
          end: Callable[[str], Any] | None = None, text: Callable[[str], Any] | None = None) -> None:  # fmt: skip
    """Run through a part; element names come without their namespace. BadInput: not XML, a document type, too deep."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    depth = 0
    local: dict[str, str] = {}  # of names with their namespaces: a sheet has millions of elements of a few names

    def began(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MOST_DEPTH:
            raise refuse(name, Message("its part {part} is nested too deep", part=quoted(part)))
        name_here = local.get(tag) or local.setdefault(tag, tag.rpartition(" ")[2])
        if start is not None:
            start(name_here, attributes)

    def ended(tag: str) -> None:
        nonlocal depth
        depth -= 1
        if end is not None:
            end(local[tag])

    def document_type(*_: object) -> None:
        raise refuse(name, Message("its part {part} declares a document type, which no workbook does",
                                   part=quoted(part)))  # fmt: skip

    parser.StartElementHandler, parser.EndElementHandler = began, ended
    parser.StartDoctypeDeclHandler = document_type
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        with archive.open(part) as file:
            while chunk := file.read(_CHUNK):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise refuse(name, Message("its part {part} is broken at line {line}: {why}", part=quoted(part),
                                   line=error.lineno, why=expat.ErrorString(error.code))) from None  # fmt: skip
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError) as error:
        raise refuse(name, Message("its part {part} cannot be unpacked: {why}", part=quoted(part),
                                   why=str(error))) from None  # fmt: skip
