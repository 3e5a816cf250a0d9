"""Digest authentication (RFC 3261, 22; RFC 7616 and 8760, and what RFC 2617 and 2069 left behind): pure arithmetic.

MD5 and SHA-256, each also with -sess; qop auth, auth-int, or none. Who asks brings secret, nonce's instant and client
nonce: nothing here draws a number or reads a clock. Names, passwords and realms are octets as they go on the wire.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable
from typing import Self

import msgspec

from simtel.protocols.sip.errors import MalformedMessage
from simtel.protocols.sip.values import TOKEN, quoted, string_at

ALGORITHMS = {"MD5": "md5", "SHA-256": "sha256"}
_SCHEME = re.compile(rb"[ \t]*(" + TOKEN + rb"+)(?:[ \t]+|$)")
_PARAM = re.compile(rb"[ \t]*(" + TOKEN + rb"+)[ \t]*=[ \t]*(?:([A-Za-z0-9\-.!%*_+`'~/=:]+)|(?=\"))")
_NEXT = re.compile(rb"[ \t]*(?:,[ \t,]*|$)")
_COUNT = re.compile(rb"[0-9A-Fa-f]{8}")
_BARE = {"algorithm", "stale", "nc"}  # all others are written in quotes; qop is so in a challenge only


class Challenge(msgspec.Struct, frozen=True):
    """WWW-Authenticate or Proxy-Authenticate. `algorithm` as the server wrote it, `qop` what it offers."""

    realm: bytes
    nonce: bytes
    algorithm: str = "MD5"
    qop: tuple[str, ...] = ()
    stale: bool = False
    opaque: bytes | None = None

    @property
    def known(self) -> bool:
        """Whether it can be answered here; of several the first such one is answered (RFC 8760, 2.4)."""
        return _digest_of(self.algorithm) is not None and (not self.qop or bool({"auth", "auth-int"} & {*self.qop}))

    def to_bytes(self) -> bytes:
        """The header's value."""
        pairs = [("realm", self.realm), ("nonce", self.nonce)]
        pairs += [("opaque", self.opaque)] if self.opaque is not None else []
        pairs += [("algorithm", self.algorithm.encode())] + ([("stale", b"true")] if self.stale else [])
        return _written(pairs + ([("qop", ",".join(self.qop).encode())] if self.qop else []), _BARE)


class Credentials(msgspec.Struct, frozen=True):
    """Authorization or Proxy-Authorization. Without `qop` there are neither `cnonce` nor `count`."""

    username: bytes
    realm: bytes
    nonce: bytes
    uri: bytes
    response: bytes
    algorithm: str = "MD5"
    qop: str = ""
    cnonce: bytes = b""
    count: int = 0
    opaque: bytes | None = None

    def to_bytes(self) -> bytes:
        """The header's value."""
        pairs = [("username", self.username), ("realm", self.realm), ("nonce", self.nonce), ("uri", self.uri)]
        pairs += [("response", self.response), ("algorithm", self.algorithm.encode())]
        if self.qop or self.cnonce:
            pairs.append(("cnonce", self.cnonce))
        if self.qop:
            pairs += [("qop", self.qop.encode()), ("nc", b"%08x" % self.count)]
        pairs += [("opaque", self.opaque)] if self.opaque is not None else []
        return _written(pairs, _BARE | {"qop"})

    @classmethod
    def answer(
        cls, challenge: Challenge, username: bytes, password: bytes, method: str, uri: bytes, *, body: bytes = b"",
        cnonce: bytes = b"", count: int = 1,
    ) -> Self:  # fmt: skip
        """What answers a challenge that is `known`: auth before auth-int; the client nonce is needed for any qop and
        for -sess. ValueError for a challenge that cannot be answered, or no client nonce."""
        if not challenge.known:
            raise ValueError(f"no answer to algorithm {challenge.algorithm} and qop {challenge.qop}")
        qop = "" if not challenge.qop else "auth" if "auth" in challenge.qop else "auth-int"
        session = challenge.algorithm.lower().endswith("-sess")
        if (qop or session) and not cnonce:
            raise ValueError("a client nonce is needed")
        made = cls(
            username, challenge.realm, challenge.nonce, uri, b"", challenge.algorithm, qop,
            cnonce if qop or session else b"", count if qop else 0, challenge.opaque,
        )  # fmt: skip
        return msgspec.structs.replace(made, response=expected(made, password, method, body))


def _written(pairs: Iterable[tuple[str, bytes]], bare: set[str]) -> bytes:
    return b"Digest " + b", ".join(
        name.encode() + b"=" + (value if name in bare else quoted(value)) for name, value in pairs
    )


def _digest_of(algorithm: str) -> str | None:
    return ALGORITHMS.get(algorithm.upper().removesuffix("-SESS"))


def expected(asked: Credentials, password: bytes, method: str, body: bytes = b"") -> bytes:
    """The response in hex that whoever knows the password sends (RFC 7616, 3.4.1). ValueError for an algorithm or a qop
    that is not known."""
    name = _digest_of(asked.algorithm)
    if name is None or asked.qop not in ("", "auth", "auth-int"):
        raise ValueError(f"no digest of algorithm {asked.algorithm} and qop {asked.qop}")

    def digest(*parts: bytes) -> bytes:
        return hashlib.new(name, b":".join(parts), usedforsecurity=False).hexdigest().encode()

    secret = digest(asked.username, asked.realm, password)
    if asked.algorithm.lower().endswith("-sess"):
        secret = digest(secret, asked.nonce, asked.cnonce)
    what = (method.encode(), asked.uri) + ((digest(body),) if asked.qop == "auth-int" else ())
    middle = (b"%08x" % asked.count, asked.cnonce, asked.qop.encode()) if asked.qop else ()
    return digest(secret, asked.nonce, *middle, digest(*what))


def verify(asked: Credentials, password: bytes, method: str, body: bytes = b"") -> bool:
    """Whether the response is that of the password, in a time that does not tell how much of it is. That nonce, realm
    and URI are those of the server is for the server to look at."""
    try:
        right = expected(asked, password, method, body)
    except ValueError:
        return False
    return hmac.compare_digest(right, asked.response.lower())


def parse_challenge(value: bytes) -> Challenge:
    """WWW-Authenticate or Proxy-Authenticate of the scheme Digest."""
    params = _params(value)
    _need(params, "realm", "nonce")
    qop = tuple(one.strip().lower() for one in _text(params.get("qop", b"")).split(",") if one.strip())
    stale = params.get("stale", b"").lower() == b"true"
    algorithm = _text(params.get("algorithm", b"MD5"))
    return Challenge(params["realm"], params["nonce"], algorithm, qop, stale, params.get("opaque"))


def parse_credentials(value: bytes) -> Credentials:
    """Authorization or Proxy-Authorization of the scheme Digest."""
    params = _params(value)
    _need(params, "username", "realm", "nonce", "uri", "response")
    qop, count = _text(params.get("qop", b"")).lower(), params.get("nc", b"00000000")
    if qop:
        _need(params, "cnonce", "nc")
    if _COUNT.fullmatch(count) is None:
        raise MalformedMessage("has an nc that is not of eight hex digits")
    return Credentials(
        params["username"], params["realm"], params["nonce"], params["uri"], params["response"],
        _text(params.get("algorithm", b"MD5")), qop, params.get("cnonce", b""), int(count, 16), params.get("opaque"),
    )  # fmt: skip


def _text(value: bytes) -> str:
    return value.decode("ascii", "replace")


def _need(params: dict[str, bytes], *names: str) -> None:
    missing = [name for name in names if name not in params]
    if missing:
        raise MalformedMessage(f"has no {', '.join(missing)}")


def _params(value: bytes) -> dict[str, bytes]:
    scheme = _SCHEME.match(value)
    if scheme is None or scheme[1].lower() != b"digest":
        raise MalformedMessage("is not of the scheme Digest")
    params: dict[str, bytes] = {}
    at = scheme.end()
    while at < len(value):
        found = _PARAM.match(value, at)
        if found is None:
            raise MalformedMessage("no parameter can be read here", at)
        name, text, end = found[1].decode().lower(), found[2], found.end()
        if text is None:
            text, end = string_at(value, end)
        if name in params:
            raise MalformedMessage(f"has the parameter {name} twice", at)
        params[name] = text
        parted = _NEXT.match(value, end)
        if parted is None:
            raise MalformedMessage("parameters are parted by commas", end)
        at = parted.end()
    return params


class Nonces:
    """Nonces of a server that asks for passwords: each carries its instant and a code that nobody else can make, so
    that only their use has to be remembered, and that no longer than they live."""

    __slots__ = ("_life", "_secret", "_used")

    def __init__(self, secret: bytes, life: int) -> None:
        """`secret` is drawn by the owner; `life` in nanoseconds."""
        self._secret = secret
        self._life = life
        self._used: dict[bytes, int] = {}  # nonce: the highest count that was used, oldest first

    def new(self, now: int) -> bytes:
        """A nonce of this instant."""
        stamp = b"%x" % now
        return stamp + b"." + hmac.digest(self._secret, stamp, "sha256")[:16].hex().encode()

    def use(self, asked: Credentials, now: int) -> bool:
        """Whether these credentials, whose response is right, may be used now. If not they are old, of a count that was
        used before, or of a nonce from elsewhere, and are answered with a new nonce and stale=true (RFC 7616, 3.3)."""
        stamp = asked.nonce.partition(b".")[0]
        try:
            made = int(stamp, 16)
        except ValueError:
            return False
        if not hmac.compare_digest(self.new(made), asked.nonce) or not 0 <= now - made <= self._life:
            return False
        count = max(asked.count, 1)  # without a count a nonce is good once
        if count <= self._used.get(asked.nonce, 0):
            return False
        self._forget(now)
        self._used[asked.nonce] = count
        return True

    def _forget(self, now: int) -> None:
        for nonce in list(self._used):
            if now - int(nonce.partition(b".")[0], 16) <= self._life:
                break
            del self._used[nonce]
