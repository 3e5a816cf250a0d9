"""SIP, SIPS and tel URIs (RFC 3261, 19.1; RFC 3966); any other scheme is kept as it is written."""

import ipaddress
import re

import msgspec

from simtel.protocols.sip.errors import MalformedMessage

_HEX = rb"%[0-9A-Fa-f]{2}"


def _run(characters: bytes, least: bytes = b"*") -> bytes:
    """One or any number of these characters and of escaped ones."""
    return rb"(?:[" + characters + rb"]|" + _HEX + rb")" + least


_UNRESERVED = rb"A-Za-z0-9\-_.!~*'()"
HOST = rb"[A-Za-z0-9._\-]+|\[[0-9A-Fa-f:.]+\]"  # "_" is in no name of the RFC and in many of the world
_PARAMETER = _run(_UNRESERVED + rb"\[\]/:&+$", b"+")
_HEADER = _run(_UNRESERVED + rb"\[\]/?:+$", b"*")
_SIP = re.compile(
    rb"(?:(" + _run(_UNRESERVED + rb"&=+$,;?/", b"+") + rb")(?::(" + _run(_UNRESERVED + rb"&=+$,") + rb"))?@)?"
    rb"(" + HOST + rb")(?::(\d{1,5}))?"
    rb"((?:;" + _PARAMETER + rb"(?:=" + _PARAMETER + rb")?)*)"
    rb"(?:\?(" + _HEADER + rb"=" + _HEADER + rb"(?:&" + _HEADER + rb"=" + _HEADER + rb")*))?"
)
_TEL = re.compile(
    rb"(\+?[0-9A-Fa-f*#\-.()]+)((?:;[A-Za-z0-9\-]+(?:=" + _run(_UNRESERVED + rb"\[\]/:&+$", b"+") + rb")?)*)"
)
_SCHEME = re.compile(rb"([A-Za-z][A-Za-z0-9+\-.]*):")
_OTHER = re.compile(rb"[!#-;=?-Z\[\]_a-z~]+")  # what RFC 3986 lets stand in a URI
_ESCAPE = re.compile(_HEX)


class Uri(msgspec.Struct, frozen=True):
    """A URI. `user`, `password`, parameters' values and headers are octets as they are written, escapes and all;
    None is "not there". Of a tel URI `user` is the number and `host` empty; of another scheme `user` is all that
    follows the colon."""

    scheme: str  # lower case
    user: bytes | None
    host: str  # an IPv6 address without brackets
    port: int | None = None
    params: dict[str, bytes] = {}  # name in lower case; b"" for one that has no value
    headers: tuple[tuple[bytes, bytes], ...] = ()
    password: bytes | None = None

    def to_bytes(self) -> bytes:
        """As it is written in a message."""
        out = self.scheme.encode() + b":" + (self.user or b"")
        if self.host:
            out += (b":" + self.password if self.password is not None else b"") + (
                b"@" if self.user is not None else b""
            )
            out += f"[{self.host}]".encode() if ":" in self.host else self.host.encode()
            out += f":{self.port}".encode() if self.port is not None else b""
        out += b"".join(b";" + name.encode() + (b"=" + value if value else b"") for name, value in self.params.items())
        return out + (b"?" if self.headers else b"") + b"&".join(name + b"=" + value for name, value in self.headers)


def parse_uri(text: bytes) -> Uri:
    """The URI; MalformedMessage says at which octet of `text` it is none."""
    scheme = _SCHEME.match(text)
    if scheme is None:
        raise MalformedMessage("a URI begins with a scheme and a colon")
    name, start = scheme[1].decode().lower(), scheme.end()
    if name in ("sip", "sips"):
        return _sip(name, text, start)
    if name == "tel":
        found = _TEL.match(text, start)
        _whole("tel", found, text, start)
        assert found is not None  # noqa: S101 - _whole has raised
        return Uri(name, found[1], "", params=_params(found[2], found.start(2)))
    _whole("URI", _OTHER.match(text, start), text, start)
    return Uri(name, text[start:], "")


def _sip(scheme: str, text: bytes, start: int) -> Uri:
    found = _SIP.match(text, start)
    _whole("sip", found, text, start)
    assert found is not None  # noqa: S101 - _whole has raised
    user, password, host, port, params, headers = found.groups()
    if port is not None and int(port) > 65_535:
        raise MalformedMessage("a port is at most 65535", found.start(4))
    pairs = tuple(tuple(pair.partition(b"=")[::2]) for pair in headers.split(b"&")) if headers else ()
    return Uri(
        scheme, user, host_of(host, found.start(3)), int(port) if port is not None else None,
        _params(params, found.start(5)), pairs, password,
    )  # fmt: skip


def host_of(host: bytes, at: int) -> str:
    """A host without the brackets of an IPv6 reference; `at` is for the error when that is no address."""
    text = host.decode("ascii")
    if text[0] != "[":
        return text
    try:
        return str(ipaddress.IPv6Address(text[1:-1]))
    except ValueError:
        raise MalformedMessage("is no IPv6 address", at) from None


def _whole(kind: str, found: re.Match[bytes] | None, text: bytes, start: int) -> None:
    """Error unless all of the text was matched; it lies at the first octet that was not."""
    end = found.end() if found is not None else start
    if end < len(text) or end == start:
        raise MalformedMessage(
            f"a {kind} URI has an octet that it may not have here"
            if kind != "URI"
            else "a URI has an octet that it may not have",
            end,
        )


def _params(text: bytes, at: int) -> dict[str, bytes]:
    params: dict[str, bytes] = {}
    for one in text.split(b";")[1:]:
        name, _, value = one.partition(b"=")
        key = name.decode("ascii").lower()
        if key in params:
            raise MalformedMessage(f"the URI has {key} twice", at)
        params[key] = value
    return params


def unescaped(text: bytes) -> bytes:
    """With each %XX as the octet that it stands for."""
    return _ESCAPE.sub(lambda found: bytes.fromhex(found[0][1:].decode()), text)


def same_uri(one: Uri, other: Uri) -> bool:
    """Whether two URIs are equivalent: SIP and SIPS after RFC 3261, 19.1.4, tel after RFC 3966, 5, others as written.

    Of SIP: scheme, user, password, host and port must be alike, and a port that is written is not one that is left
    out; user and password heed case, all else does not; a parameter that both have must be alike, and user, ttl,
    method, maddr and transport may not stand in one alone; headers are the same, in any order.
    """
    if one.scheme != other.scheme:
        return False
    if one.scheme == "tel":
        return _number(one) == _number(other) and _folded(one.params) == _folded(other.params)
    if not one.host:
        return one.user == other.user
    if (_plain(one.user), _plain(one.password), one.host.lower(), one.port) != (
        _plain(other.user), _plain(other.password), other.host.lower(), other.port
    ):  # fmt: skip
        return False
    mine, theirs = _folded(one.params), _folded(other.params)
    both = mine.keys() & theirs.keys()
    alone = mine.keys() ^ theirs.keys()
    if alone & _NEVER_ALONE or any(mine[name] != theirs[name] for name in both):
        return False
    return _headers(one) == _headers(other)


_NEVER_ALONE = {"user", "ttl", "method", "maddr", "transport"}
_SEPARATORS = re.compile(rb"[-.()]")


def _plain(text: bytes | None) -> bytes | None:
    return None if text is None else unescaped(text)


def _folded(params: dict[str, bytes]) -> dict[str, bytes]:
    return {name: unescaped(value).lower() for name, value in params.items()}


def _headers(uri: Uri) -> list[tuple[bytes, bytes]]:
    return sorted((unescaped(name).lower(), unescaped(value)) for name, value in uri.headers)


def _number(uri: Uri) -> bytes:
    return _SEPARATORS.sub(b"", uri.user or b"").lower()
