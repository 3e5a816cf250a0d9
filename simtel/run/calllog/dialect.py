"""How the text of a call log is written: its encoding and the mark between its fields.

Encoding: a byte order mark, else UTF-8 if all of the file is, else GB18030 (which holds GBK) if all of it is.
Delimiter: of comma, semicolon, tab and bar the one that the first line holds most often outside quotes; a comma that is
the mark of fractions gives way to any other.
"""

import codecs
import stat
from pathlib import Path
from typing import IO

from simtel.core.i18n import Message
from simtel.core.problems import BadInput, Problem, unreadable

FIELD = 1 << 17  # characters of a field
DELIMITERS = ",;\t|"
_CHUNK = 1 << 20
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def encoding_of(path: Path, given: str) -> tuple[str, int]:
    """The encoding of all of a file, and its size in bytes. BadInput: none of those that are known."""
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):  # a named pipe would block for ever, and is read once only
            raise BadInput([Problem(str(path), 0, 0, Message("is not a regular file; a call log is due"))])
        size = about.st_size
        with path.open("rb") as file:
            head = file.read(4)
        if not size:
            raise BadInput([Problem(str(path), 0, 0, Message("is empty"))])
        marked = next((name for mark, name in _BOMS if head.startswith(mark)), None)
        tried = [marked] if marked else [given] if given else ["utf-8", "gb18030"]
        for encoding in tried:
            line = _undecodable(path, encoding)
            if not line:
                return encoding, size
    except (OSError, ValueError) as error:
        raise BadInput([unreadable(str(path), error)]) from None
    names = ", ".join(tried)
    message = Message("holds bytes that are not {encodings}: save the file as UTF-8, or name its 'encoding'",
                      encodings=names)  # fmt: skip
    raise BadInput([Problem(str(path), line, 1, message)])


def _undecodable(path: Path, encoding: str) -> int:
    """The line of the first bytes that are not in this encoding; 0 when there are none."""
    decoder, lines = codecs.getincrementaldecoder(encoding)(), 1
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            try:
                lines += decoder.decode(chunk, final=not chunk).count("\n")
            except UnicodeDecodeError as error:
                return lines + error.object[: error.start].count(b"\n")
            if not chunk:
                return 0


def delimiter_of(file: IO[str], decimal: str) -> str:
    """The mark that the first line holds most often outside quotes; a comma where it holds none."""
    line = ""
    while not line.strip():
        line = file.readline(FIELD)
        if not line:
            break
    file.seek(0)
    bare = "".join(line.split('"')[::2])
    others = DELIMITERS.replace(decimal, "")
    return max(others if any(mark in bare for mark in others) else DELIMITERS, key=bare.count)
