"""Messages that several tests of this room begin with."""

INVITE = (
    b"INVITE sip:1000@127.0.0.1:5070 SIP/2.0\r\n"
    b"Via: SIP/2.0/UDP 127.0.0.1:5061;branch=z9hG4bK-1\r\n"
    b"From: <sip:2001@127.0.0.1:5061>;tag=a1\r\n"
    b"To: <sip:1000@127.0.0.1:5070>\r\n"
    b"Call-ID: one@127.0.0.1\r\n"
    b"CSeq: 1 INVITE\r\n"
    b"Contact: <sip:2001@127.0.0.1:5061>\r\n"
    b"Max-Forwards: 70\r\n"
    b"Content-Type: application/sdp\r\n"
    b"Content-Length: 3\r\n"
    b"\r\n"
    b"v=0"
)


def with_header(name: bytes, value: bytes | None, message: bytes = INVITE) -> bytes:
    """The message with another value of a header, with one more, or without it."""
    lines = message.split(b"\r\n")
    line = [] if value is None else [name + b": " + value]
    for at, old in enumerate(lines):
        if old.startswith(name + b": "):
            return b"\r\n".join(lines[:at] + line + lines[at + 1 :])
    return b"\r\n".join(lines[:1] + line + lines[1:])


def with_start(line: bytes, message: bytes = INVITE) -> bytes:
    """The message with another start line."""
    return line + message[message.index(b"\r\n") :]
