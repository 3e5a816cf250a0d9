"""Calls of a capture: which is the worst, what its ladder says as text and as a picture, in both languages."""

import re
from xml.etree import ElementTree as ET

import pytest

from simtel.protocols.sip.onlooker import Media, Sip
from simtel.report.sip_calls import sip_calls, worst_sip_call
from simtel.report.sip_ladder import sip_picture, sip_text
from simtel.report.svg_file import svg_file
from simtel.wire.sip_capture import Heard

MS = 1_000_000
A, B = ("192.0.2.1", 5060), ("192.0.2.2", 5060)


def message(
    t: int, method: str, status: int = 0, call: str = "c", cseq: int = 1, wrong: str = "", back: bool = False,
    ends: tuple[tuple[str, int], tuple[str, int]] = (A, B), media: Media | None = None, reason: str = "",
) -> Heard:  # fmt: skip
    source, target = ends[::-1] if back or status else ends
    sip = Sip(method, status, call, cseq, f"b{cseq}{method}", "1", "2", "", media=media, marks=(reason,))
    return Heard(t * MS, *source, *target, sip, wrong)


def call(name: str, *statuses: int, again: int = 0, method: str = "INVITE") -> list[Heard]:
    return [
        message(0, method, call=name), *(message(500, method, call=name) for _ in range(again)),
        *(message(900, method, status, name) for status in statuses),
    ]  # fmt: skip


GOOD = call("good", 100, 180, 200)


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        (call("x", 100), call("y", 603)), (call("x", 603), call("y", 503)), (call("x", 503), call("y", 486)),
        (call("x", 486), GOOD), (call("x", 200, again=2), GOOD), (GOOD, call("y", 500, method="REGISTER")),
        ([message(0, "INVITE", call="x", wrong="octet 1: bad"), *call("x", 200)], call("y")),
        (call("x", 486), call("y", 487)), (call("x", 200, again=1), call("y", 487)),
    ],
)  # fmt: skip
def test_the_worst_call(worse: list[Heard], better: list[Heard]) -> None:
    for messages in (worse + better, better + worse):
        assert worst_sip_call(sip_calls(messages).values()).call_id == worse[0].sip.call_id


def test_of_equals_the_first() -> None:
    assert worst_sip_call(sip_calls(call("x", 486) + call("y", 486)).values()).call_id == "x"


def test_what_is_said_of_a_call() -> None:
    found = sip_calls([*call("c", 180, 486, again=1), message(950, "ACK")])
    assert found["c"].said == "INVITE, 5 messages in 950 ms: 486 Busy Here; 1 sent again, 0 malformed"
    assert sip_calls(call("c", 180))["c"].how == "INVITE without a final answer"


LADDER = [
    message(1_000, "INVITE", media=Media("192.0.2.1", 4_000)), message(1_500, "INVITE"),
    message(1_510, "INVITE", 180), message(1_520, "INVITE", 200, media=Media("192.0.2.2", 4_002, "sendonly")),
    message(1_530, "ACK", wrong="octet 9: bad"), message(9_000, "BYE", cseq=2, back=True, reason="Q.850;cause=16"),
]  # fmt: skip


def test_the_text_has_each_message_in_order() -> None:
    title, said, head, *lines = sip_text(LADDER, sip_calls(LADDER)["c"], 0, "en").splitlines()
    assert title == "Call c, from 1970-01-01 00:00:01 UTC"
    assert said.endswith("200 OK; 1 sent again, 1 malformed")
    assert head.split() == ["no.", "time", "elapsed", "from", "to", "what", "was", "sent"]
    assert [re.split(r" {2,}", line) for line in lines] == [
        ["1", "1.000000", "+0 s", "192.0.2.1", "192.0.2.2", "INVITE, SDP 192.0.2.1:4000"],
        ["2", "1.500000", "+500 ms", "192.0.2.1", "192.0.2.2", "INVITE, sent again"],
        ["3", "1.510000", "+510 ms", "192.0.2.2", "192.0.2.1", "180 Ringing (INVITE)"],
        ["4", "1.520000", "+520 ms", "192.0.2.2", "192.0.2.1", "200 OK (INVITE), SDP 192.0.2.2:4002 sendonly"],
        ["5", "1.530000", "+530 ms", "192.0.2.1", "192.0.2.2", "ACK, malformed: octet 9: bad"],
        ["6", "9.000000", "+8 s", "192.0.2.2", "192.0.2.1", "BYE, Q.850;cause=16"],
    ]
    assert "INVITE，重发" in sip_text(LADDER, sip_calls(LADDER)["c"], 0, "zh")


def test_ports_stand_where_one_address_speaks_with_itself() -> None:
    here = (("127.0.0.1", 5_060), ("127.0.0.1", 5_061))
    assert "127.0.0.1:5060  127.0.0.1:5061  INVITE" in sip_text(
        [message(0, "INVITE", ends=here)], sip_calls(GOOD)["good"], 0, "en"
    )
    six = (("2001:db8::1", 5_060), ("2001:db8::1", 5_062))
    assert "[2001:db8::1]:5060  [2001:db8::1]:5062" in sip_text(
        [message(0, "BYE", ends=six)], sip_calls(GOOD)["good"], 0, "en"
    )


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_picture_stands_alone_as_a_file(lang: str) -> None:
    root = ET.fromstring(svg_file(sip_picture(LADDER, 0), lang))  # noqa: S314 - ours
    texts = [node.text or "" for node in root.iter("{http://www.w3.org/2000/svg}text")]
    title = {"en": "Ladder of call c", "zh": "呼叫 c 的时序图"}[lang]
    assert texts[0] == title
    assert [text for text in texts if text.startswith("192.0.2.")] == ["192.0.2.1", "192.0.2.2"]
    again = {"en": "INVITE, sent again", "zh": "INVITE，重发"}[lang]
    order = [text for text in texts if text.startswith(("INVITE", "180", "200", "BYE"))]
    assert order == [
        "INVITE, SDP 192.0.2.1:4000", again, "180 Ringing (INVITE)",
        "200 OK (INVITE), SDP 192.0.2.2:4002 sendonly", "BYE, Q.850;cause=16",
    ]  # fmt: skip
    styles = {node.text: node.get("style", "") for node in root.iter() if node.text}
    red = next(style for text, style in styles.items() if text.startswith("ACK"))
    assert "fill:#d55e00" in red.lower() or "font-weight:700" in red
    assert "class=" not in svg_file(sip_picture(LADDER, 0), lang).decode()


def test_hostile_words_stay_text() -> None:
    evil = message(0, "INVITE", reason="</text><script>\x1b[2J\x00", call="<b>&\x1b")
    root = ET.fromstring(svg_file(sip_picture([evil], 0), "en"))  # noqa: S314 - ours
    assert not [node for node in root.iter() if node.tag.endswith("script")]
    assert "\x1b" not in sip_text([evil], sip_calls([evil])[evil.sip.call_id], 0, "en")


def test_a_long_call_is_bounded_in_both() -> None:
    many = [message(n, "INVITE", cseq=n + 1, reason="x" * 5_000) for n in range(3_000)]
    assert len(sip_picture(many, 0).bits) < 500
    assert max(map(len, sip_text(many, sip_calls(many)["c"], 0, "en").splitlines())) < 200


def test_what_is_remembered_of_a_call_is_bounded() -> None:
    found = sip_calls(message(n, "INVITE", cseq=n) for n in range(1_000))["c"]
    assert len(found._seen) == 256
