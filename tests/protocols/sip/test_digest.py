"""Digest authentication against the examples of RFC 2617 and RFC 7616, against plain hashes, and against replay."""

import hashlib

import pytest

from simtel.protocols.sip import MalformedMessage
from simtel.protocols.sip.digest import (
    Challenge,
    Credentials,
    Nonces,
    expected,
    parse_challenge,
    parse_credentials,
    verify,
)  # fmt: skip

# RFC 2617, 3.5; RFC 7616, 3.9.1.
OLD = Credentials(
    b"Mufasa", b"testrealm@host.com", b"dcd98b7102dd2f0e8b11d0f600bfb0c093", b"/dir/index.html",
    b"6629fae49393a05397450978507c4ef1", qop="auth", cnonce=b"0a4f113b", count=1,
    opaque=b"5ccc069c403ebaf9f0171e9517f40e41",
)  # fmt: skip
NEW = Credentials(
    b"Mufasa", b"http-auth@example.org", b"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", b"/dir/index.html",
    b"8ca523f5e9506fed4657c9700eebdbec", qop="auth", cnonce=b"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", count=1,
)  # fmt: skip
SHA = Credentials(
    NEW.username, NEW.realm, NEW.nonce, NEW.uri, b"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
    "SHA-256", "auth", NEW.cnonce, 1,
)  # fmt: skip


@pytest.mark.parametrize(
    ("credentials", "password"), [(OLD, b"Circle Of Life"), (NEW, b"Circle of Life"), (SHA, b"Circle of Life")]
)
def test_the_examples_of_the_rfcs(credentials: Credentials, password: bytes) -> None:
    assert expected(credentials, password, "GET") == credentials.response
    assert verify(credentials, password, "GET")
    assert not verify(credentials, password + b" ", "GET")
    assert not verify(credentials, password, "PUT")
    assert parse_credentials(credentials.to_bytes()) == credentials


def h(name: str, *parts: bytes) -> bytes:
    return hashlib.new(name, b":".join(parts)).hexdigest().encode()


@pytest.mark.parametrize(("algorithm", "name"), [("MD5", "md5"), ("SHA-256", "sha256")])
def test_session_keys_bodies_and_no_qop(algorithm: str, name: str) -> None:
    a1, body = h(name, "座席".encode(), b"r", b"pw"), b"v=0\r\n"
    whole = Challenge(b"r", b"n", f"{algorithm}-sess", ("auth-int",), opaque=b"o")
    found = Credentials.answer(whole, "座席".encode(), b"pw", "INVITE", b"sip:h", body=body, cnonce=b"c", count=10)
    session = h(name, a1, b"n", b"c")
    assert found.response == h(
        name, session, b"n", b"0000000a", b"c", b"auth-int", h(name, b"INVITE", b"sip:h", h(name, body))
    )
    assert verify(found, b"pw", "INVITE", body)
    assert not verify(found, b"pw", "INVITE", body + b" ")
    assert parse_credentials(found.to_bytes()) == found
    plain = Credentials.answer(Challenge(b"r", b"n", algorithm), "座席".encode(), b"pw", "REGISTER", b"sip:h")
    assert plain.response == h(name, a1, b"n", h(name, b"REGISTER", b"sip:h"))
    assert (plain.qop, plain.cnonce, plain.count) == ("", b"", 0)
    assert parse_credentials(plain.to_bytes()) == plain


def test_a_challenge_is_read_and_written_again() -> None:
    value = (
        b'DIGEST realm="a, \\"b\\"" ,nonce="n==", qop="auth,auth-int",algorithm=SHA-256 , stale=TRUE, opaque="", new=1'
    )
    found = parse_challenge(value)
    assert found == Challenge(b'a, "b"', b"n==", "SHA-256", ("auth", "auth-int"), True, b"")
    assert parse_challenge(found.to_bytes()) == found
    assert parse_challenge(b'Digest realm="r",nonce="n"') == Challenge(b"r", b"n")


def test_what_cannot_be_answered_is_known() -> None:
    strange = [Challenge(b"r", b"n", "SHA-512-256"), Challenge(b"r", b"n", qop=("token",))]
    assert [one.known for one in strange] == [False, False]
    assert Challenge(b"r", b"n", "sha-256", ("auth-int",)).known
    for one in strange:
        with pytest.raises(ValueError, match="no answer"):
            Credentials.answer(one, b"u", b"p", "BYE", b"sip:h", cnonce=b"c")
    with pytest.raises(ValueError, match="client nonce"):
        Credentials.answer(Challenge(b"r", b"n", qop=("auth",)), b"u", b"p", "BYE", b"sip:h")
    assert not verify(Credentials(b"u", b"r", b"n", b"sip:h", b"", "SHA-512-256"), b"p", "BYE")


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (b"Basic dTpw", "scheme Digest"),
        (b'Digest realm="r"', "no nonce|no username"),
        (b'Digest realm="r" nonce="n"', "parted by commas"),
        (b'Digest realm="r", realm="r"', "twice"),
        (b'Digest realm="r', "not end"),
        (b"Digest ;", "no parameter"),
    ],
)
def test_what_is_malformed(value: bytes, why: str) -> None:
    for parser in (parse_challenge, parse_credentials):
        with pytest.raises(MalformedMessage, match=why):
            parser(value)


def test_credentials_with_qop_have_a_count_of_eight_digits() -> None:
    for old, new, why in ((b"nc=00000001", b"nc=1", "eight hex"), (b', cnonce="0a4f113b"', b"", "no cnonce")):
        with pytest.raises(MalformedMessage, match=why):
            parse_credentials(OLD.to_bytes().replace(old, new))


def with_nonce(nonce: bytes, count: int = 1) -> Credentials:
    return Credentials(b"u", b"r", nonce, b"sip:h", b"", qop="auth" if count else "", cnonce=b"c", count=count)


def test_a_count_is_used_once_and_upwards() -> None:
    nonces = Nonces(b"secret", life=100)
    nonce = nonces.new(1_000)
    assert [nonces.use(with_nonce(nonce, count), 1_050) for count in (1, 1, 3, 2, 4)] == [
        True,
        False,
        True,
        False,
        True,
    ]
    other = nonces.new(1_001)
    assert [nonces.use(with_nonce(other, 0), 1_050) for _ in range(2)] == [True, False]


def test_a_nonce_lives_its_life_and_is_of_this_server() -> None:
    nonces = Nonces(b"secret", life=100)
    nonce = nonces.new(1_000)
    assert not nonces.use(with_nonce(nonce), 1_101)
    assert not nonces.use(with_nonce(nonce), 999)
    assert nonces.use(with_nonce(nonce), 1_100)
    for strange in (b"", b"zz", b"3e8", b"3e8.00", Nonces(b"another", 100).new(1_000), nonce.replace(b"3e8", b"3e9")):
        assert not nonces.use(with_nonce(strange), 1_050)


def test_what_is_remembered_is_bounded_by_the_life() -> None:
    nonces = Nonces(b"secret", life=100)
    for now in range(1_000, 5_000):
        assert nonces.use(with_nonce(nonces.new(now)), now)
    assert len(nonces._used) <= 101
