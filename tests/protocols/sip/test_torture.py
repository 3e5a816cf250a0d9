"""The situations of RFC 4475, each in a message of our own: what must be read is read, what must not is refused.

Each row names its section. Where the RFC leaves it to the element (a registrar, a user agent, a proxy) what to answer,
the parser reads the message, and the test shows that what the element decides by is told rightly.
"""

import pytest

from simtel.protocols.sip import MalformedMessage, Request, Response, parse_message
from tests.protocols.sip.samples import INVITE, with_header, with_start


def request(data: bytes) -> Request:
    found = parse_message(data)
    assert isinstance(found, Request)
    return found


def test_3_1_1_1_a_short_tortuous_invite() -> None:
    found = request(
        b"INVITE sip:desk@hall.example.com;unknownparam SIP/2.0\r\n"
        b"TO :\r\n sip:desk@hall.example.com ;   tag    = 20260101n\r\n"
        b'from   : "The Queue \\\\\\""       <sip:queue@example.com>\r\n  ;\r\n  tag = q77ab1\r\n'
        b"MaX-fOrWaRdS: 0068\r\nCall-ID: short.odd@192.0.2.1\r\nContent-Length   : 11\r\n"
        b"cseq: 0009\r\n  INVITE\r\nVia  : SIP  /   2.0\r\n /UDP\r\n    192.0.2.2;branch=olderbranch\r\n"
        b"s :\r\nNewFangledHeader:   newfangled value\r\n continued newfangled value\r\n"
        b"UnknownHeaderWithUnusualValue: ;;,,;;,;\r\nContent-Type: application/sdp\r\n"
        b"Route:\r\n <sip:services.example.com;lr;unknownwith=value;unknown-no-value>\r\n"
        b"v:  SIP  / 2.0  / TCP     spindle.example.com   ;\r\n  branch  =   z9hG4bK9ikj8  ,\r\n"
        b" SIP  /    2.0   / UDP  192.168.255.111   ; branch=\r\n z9hG4bK30239\r\n"
        b'm:"Quoted string \\"\\"" <sip:queue@example.com> ; newparam =\r\n      newvalue ;\r\n'
        b"  secondparam ; q = 0.33\r\n\r\nv=0\r\ns=- \r\n"
    )
    assert found.to.tag == b"20260101n"
    assert (found.from_.display, found.from_.tag) == (b'The Queue \\"', b"q77ab1")
    assert (found.max_forwards, found.cseq, found.first("subject")) == (68, (9, "INVITE"), b"")
    assert [(via.transport, via.host, via.branch) for via in found.vias] == [
        ("UDP", "192.0.2.2", b"olderbranch"),
        ("TCP", "spindle.example.com", b"z9hG4bK9ikj8"),
        ("UDP", "192.168.255.111", b"z9hG4bK30239"),
    ]
    assert found.first("unknownheaderwithunusualvalue") == b";;,,;;,;"
    assert found.first("NewFangledHeader") == b"newfangled value   continued newfangled value"
    assert found.routes[0].uri.params == {"lr": b"", "unknownwith": b"value", "unknown-no-value": b""}
    assert found.contacts[0].display == b'Quoted string ""'
    assert found.contacts[0].params == {"newparam": b"newvalue", "secondparam": b"", "q": b"0.33"}
    assert found.body == b"v=0\r\ns=- \r\n"


METHOD = "!odd-Method0123456789_*+`.%so'~"


def test_3_1_1_2_a_wide_range_of_valid_characters() -> None:
    uri = b"sip:9_odd.Desk~(of-all!desks)&that's+fine$/is?it,/;;*:&and=1,s!*cr$t~_as.(w'ell)@example.com"
    call_id = b"odd.word%ZK-!.*_+'@w`~)(><:\\/\"][?}{"
    method = METHOD.encode()
    found = request(
        method + b" " + uri + b" SIP/2.0\r\nVia: SIP/2.0/TCP host1.example.com;branch=z9hG4bK-.!%66*_+`'~\r\n"
        b'To: "BEL:\\\x07 NUL:\\\x00 DEL:\\\x7f" <' + uri + b">\r\n"
        b"From: token1~` token2'+_ token3*%!.- <sip:plain@example.com>"
        b";fromParam''~+*_!.-%=\"\xe5\xba\xa7\";tag=_t%\r\n"
        b"Call-ID: "
        + call_id
        + b"\r\nCSeq: 139122385 "
        + METHOD.encode()
        + b"\r\nextensionHeader-!.%*+_`'~:\xef\xbb\xbf\r\n\r\n"
    )
    assert (found.method, found.cseq, found.call_id) == (METHOD, (139122385, METHOD), call_id)
    assert found.target.user == b"9_odd.Desk~(of-all!desks)&that's+fine$/is?it,/;;*"
    assert found.target.password == b"&and=1,s!*cr$t~_as.(w'ell)"
    assert found.to.display == b"BEL:\x07 NUL:\x00 DEL:\x7f"
    assert found.from_.display == b"token1~` token2'+_ token3*%!.-"
    assert found.from_.params == {"fromparam''~+*_!.-%": "座".encode(), "tag": b"_t%"}
    assert found.first("EXTENSIONHEADER-!.%*+_`'~") == b"\xef\xbb\xbf"


def test_3_1_1_3_the_use_of_the_percent_sign_where_it_escapes() -> None:
    found = request(with_start(b"INVITE sip:sips%3Auser%40example.com@example.net SIP/2.0"))
    assert (found.target.user, found.target.host) == (b"sips%3Auser%40example.com", "example.net")


def test_3_1_1_4_escaped_nulls_in_uris() -> None:
    found = request(with_header(b"Contact", b"<sip:%00@host5.example.com>,\r\n <sip:%00%00@host5.example.com>"))
    assert [contact.uri.user for contact in found.contacts] == [b"%00", b"%00%00"]


def test_3_1_1_5_the_percent_sign_where_it_does_not_escape() -> None:
    data = with_start(b"RE%47IST%45R sip:h SIP/2.0", with_header(b"CSeq", b"1 RE%47IST%45R"))
    found = request(with_header(b"Contact", b'"%Z%45" <sip:r@h>', data))
    assert found.method == "RE%47IST%45R"
    assert found.contacts[0].display == b"%Z%45"


def test_3_1_1_6_no_blank_between_display_name_and_bracket() -> None:
    found = request(with_header(b"From", b"caller<sip:caller@example.com>;tag=323"))
    assert (found.from_.display, found.from_.tag) == (b"caller", b"323")


def test_3_1_1_7_long_values() -> None:
    to = b'"' + b"A name that is longer than any desk has." * 9 + b'"<sip:u@h:6000;unknown=' + b"v" * 200 + b">"
    vias = b",".join(b"SIP/2.0/TCP sip%d.example.com" % at for at in range(34))
    call_id = b"longreq.one" + b"really" * 20 + b"longcallid"
    found = request(with_header(b"To", to, with_header(b"Via", vias, with_header(b"Call-ID", call_id))))
    assert len(found.to.display) == 360
    assert [via.host for via in found.vias] == [f"sip{at}.example.com" for at in range(34)]
    assert found.call_id == call_id


def test_3_1_1_8_octets_after_the_message() -> None:
    assert request(INVITE + with_start(b"BYE sip:h SIP/2.0")).body == b"v=0"


def test_3_1_1_9_semicolons_in_the_user_part() -> None:
    found = request(with_start(b"OPTIONS sip:user;par=u%40example.net@example.com SIP/2.0",
                               with_header(b"CSeq", b"8 OPTIONS")))  # fmt: skip
    assert (found.target.user, found.target.params) == (b"user;par=u%40example.net", {})


def test_3_1_1_10_varied_transports() -> None:
    vias = b"SIP/2.0/UDP t1;branch=a,SIP/2.0/SCTP t2,SIP/2.0/TLS t3,SIP/2.0/UNKNOWN t4,SIP/2.0/TCP t5"
    found = request(with_header(b"Via", vias))
    assert [via.transport for via in found.vias] == ["UDP", "SCTP", "TLS", "UNKNOWN", "TCP"]


def test_3_1_1_11_multipart_mime() -> None:
    body = b"--7a9\r\nContent-Type: text/plain\r\n\r\nHello\r\n\r\n--7a9\r\n\r\n0\x82\x01\x00\r\n\r\n--7a9--\r\n"
    found = request(with_header(b"Content-Length", b"%d" % len(body), INVITE[:-3]) + body)
    assert found.body == body


def test_3_1_1_12_and_13_reason_phrases() -> None:
    phrase = "= 2**3 * 5**2 接通 - 200"
    for line, reason in ((f"SIP/2.0 200 {phrase}", phrase), ("SIP/2.0 100 ", "")):
        found = parse_message(with_start(line.encode()))
        assert isinstance(found, Response)
        assert found.reason == reason


REFUSED = {  # section: message, reason, code
    "3.1.2.1 extraneous separators": (with_header(b"Via", b"SIP/2.0/UDP 192.0.2.15;;,;,,"), "no parameter", 400),
    "3.1.2.1 in Contact": (with_header(b"Contact", b'"Seat" <sip:seat@example.org>;;;;'), "no parameter", 400),
    "3.1.2.2 Content-Length beyond": (with_header(b"Content-Length", b"9999"), "less body", 400),
    "3.1.2.3 negative": (with_header(b"Content-Length", b"-999"), "no number", 400),
    "3.1.2.4 CSeq": (with_header(b"CSeq", b"99999999999999999999 INVITE"), "below 2", 400),
    "3.1.2.4 Max-Forwards": (with_header(b"Max-Forwards", b"300"), "0 to 255", 400),
    "3.1.2.5 in a response": (with_start(b"SIP/2.0 503 No", with_header(b"CSeq", b"88888888888888888888 INVITE")),
                              "below 2", 400),
    "3.1.2.6 unterminated quotes": (with_header(b"To", b'"The User <sip:user@example.com>'), "not end", 400),
    "3.1.2.7 <> in the start line": (with_start(b"INVITE <sip:user@example.com> SIP/2.0"), "scheme", 400),
    "3.1.2.8 blank in the URI": (with_start(b"INVITE sip:user@example.com; lr SIP/2.0"), "one space", 400),
    "3.1.2.9 two blanks": (with_start(b"INVITE  sip:user@example.com  SIP/2.0"), "one space", 400),
    "3.1.2.10 blank at the end": (with_start(b"INVITE sip:user@example.com SIP/2.0  "), "one space", 400),
    "3.1.2.11 headers in the URI": (with_start(b"INVITE sip:u@h?Route=%3Csip:h%3E SIP/2.0"), "no headers", 400),
    "3.1.2.13 no <> around ?": (with_header(b"Contact", b"sip:u@h?Route=%3Csip:h%3E"), "stands in <>", 400),
    "3.1.2.14 blanks in the address": (with_header(b"To", b'"Desk" < sip:t@h >'), "scheme", 400),
    "3.1.2.15 a name that needs quotes": (with_header(b"From", b"Desk, Front <sip:d@h>;tag=43"), "in <>", 400),
    "3.1.2.16 another version": (with_start(b"INVITE sip:t@h SIP/7.0"), "version", 505),
    "3.1.2.17 methods differ": (with_start(b"OPTIONS sip:t@h SIP/2.0"), "another method", 400),
    "3.1.2.18 an unknown one": (with_start(b"NEWMETHOD sip:t@h SIP/2.0"), "another method", 400),
    "3.1.2.19 overlarge code": (with_start(b"SIP/2.0 4294967301 too long"), "100 to 699", 400),
    "3.3.1 missing headers": (with_header(b"To", None, with_header(b"From", None)), "no From, To", 400),
    "3.3.8 single headers twice": (INVITE.replace(b"\r\nTo", b"\r\nFrom: <sip:x@h>;tag=2\r\nTo"), "From twice", 400),
    "3.3.9 two Content-Length": (INVITE.replace(b"\r\nTo", b"\r\nl: 5\r\nTo"), "Content-Length twice", 400),
}  # fmt: skip


@pytest.mark.parametrize("section", REFUSED)
def test_refused(section: str) -> None:
    data, why, code = REFUSED[section]
    with pytest.raises(MalformedMessage, match=why) as caught:
        parse_message(data)
    assert caught.value.code == code


def test_3_1_2_4_an_overlarge_expires_is_refused_when_asked() -> None:
    found = request(with_header(b"Expires", b"10000000000000000"))
    with pytest.raises(MalformedMessage, match="Expires is no number"):
        _ = found.expires


def test_3_1_2_12_a_date_of_another_zone_is_kept() -> None:
    assert (
        request(with_header(b"Date", b"Fri, 01 Jan 2010 16:00:00 EST")).first("date")
        == b"Fri, 01 Jan 2010 16:00:00 EST"
    )


def test_3_2_1_a_branch_that_is_only_its_cookie() -> None:
    assert request(with_header(b"Via", b"SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK")).vias[0].branch == b"z9hG4bK"


@pytest.mark.parametrize("uri", [b"nobodyKnowsThisScheme:opaque", b"soap.beep://192.0.2.103:3002"])
def test_3_3_2_and_3_unknown_schemes_are_for_the_user_agent(uri: bytes) -> None:
    found = request(with_start(b"INVITE " + uri + b" SIP/2.0"))
    assert found.target.scheme not in {"sip", "sips", "tel"}
    assert found.target.scheme == uri.split(b":")[0].decode().lower()


def test_3_3_4_and_5_what_a_user_agent_refuses_is_told() -> None:
    found = request(with_header(b"To", b"isbn:0000000000", with_header(b"Require", b"not-this, nor-this")))
    assert found.to.uri.scheme == "isbn"
    assert found.all("require") == [b"not-this", b"nor-this"]


def test_3_3_10_a_response_with_a_via_of_all() -> None:
    found = parse_message(
        with_start(b"SIP/2.0 200 OK", with_header(b"Via", b"SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1"))
    )
    assert found.vias[0].host == "255.255.255.255"


def test_3_3_11_no_hop_left() -> None:
    assert request(with_header(b"Max-Forwards", b"0")).max_forwards == 0


def test_3_3_12_and_13_parameters_of_contact_and_of_its_uri() -> None:
    bare, within = (
        request(with_header(b"Contact", value)).contacts[0]
        for value in (
            b"sip:+12015550133@gw1.example.net;unknownparam",
            b"<sip:+12015550133@gw1.example.net;unknownparam>",
        )
    )
    assert (bare.uri.params, bare.params) == ({}, {"unknownparam": b""})
    assert (within.uri.params, within.params) == ({"unknownparam": b""}, {})


def test_3_3_14_escaped_headers_in_a_contact() -> None:
    found = request(with_header(b"Contact", b"<sip:user@example.com?Route=%3Csip:sip.example.com%3E>"))
    assert found.contacts[0].uri.headers == ((b"Route", b"%3Csip:sip.example.com%3E"),)


def test_3_4_1_a_message_after_rfc_2543() -> None:
    found = request(
        b"INVITE sip:agent@example.com SIP/2.0\r\nVia: SIP/2.0/UDP gw.example.com\r\n"
        b"From: <sip:+12015550111@old.example>\r\nTo: sip:+12015550122@ss1.example.net;user=phone\r\n"
        b"Record-Route: <sip:agent@example.com;maddr=ss1.example.com>\r\n"
        b"Call-ID: old.17@gw.example.com\r\nCSeq: 56 INVITE\r\n\r\n"
    )
    assert (found.vias[0].branch, found.from_.tag, found.max_forwards) == (b"", b"", None)
    assert found.to.params == {"user": b"phone"}
