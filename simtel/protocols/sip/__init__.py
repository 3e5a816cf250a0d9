"""SIP without sockets and clocks: messages (RFC 3261), what their headers and bodies say, and how a stream is cut."""

from simtel.protocols.sip.errors import MalformedMessage
from simtel.protocols.sip.message import Message, Request, Response, parse_message
from simtel.protocols.sip.uri import Uri, parse_uri
from simtel.protocols.sip.values import NameAddr, Via, parse_name_addr, parse_via

__all__ = [
    "MalformedMessage",
    "Message",
    "NameAddr",
    "Request",
    "Response",
    "Uri",
    "Via",
    "parse_message",
    "parse_name_addr",
    "parse_uri",
    "parse_via",
]
