"""What one end of a call hears, from the RTP packets that go to it.

1. A silence is the time between two packets that carry a stream on, from the answer on. Packets that come twice or
   late carry nothing on. One longer than `silence` is an interruption.
2. After a packet of comfort noise the talker is silent and says so: what follows until the next packet is no silence
   of the line. Nor is what ends with a packet that begins a talkspurt and is the next in sequence: nothing was sent.
3. While a party holds the call, nobody expects sound.
4. An end to which no packet was ever seen to go tells nothing: it may have been served by a way past the capture.
"""

from simtel.core.events import Kind
from simtel.protocols.rtp import Reception, Rtp
from simtel.target.recorded.notes import Notes


class Ear:
    """One end of one call. Times in nanoseconds."""

    def __init__(self, notes: Notes, silence: int, call: str, subject: str) -> None:
        self._notes, self._silence, self._call, self._subject = notes, silence, call, subject
        self.reception = Reception()
        self.since: int | None = None  # the answer
        self._last = 0
        self._longest = 0
        self._quiet = False  # comfort noise, or held: no packet is due
        self.held = False

    def answered(self, t: int) -> None:
        """From now on there is something to hear."""
        self.since = self._last = t

    def packet(self, t: int, rtp: Rtp) -> None:
        """A packet went to this end."""
        self._quiet = self._quiet or self.reception.talkspurt(rtp)
        if not self.reception.take(rtp):
            return
        if self.since is not None and t >= self.since and not self.held:
            self._pause(t, ended=True)
            self._last = t
        self._quiet = rtp.comfort

    def hold(self, t: int, held: bool) -> None:
        """The call is held, or taken up again."""
        if held and not self.held:
            self._pause(t, ended=True)
        self._last = max(self._last, t)
        self.held = held

    def silent(self, t: int) -> int:
        """For how long this end has heard nothing."""
        lasting = t - self._last
        still = self.since is not None and self.known and not self._quiet and not self.held
        return lasting if still and lasting > self._silence else 0

    def end(self, t: int) -> dict[str, int]:
        """Longest silence and silence at the end; empty when this end tells nothing."""
        if self.since is None or not self.known:
            return {}
        silent = self.silent(t)
        if silent:
            self._pause(t, ended=False)
        return {"gap": self._longest, "silent": silent}

    @property
    def known(self) -> bool:
        """Whether any packet was seen to go to this end."""
        return self.reception.new > 0

    @property
    def _side(self) -> str:
        return "seat" if self._subject.startswith("seat.") else "public"

    def _pause(self, t: int, ended: bool) -> None:
        gap = t - self._last
        if self._quiet:
            return
        self._longest = max(self._longest, gap)
        if gap > self._silence:
            self._notes.add(self._last, Kind.MEDIA_INTERRUPTED, self._subject, self._call, end=self._side)
            if ended:
                self._notes.add(t, Kind.MEDIA_RESUMED, self._subject, self._call, end=self._side, gap=gap)
