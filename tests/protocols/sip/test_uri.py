"""URIs: their parts, their equivalence after RFC 3261, 19.1.4, and what is none."""

import itertools

import pytest

from simtel.protocols.sip.errors import MalformedMessage
from simtel.protocols.sip.uri import Uri, parse_uri, same_uri, unescaped

READ = [
    (b"sip:desk@here.com", Uri("sip", b"desk", "here.com")),
    (b"SIPS:desk:word@here.com;transport=tcp",
     Uri("sips", b"desk", "here.com", params={"transport": b"tcp"}, password=b"word")),
    (b"sip:+1-212-555-1212:1234@gateway.com;user=phone",
     Uri("sip", b"+1-212-555-1212", "gateway.com", params={"user": b"phone"}, password=b"1234")),
    (b"sip:1212@gateway.com:5061", Uri("sip", b"1212", "gateway.com", 5061)),
    (b"sip:192.0.2.4", Uri("sip", None, "192.0.2.4")),
    (b"sip:here.com;method=REGISTER?to=desk%40here.com&x=",
     Uri("sip", None, "here.com", None, {"method": b"REGISTER"}, ((b"to", b"desk%40here.com"), (b"x", b"")))),
    (b"sip:desk;day=tuesday@here.com;lr", Uri("sip", b"desk;day=tuesday", "here.com", params={"lr": b""})),
    (b"sip:a@[2001:DB8::1]:5060", Uri("sip", b"a", "2001:db8::1", 5060)),
    (b"tel:+1-201-555-0123;phone-context=x.cn", Uri("tel", b"+1-201-555-0123", "", None, {"phone-context": b"x.cn"})),
    (b"nobodyKnowsThisScheme:totallyopaque", Uri("nobodyknowsthisscheme", b"totallyopaque", "")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "uri"), READ)
def test_a_uri_is_read_and_written_again(text: bytes, uri: Uri) -> None:
    assert parse_uri(text) == uri
    assert parse_uri(uri.to_bytes()) == uri


@pytest.mark.parametrize(
    ("text", "at"),
    [(b"desk", 0), (b"sip:", 4), (b"sip:a@", 5), (b"sip:a b@h", 5), (b"sip:a@h:x", 7), (b"sip:a@h:70000", 8),
     (b"sip:%zz@h", 4), (b"sip:a@b@h", 7), (b"sip:[::1::]", 4), (b"sip:h;a=1;A=2", 5), (b"tel:", 4), (b"tel:12 3", 6),
     (b"urn:a<b", 5), ("sip:张@h".encode(), 4)],
)  # fmt: skip
def test_what_is_no_uri_says_where(text: bytes, at: int) -> None:
    with pytest.raises(MalformedMessage) as caught:
        parse_uri(text)
    assert caught.value.offset == at


# RFC 3261, 19.1.4: within each group all are equivalent, and no two of different groups are.
ALIKE = [
    [b"sip:%64esk@here.com;transport=TCP", b"sip:desk@HeRe.CoM;Transport=tcp"],
    [b"sip:queue@yonder.com", b"sip:queue@yonder.com;newparam=5"],
    [b"sip:there.com;transport=tcp;method=REGISTER?to=sip:line%40there.com",
     b"sip:there.com;method=REGISTER;transport=tcp?to=sip:line%40there.com"],
    [b"sip:desk@here.com?subject=project%20x&priority=urgent",
     b"sip:desk@here.com?priority=urgent&subject=project%20x"],
    [b"SIP:DESK@HeRe.CoM;Transport=udp"],
    [b"sip:line@there.com"],
    [b"sip:line@there.com:5060"],
    [b"sip:line@there.com:6000;transport=tcp"],
    [b"sips:line@there.com"],
    [b"sip:queue@yonder.com;maddr=192.0.2.1"],
    [b"sip:queue@yonder.com?Subject=next%20meeting"],
    [b"tel:+1-201-555-0123", b"TEL:+12015550123", b"tel:+1(201)5550123"],
    [b"tel:7042;phone-context=example.com"],
    [b"urn:service:sos"],
]  # fmt: skip


def test_equivalence() -> None:
    for (i, group), (j, others) in itertools.product(enumerate(ALIKE), repeat=2):
        for one, other in itertools.product(group, others):
            assert same_uri(parse_uri(one), parse_uri(other)) is (i == j), (one, other)


def test_equivalence_is_not_transitive() -> None:
    """19.1.4 says so: a parameter in one URI alone is passed over, and two that differ are not."""
    plain, five, six = (parse_uri(b"sip:queue@yonder.com" + end) for end in (b"", b";security=on", b";security=off"))
    assert same_uri(plain, five)
    assert same_uri(plain, six)
    assert not same_uri(five, six)


def test_escapes() -> None:
    assert unescaped(b"sips%3Auser%40example.com%00%zz") == b"sips:user@example.com\x00%zz"
