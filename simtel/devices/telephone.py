"""The telephone of a seat with its line and its port: what ails it, and what it does meanwhile by itself.

What the agent makes of it stands in `seat`, what each ailment hinders in `port`. Here, whoever uses the set:

 1. A line that is off-hook without a call gets dial tone, then howler, then lock-out, until it is on-hook.
 2. A hang-up that the board does not see leaves the call open, and its far end hears nothing. It is told when the line
    is on-hook again, unless the far end has ended the call by then.
 3. Ringing that lifting does not trip goes on in the talk, ring by ring, and drowns it.
 4. A loop that opens in a talk is a hang-up: to a board when it lasts its debounce, with another set at once.
 5. Noise is told when it is over, with its length. Talks that ended noisy are counted until the port is mended.
"""

from simtel.core.clock import Ns
from simtel.core.events import Kind
from simtel.core.machine import Out
from simtel.core.timers import Key
from simtel.devices.messages.physics import Drowned
from simtel.devices.port import HINDERS, Ail, PortTimes

GROUND = "site"


class Telephone:
    """One set. It shares the timers of its seat, which hands back those of "open loop", "ring burst" and "line"."""

    def __init__(self, element: str, out: Out, times: PortTimes | None) -> None:
        """`times`: of the board on which it hangs; None for a set of its own."""
        self._element = element
        self._out = out
        self._times = times
        self.ails: set[Ail] = set()
        self.left_open = ""  # a call whose hang-up the board did not see
        self._port = ""  # of the board, as evidence names it
        self._drowned = False
        self._off_hook = False  # told of the port
        self.neighbour = ""  # the seat at which this port rings, when lines are crossed
        self.noisy_talks = 0
        self._noisy_since: int | None = None

    def lacks(self, what: str) -> bool:
        """Whether an ailment hinders this."""
        return any(what in HINDERS[ail] for ail in self.ails)

    def ails_with(self, ail: Ail, port: str, neighbour: str = "") -> None:
        """An ailment begins, at this port of a board; its line may be crossed with that of a neighbour."""
        self.ails.add(ail)
        self._port = port
        self.neighbour = neighbour or self.neighbour

    def mended(self, ail: Ail) -> str:
        """An ailment is over; returns the call whose hang-up the board sees only now, if there is one."""
        self.ails.discard(ail)
        if ail is Ail.NO_TRIP:
            self.stop_ringing()
        elif ail is Ail.NOISY:
            self.noisy_talks = 0
        return self._on_hook() if ail is Ail.OFF_HOOK else ""

    def call_ends(self, call: str, here: bool, now: Ns) -> None:
        """The agent's call is over; `here`: he had it on this set."""
        self.stop_ringing()
        self.noisy_talks += self.noise_ends(call, now)
        self._out.timers.cancel(("open loop",))
        if here and Ail.OFF_HOOK in self.ails and not self.left_open:
            self.without_call(now)

    # --- the loop

    def opens(self, now: Ns) -> bool:
        """The loop opens in a talk. Whether a board watches it, which waits whether it stays so."""
        if self._times is None:
            return False
        self._out.timers.set(("open loop",), now + self._times.hook_debounce)
        return True

    def leave_open(self, call: str) -> None:
        """Rule 2."""
        self.left_open = call
        self._drown(True)

    def without_call(self, now: Ns) -> None:
        """Rule 1."""
        self._close_left_open()
        if self._times is not None and not self._off_hook:
            self._off_hook = True
            self._say("off-hook")
            self._out.timers.set(("line", "howler"), now + self._times.dial_tone)

    def on_line_timer(self, key: Key, now: Ns) -> None:
        """Dial tone or howler has lasted its time."""
        self._say(key[1])
        if key[1] == "howler" and self._times is not None:
            self._out.timers.set(("line", "locked-out"), now + self._times.howler)

    def _on_hook(self) -> str:
        call = self.left_open
        self._close_left_open()
        self._out.timers.cancel_all((("line", "howler"), ("line", "locked-out")))
        if self._off_hook:
            self._off_hook = False
            self._say("in-service")
        return call

    def _close_left_open(self) -> None:
        if self.left_open:
            self.left_open = ""
            self._drown(False)

    def _say(self, state: str) -> None:
        self._out.emit(Kind.PORT_STATE, None, self._port, state=state)

    # --- noise

    def noise_begins(self, now: Ns) -> None:
        """He talks, and hears noise."""
        if self._noisy_since is None:
            self._noisy_since = now

    def noise_ends(self, call: str, now: Ns) -> bool:
        """He hears no noise any more in this call; says whether he heard any."""
        since, self._noisy_since = self._noisy_since, None
        if since is None:
            return False
        self._out.emit(Kind.MEDIA_NOISY, call, end="seat", length=now - since)
        return True

    # --- ringing

    def rings_on(self, now: Ns) -> None:
        """Lifting did not trip the ringing: the next ring comes after the pause."""
        if self._times is not None:
            self._out.timers.set(("ring burst",), now + self._times.ring_pause)

    def burst(self, drowns: bool, now: Ns) -> None:
        """A ring begins or ends; `drowns`: in a talk."""
        if not drowns or self._times is None:
            self.stop_ringing()
            return
        self._drowned = not self._drowned
        self._drown(self._drowned)
        self._out.timers.set(
            ("ring burst",), now + (self._times.ring_length if self._drowned else self._times.ring_pause)
        )

    def stop_ringing(self) -> None:
        """No ring any more."""
        self._out.timers.cancel(("ring burst",))
        if self._drowned:
            self._drowned = False
            self._drown(False)

    def _drown(self, on: bool) -> None:
        self._out.send(GROUND, Drowned(self._element, on))
