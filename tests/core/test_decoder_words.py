"""What the decoder says is known in every language, for every way in which it refuses a file."""

import msgspec
import pytest

from simtel.core.decoder_words import decoder_said
from simtel.core.i18n import Message, told


class Known(msgspec.Struct, forbid_unknown_fields=True):
    number: int
    names: tuple[str, ...] = ()
    word: bool = False


@pytest.mark.parametrize(
    "content",
    [b"{", b'{"number":1}x', b"[1,]", b'{"number":1,}', b'{"number" 1}', b'{"number":1 "names":[]}', b"{1:2}",
     b'{"number":"x"}', b"{}", b'{"number":1,"more":2}', b'{"number":1,"names":[1]}', b'{"number":1,"names":["\xff"]}',
     b'{"number":1,"word":tru}', b'{"number":01}', b"1", b"[" * 100_000],
)  # fmt: skip
def test_every_refusal_is_told_in_chinese(content: bytes) -> None:
    with pytest.raises((ValueError, RecursionError)) as caught:
        msgspec.json.decode(content, type=Known)
    said = decoder_said(caught.value)
    assert isinstance(said, Message), str(caught.value)
    ours = ("nested too deeply", "no UTF-8 at byte")
    assert str(said) == str(caught.value) or said.startswith(ours)
    assert any("\u4e00" <= char <= "\u9fff" for char in told(said, "zh"))
    assert not [word for word in ("Expected", "Object", "malformed", "invalid", "no UTF") if word in told(said, "zh")]


def test_bytes_that_are_no_text() -> None:
    with pytest.raises(UnicodeDecodeError) as caught:
        b"ab\xff".decode()
    assert decoder_said(caught.value) == "no UTF-8 at byte 2"


def test_anything_else_stays_as_it_is() -> None:
    assert decoder_said(ValueError("a surprise")) == "a surprise"
