"""The media plane: by which hops the speech of each call passes, and whether it gets through.

This is physics, not a device: a call can be heard when every pair of neighbouring hops can reach each other. Devices
tell the plane where they send speech; when anything breaks or heals, the plane tells both ends of the calls whose
sound came or went (`Sound`). On a target with real RTP the packets do this; in virtual time the plane does.
"""

from collections.abc import Callable

from simtel.devices.messages.physics import Hushed, Sound

PUBLIC = "exchange"  # the public end of every call
GONE = "gone"  # a hop that nothing reaches


class MediaPlane:
    """Speech paths of all calls."""

    def __init__(self, reaches: Callable[[str, str], bool], tell: Callable[[str, object], None]) -> None:
        """`reaches(a, b)`: whether packets or samples pass between neighbours; `tell(device, message)` at once."""
        self._reaches = reaches
        self._tell = tell
        self._hops: dict[str, tuple[str, ...]] = {}
        self._silent: set[str] = set()
        self.whole = True  # nothing is broken: every path works

    def connect(self, call: str, hops: tuple[str, ...]) -> None:
        """Speech of `call` passes by `hops`, public side first, from now on."""
        before = self._hops.get(call)
        self._hops[call] = hops
        if before is not None and before[-1] != hops[-1] and before[-1].startswith("seat."):
            seat = before[-1].partition("/")[0]
            if not hops[-1].startswith(f"{seat}/"):
                self._tell(seat, Hushed(call))  # led away from a seat that may know nothing of it
        if self.whole and call not in self._silent:
            return
        self._review(call)
        if call in self._silent and (before is None or before[-1] != hops[-1]):
            self._tell_ends(call, hops, False)

    def disconnect(self, call: str) -> None:
        """The call is over at the device that sends its speech to the public side."""
        hops = self._hops.pop(call, None)
        self._silent.discard(call)
        if hops is not None and hops[-1].startswith("seat."):
            self._tell(hops[-1].partition("/")[0], Hushed(call))

    def flows(self, call: str) -> bool:
        """Whether the two ends of the call hear each other."""
        return call in self._hops and call not in self._silent

    def changed(self, whole: bool) -> None:
        """Something broke or healed."""
        self.whole = whole
        for call in list(self._hops):
            self._review(call)

    def calls(self) -> int:
        """How many calls have a path."""
        return len(self._hops)

    def lost(self, device: str) -> None:
        """`device` stopped: what passed through it stays silent until it is sent another way, also when it returns."""
        for call, hops in list(self._hops.items()):
            if device not in hops:
                continue
            if call not in self._silent:
                self._silent.add(call)
                self._tell_ends(call, hops, False)
            if hops[1] == device:
                del self._hops[call]
                self._silent.discard(call)
            else:
                self._hops[call] = tuple(GONE if hop == device else hop for hop in hops)

    def _review(self, call: str) -> None:
        hops = self._hops[call]
        heard = all(map(self._reaches, hops, hops[1:]))
        if heard == (call not in self._silent):
            return
        if heard:
            self._silent.discard(call)
        else:
            self._silent.add(call)
        self._tell_ends(call, hops, heard)

    def _tell_ends(self, call: str, hops: tuple[str, ...], heard: bool) -> None:
        message = Sound(call, heard)
        if len(hops) > 1:
            self._tell(PUBLIC, message)
        end = hops[-1]
        if end.startswith("seat."):
            self._tell(end.partition("/")[0], message)
