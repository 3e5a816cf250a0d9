"""Whom `simtel load` and `simtel call` may call, where `simtel emulate` answers, and how options of theirs are read."""

from typing import NamedTuple

import rich_click as click

from simtel.cli.speech import say, say_message
from simtel.core.i18n import said_by
from simtel.core.quantity import Unit
from simtel.core.units import parse

LONGEST = 24 * 3600 * 10**9  # a call is held for a day at most
FASTEST = 100_000.0


class Called(NamedTuple):
    """A SIP URI, and where it leads."""

    uri: str
    host: str
    port: int


class Place(NamedTuple):
    """An address of this machine and a UDP port."""

    host: str
    port: int


def place(_context: click.Context, _option: click.Parameter, word: str) -> Place:
    """`127.0.0.10:5060`; port 0 is any free one."""
    from simtel.wire.reactor import loopback  # noqa: PLC0415

    host, _, port = word.partition(":")
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and int(port) <= 65_535):
        raise click.BadParameter(say("write an address and a port, such as 127.0.0.10:5060"))
    try:
        return Place(loopback(host), int(port))
    except ValueError:
        raise click.BadParameter(say("only addresses in 127.0.0.0/8 are used")) from None


def called(_context: click.Context, _option: click.Parameter, word: str) -> Called:
    """`sip:1000@127.0.0.1:5070`: an address of this machine, for nobody else is called unasked."""
    from simtel.protocols.sip import MalformedMessage, parse_uri  # noqa: PLC0415  (only for these commands)
    from simtel.wire.reactor import loopback  # noqa: PLC0415

    try:
        uri = parse_uri(word.encode())
        if uri.scheme != "sip" or uri.headers or uri.user is None:
            raise click.BadParameter(say("write whom to call as sip:NUMBER@127.x.y.z:PORT"))
        return Called(word, loopback(uri.host), 5060 if uri.port is None else uri.port)
    except MalformedMessage as wrong:
        raise click.BadParameter(say("octet {at} of it is wrong: {why}", at=wrong.offset, why=wrong.reason)) from None
    except ValueError:
        raise click.BadParameter(say("only addresses in 127.0.0.0/8 are called")) from None


def duration(_context: click.Context, _option: click.Parameter, word: str) -> int:
    """Nanoseconds, a day at most."""
    try:
        time = int(parse(word, Unit.TIME))
    except ValueError as error:
        raise click.BadParameter(say_message(said_by(error))) from None
    if time > LONGEST:
        raise click.BadParameter(say("a call is held for 24 h at most"))
    return time


def rate(_context: click.Context, _option: click.Parameter, word: str) -> float:
    """Calls a second."""
    try:
        found = float(parse(word, Unit.RATE))
    except ValueError as error:
        raise click.BadParameter(say_message(said_by(error))) from None
    if not 0 < found <= FASTEST:
        raise click.BadParameter(say("a rate is above 0 and at most 100000/s"))
    return found
