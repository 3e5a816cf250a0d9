"""What became of the calls of a capture, and which is the worst: by Call-ID, from the messages alone.

Two legs of one call through a B2BUA have two Call-IDs and are two calls here. The worst is a call with a malformed
message, then one that nobody answered, then by how it was refused (6xx, 5xx, 4xx), then by how often something was sent
again; other dialogues (registrations, OPTIONS) are only looked at where there is no call.
"""

from collections.abc import Iterable

from simtel.core.clock import show_duration
from simtel.core.i18n import Message
from simtel.protocols.sip.reasons import REASONS
from simtel.wire.sip_capture import Heard

MOST_REMEMBERED = 256  # messages of a call of which it is known whether they come again
_CANCELLED = 487  # RFC 3261, 15.1.2: no failure, somebody gave up


class SipCall:
    """One Call-ID: how many messages, how many of them malformed or sent again, and how it ended."""

    def __init__(self, first: Heard) -> None:
        self.call_id = first.sip.call_id
        self.method = first.sip.method
        self.begun = self.over = first.t
        self.count = self.wrong = self.again = 0
        self.final = 0  # of the first method; 0 while there is none
        self._seen: set[tuple[object, ...]] = set()

    def hear(self, heard: Heard) -> bool:
        """Take one more message of the call; whether it is one that was sent before."""
        sip = heard.sip
        self.over = heard.t
        self.count += 1
        self.wrong += bool(heard.wrong)
        if sip.method == self.method and sip.status >= 200:
            self.final = sip.status
        mark = (
            heard.source,
            heard.from_port,
            heard.target,
            heard.to_port,
            sip.method,
            sip.status,
            sip.cseq,
            sip.branch,
        )
        again = mark in self._seen
        self.again += again
        if len(self._seen) < MOST_REMEMBERED:
            self._seen.add(mark)
        return again

    @property
    def how(self) -> str:
        """How it ended, in words."""
        if not self.final:
            return Message("{method} without a final answer", method=self.method)
        return f"{self.final} {REASONS.get(self.final, '')}".rstrip()

    @property
    def badness(self) -> tuple[int, ...]:
        """The larger, the worse."""
        refused = self.final if self.final >= 400 and self.final != _CANCELLED else 0
        return (self.method == "INVITE", bool(self.wrong), 999 if not self.final else refused // 100, self.again)

    @property
    def said(self) -> str:
        """The call in one line."""
        return Message(
            "{method}, {count} messages in {lasted}: {how}; {again} sent again, {wrong} malformed",
            method=self.method, count=self.count, lasted=show_duration(self.over - self.begun), how=self.how,
            again=self.again, wrong=self.wrong,
        )  # fmt: skip


def sip_calls(messages: Iterable[Heard]) -> dict[str, SipCall]:
    """Call-ID -> call, in the order of their first messages."""
    found: dict[str, SipCall] = {}
    for heard in messages:
        call_id = heard.sip.call_id
        if call_id not in found:
            found[call_id] = SipCall(heard)
        found[call_id].hear(heard)
    return found


def worst_sip_call(calls: Iterable[SipCall]) -> SipCall:
    """Of several that are as bad the first. ValueError for none."""
    return max(calls, key=lambda call: call.badness)
