"""The ground on which a site stands: cables, power, boxes, and what a fault does to them.

A fault is applied here and becomes what devices feel: a stopped device, a line without signal, a dead part of a seat,
silence on a call. How units stop, start and lose their cable or power, `elements` says; what befalls boards and the
lines on them, `boards`; clocks of an E1, `clocks`; and which cables a person moves, `spare`.

What each fault does beyond a plain crash of the same unit:

    hang              the server's heartbeat goes on and nothing takes over; speech through it goes on as well
    link-down         the unit runs on and keeps its calls and its direct heartbeat cable; nobody reaches it
    heartbeat-lost    nothing stops, but each server believes the other dead
    replication-lost  nothing stops; what the standby learned before stays, later changes are missing
    replication-late  changes arrive later by `delay`; those under way when the sender dies are lost
    latent            the standby is dead and nobody is told; the next standby test finds it and it is started again
    span-cut          the gateway runs on; calls live as long as the line supervision lets them
    span-deaf         as span-cut, but the exchange sees RAI, and is warned sooner, as the debounce is shorter; one
                      direction of speech is left, and who gets no answer counts as hearing nothing
    span-mute         the same with the ends exchanged
    span-ais          as span-cut, but both ends see AIS: another carrier is to blame; a cut behind it turns it into LOS
    span-lof          as span-cut, but both ends see LOF
    span-ts16         speech passes. On a D-channel no alarm is raised: layer 2 finds it dead, and answered calls go on
                      until T309; with channel-associated signalling all calls end with the alarm, as nobody could say
                      that they do
    clock-two-masters  nothing stops; both ends slip a frame whenever their clocks, taken as off in opposite directions,
                      have come apart by one: a click in each call, and a message of the D-channel sent again
    clock-two-slaves  the same at the exchange alone, whose fabric keeps the network's time; nobody holds the clock of
                      the E1, which we take to stand at the end of the range that receivers follow
    release-unanswered  nothing stops; each call leaves its timeslot busy at the end that released it
    restart-unanswered  nothing stops; a timeslot that is stuck does not come back by RESTART, nor by the end of the
                      fault that made it so, but when somebody sees to it; who is switched on meanwhile has no timeslot
                      of that E1 at all
    port-dead         one seat of the board
    console-crash     the console of a seat; its phone goes on
    headset-lost      the phone or headset of a seat; its console goes on
    headset-unplugged  the telephone works and rings; as its make is, the talk goes on unheard or is hung up
    no-dial-tone      the port stays registered, and only dialling fails
    no-loop-current   the board takes the open loop for a hang-up, and nobody is told that the port is dead
    stuck-off-hook    the talk goes on till its far end ends it; then howler, lock-out and a seat that is busy for good
    stuck-on-hook     as no-loop-current, but the telephone is not silent
    ring-no-trip      nothing stops; each ring drowns the talks that are answered from then on
    codec-noise       no call is lost and nobody is told: the agent goes over when a second talk was noisy as well
    lines-crossed     the talks on both lines are hung up; from then on calls ring at the neighbour's desk
    dsp-dead          the ports of one group stay registered and ring, but nobody hears anything
    ring-dead         nothing on the board rings; talks go on
    watchdog-reset    the board starts again by itself, without waiting for the fault to be undone
    bus-lost          as the telephones keep their current, no agent is told; it needs no boot
    board-swap        where boards cannot be changed in service, all of them stop meanwhile
    board-unseated    as watchdog-reset, again and again: it starts when it has contact, and may never come so far
    power-lost        everything that hangs on that feed alone, together
    heartbeat-one-way  nothing stops; the peer believes the server dead, which hears its peer all the time
    link-flap         as link-down, again and again: what was repeated in time gets through
    stall             as a crash to all others; then the server goes on with what it knew, and believes itself active
    address-stale     nothing stops; after a take-over the service address leads to the old server for `delay` more
    switchover        nothing stops; all that the server knew goes over before its peer serves
    added             nothing stops; what is added is not there before, and the server that serves alone hears of it
    licences-added    nothing stops; agents who found no licence are asked to log in again
    slow              nothing stops and nothing takes over, unless the heartbeat shares the processor; a restart does
                      not help, for what makes it slow is still there
    clock-ahead       nothing stops; what is measured with the clock of the day is suddenly `by` older
    clock-back        nothing stops; what is measured with it is suddenly younger, and lasts so much longer
    disk-full         nothing stops; what would be written is lost or waits, and a restart does not make room

Faults overlap: a unit works again when the last of its troubles is over. The same fault struck twice is one fault, and
is over when both are undone.
"""

from collections import Counter

from simtel.core.clock import Ns
from simtel.core.faults import FaultKind
from simtel.core.timers import Key, Timers
from simtel.devices.alarms import AIS, LOF, LOS, T16AIS
from simtel.devices.boards import AILS, Boards
from simtel.devices.clocks import Clocks
from simtel.devices.elements import Elements, Host
from simtel.devices.messages.operation import Configure, HandOver, TryAgain
from simtel.devices.messages.physics import (
    ClockSet,
    DiskFull,
    Drowned,
    Hang,
    Slow,
    Stall,
    Unacknowledged,
    Unanswered,
)
from simtel.devices.plane import PUBLIC, MediaPlane
from simtel.devices.spare import SpareCables
from simtel.devices.wiring import IN, OUT, Wiring
from simtel.protocols.election import Claim, Fence

# Of no server alone: both feel them.
BETWEEN_SERVERS = (
    FaultKind.HEARTBEAT_LOST, FaultKind.REPLICATION_LOST, FaultKind.REPLICATION_LATE, FaultKind.ADDRESS_STALE,
)  # fmt: skip
# Struck again while it lasts: the server may have begun anew meanwhile, or serve again.
REPEATED = (FaultKind.HANG, FaultKind.STALL, FaultKind.SWITCHOVER)
# Fault of an E1 -> the directions that it spoils, and what the receiver at their end sees.
SPOILS: dict[FaultKind, tuple[tuple[str, ...], str]] = {
    FaultKind.SPAN_DEAF: ((IN,), LOS),
    FaultKind.SPAN_MUTE: ((OUT,), LOS),
    FaultKind.SPAN_AIS: ((IN, OUT), AIS),
    FaultKind.SPAN_LOF: ((IN, OUT), LOF),
    FaultKind.SPAN_TS16: ((IN, OUT), T16AIS),
}


class Ground(Elements):
    """Applies faults; itself a machine, for what takes time: boots, fencing, moved cables, standby tests."""

    def __init__(self, wiring: Wiring, plane: MediaPlane, host: Host, timers: Timers) -> None:
        super().__init__(wiring, plane, host, timers)
        self.boards = Boards(self, wiring, host)
        self.clocks = Clocks(wiring, host, timers)
        self.cables = SpareCables(wiring, host)
        self.servers: tuple[str, ...] = ()
        self.moving_address = True
        self.test_interval = 0
        self._struck: Counter[tuple[FaultKind, str, int | None]] = Counter()
        self._fenced: set[str] = set()
        # Fault and unit -> half a period, and whether its link, or the contact of the board, is lost now.
        self._flapping: dict[tuple[FaultKind, str], tuple[int, bool]] = {}
        self._stale: int | None = None  # how late the LAN learns of a claim
        self._claimed = ""  # who claimed the address, and the LAN does not know it yet
        self._clocks: dict[tuple[FaultKind, str], int] = {}  # (fault, server) -> how far its clock was set ahead
        self._lasting: dict[tuple[FaultKind, str], object] = {}  # what a server feels again when it starts anew
        self._over = False

    # --- machine

    def receive(self, message: object, now: Ns) -> None:
        """What servers ask of the ground: the service address, and power off for a peer."""
        if isinstance(message, Claim):
            if self.moving_address or not self._wiring.holder:
                self._claim(message.server, now)
            self._settle()
        elif isinstance(message, Fence):
            if self._wiring.alive(message.server):
                self._crash(message.server)
                if self._over:
                    self._boot_later(message.server, now)
                else:
                    self._fenced.add(message.server)
                self._settle()
        elif isinstance(message, Drowned):
            self._wiring.mute(message.element, message.on)
            self._settle()
        else:
            raise TypeError(f"the ground cannot handle {message!r}")

    def on_timer(self, key: Key, now: Ns) -> None:
        """A boot, a standby test, moved cables, a slip."""
        if key[0] == "slip":  # changes nothing of what is whole and what is not
            self.clocks.slip(key[1], key[2], now)
            return
        match key[0]:
            case "boot":
                self.booting -= 1
                up = [device for device in key[1] if self._wiring.heal(device)]
                self._settle()
                for device in up:
                    if device in self.hosted:
                        self._host.start(device, now)
                        for message in [m for (_, server), m in self._lasting.items() if server == device]:
                            self._host.tell(device, message)
            case "test":
                self._boot_later(key[1], now)
            case "cables":
                self.cables.move()
            case "forward":
                self._wiring.cut(key[1], key[2], True)
            case "flap":
                self._flap(key[1], key[2], now)
            case "claim":
                self._wiring.holder, self._claimed = self._claimed, ""
        self._settle()

    # --- faults

    def strike(self, kind: FaultKind, subject: str, unit: int | None, amount: int, now: Ns) -> None:
        """Apply a fault to an element; `amount` is the figure that some kinds need: a delay, a period."""
        wiring = self._wiring
        same = self._same(kind, subject, unit)
        self._struck[same] += 1
        if self._struck[same] > 1 and kind not in REPEATED:
            return
        match kind:
            case FaultKind.CRASH:
                self._crash(subject)
                if self.cables.move_time is not None and self.cables.wanted(self._box(subject)):
                    self.timers.set(("cables",), now + self.cables.move_time)
            case FaultKind.LATENT:
                self._crash(subject)
                interval = self.test_interval
                self.timers.set(("test", subject), (now // interval + 1) * interval)
            case FaultKind.HANG:
                self._host.tell(subject, Hang(True))
            case FaultKind.LINK_DOWN:
                self.link(subject, False)
            case FaultKind.HEARTBEAT_LOST:
                wiring.heartbeat = False
            case FaultKind.REPLICATION_LOST:
                wiring.replication = False
            case FaultKind.REPLICATION_LATE:
                wiring.replication_delay = amount
            case FaultKind.SPAN_CUT:
                wiring.kill(subject)
            case _ if kind in SPOILS:
                wiring.spoil(subject, *SPOILS[kind], True)
            case FaultKind.CLOCK_TWO_MASTERS | FaultKind.CLOCK_TWO_SLAVES:
                self.clocks.begin(kind, subject, now)
            case FaultKind.RELEASE_UNANSWERED:
                self._leave(wiring.unanswered, Unanswered(subject, True))
            case FaultKind.RESTART_UNANSWERED:
                self._leave(wiring.unacknowledged, Unacknowledged(subject, True))
            case FaultKind.PORT_DEAD:
                self.boards.port(subject, unit, False)
            case FaultKind.CONSOLE_CRASH:
                wiring.kill(f"{subject}/console")
            case FaultKind.HEADSET_LOST:
                wiring.kill(f"{subject}/phone")
            case FaultKind.POWER_LOST:
                self._power(subject, False, now)
            case FaultKind.HEARTBEAT_ONE_WAY:
                wiring.unheard.add(subject)
            case FaultKind.LINK_FLAP | FaultKind.BOARD_UNSEATED:
                self._flapping[kind, subject] = amount // 2, False
                self._flap(kind, subject, now)
            case FaultKind.STALL:
                self._host.tell(subject, Stall(True))
            case FaultKind.ADDRESS_STALE:
                self._stale = amount
            case FaultKind.SWITCHOVER:
                self._host.tell(subject, HandOver())
            case FaultKind.ADDED:
                self._boot_later(subject, now)
                self._enter(self.seats_of(subject), 0)
            case FaultKind.LICENCES_ADDED:
                self._enter((), amount)
            case FaultKind.SLOW:
                self._feel(kind, subject, Slow(amount), True)
            case FaultKind.DISK_FULL:
                self._feel(kind, subject, DiskFull(True), True)
            case FaultKind.CLOCK_AHEAD | FaultKind.CLOCK_BACK:
                by = self._clocks[kind, subject] = amount if kind is FaultKind.CLOCK_AHEAD else -amount
                self._set_clock(subject, by)
            case FaultKind.WATCHDOG_RESET:
                self._crash(subject)
                self._boot_later(subject, now)
            case FaultKind.BOARD_SWAP:
                for board in self.boards.swapped(subject):
                    self._stop(board)
            case FaultKind.HEADSET_UNPLUGGED:
                self.boards.unplug(subject, True)
            case _:
                self.boards.ail(AILS[kind], subject, unit, True)
        self._settle()

    def undo(self, kind: FaultKind, subject: str, unit: int | None, now: Ns) -> None:
        """Undo a fault; what stopped starts again and needs its boot time."""
        wiring = self._wiring
        same = self._same(kind, subject, unit)
        self._struck[same] -= 1
        if self._struck[same] > 0:
            return
        match kind:
            case FaultKind.CRASH:
                self._boot_later(subject, now)
            case FaultKind.LATENT:
                if self.timers.cancel(("test", subject)):
                    self._boot_later(subject, now)
            case FaultKind.HANG:
                if wiring.alive(subject):
                    self._host.tell(subject, Hang(False))
            case FaultKind.LINK_DOWN:
                self._plug(subject, now)
            case FaultKind.HEARTBEAT_LOST:
                wiring.heartbeat = True
            case FaultKind.REPLICATION_LOST:
                wiring.replication = True
            case FaultKind.REPLICATION_LATE:
                wiring.replication_delay = 0
            case FaultKind.SPAN_CUT:
                wiring.heal(subject)
            case _ if kind in SPOILS:
                wiring.spoil(subject, *SPOILS[kind], False)
            case FaultKind.CLOCK_TWO_MASTERS | FaultKind.CLOCK_TWO_SLAVES:
                self.clocks.end(kind, subject)
            case FaultKind.RELEASE_UNANSWERED:
                self._leave(wiring.unanswered, Unanswered(subject, False))
            case FaultKind.RESTART_UNANSWERED:
                self._leave(wiring.unacknowledged, Unacknowledged(subject, False))
            case FaultKind.PORT_DEAD:
                self.boards.port(subject, unit, True)
            case FaultKind.CONSOLE_CRASH:
                wiring.heal(f"{subject}/console")
            case FaultKind.HEADSET_LOST:
                wiring.heal(f"{subject}/phone")
            case FaultKind.POWER_LOST:
                self._power(subject, True, now)
            case FaultKind.HEARTBEAT_ONE_WAY:
                wiring.unheard.discard(subject)
            case FaultKind.LINK_FLAP | FaultKind.BOARD_UNSEATED:
                self.timers.cancel(("flap", kind, subject))
                if self._flapping.pop((kind, subject))[1]:
                    self._contact(kind, subject, True, now)
            case FaultKind.STALL:
                if wiring.alive(subject):
                    self._host.tell(subject, Stall(False))
            case FaultKind.ADDRESS_STALE:
                self._stale = None
                if self.timers.cancel(("claim",)):
                    wiring.holder, self._claimed = self._claimed, ""
            case FaultKind.SWITCHOVER | FaultKind.ADDED | FaultKind.LICENCES_ADDED:
                pass  # it is done
            case FaultKind.SLOW:
                self._feel(kind, subject, Slow(1), False)
            case FaultKind.DISK_FULL:
                self._feel(kind, subject, DiskFull(False), False)
            case FaultKind.CLOCK_AHEAD | FaultKind.CLOCK_BACK:
                by = self._clocks.pop((kind, subject))
                if by < 0 or not self.hurried:  # at the end nobody makes others wait for what is not due any more
                    self._set_clock(subject, -by)
            case FaultKind.WATCHDOG_RESET:
                pass  # it has started again by itself
            case FaultKind.BOARD_SWAP:
                self._boot(self.boards.swapped(subject), now)
            case FaultKind.HEADSET_UNPLUGGED:
                self.boards.unplug(subject, False)
            case _:
                self.boards.ail(AILS[kind], subject, unit, False)
        self._settle()

    def restart_fenced(self, now: Ns) -> None:
        """At the end of a run: start again what a peer had switched off."""
        self._over = True  # who is switched off from now on is switched on again at once
        for device in sorted(self._fenced):
            self._boot_later(device, now)
        self._fenced.clear()

    def leave_out(self, subject: str) -> None:
        """At the beginning: what is to be added is not there yet."""
        self._crash(subject)
        self._settle()

    def seats_of(self, subject: str) -> tuple[str, ...]:
        """The seat, or those that hang on the board."""
        return self.boards.seats(subject) or (subject,)

    # --- how

    def _enter(self, seats: tuple[str, ...], licences: int) -> None:
        for server in self.servers:
            self._host.tell(server, Configure(seats, licences))
        for seat in dict.fromkeys(seat for seat, _ in self.parts.values()):
            self._host.tell(seat, TryAgain())

    def _feel(self, kind: FaultKind, server: str, message: object, lasts: bool) -> None:
        """A server feels what a restart does not help against."""
        if lasts:
            self._lasting[kind, server] = message
        else:
            del self._lasting[kind, server]
        if self._wiring.alive(server):
            self._host.tell(server, message)

    def _set_clock(self, server: str, by: int) -> None:
        if self._wiring.alive(server):
            self._host.tell(server, ClockSet(by))

    def _same(self, kind: FaultKind, subject: str, unit: int | None) -> tuple[FaultKind, str, int | None]:
        """By what two strikes are known to be the same fault; the paths between the servers belong to both."""
        return kind, "" if kind in BETWEEN_SERVERS else subject, unit

    def _leave(self, undone: set[str], message: Unanswered | Unacknowledged) -> None:
        """Both ends of a span leave something undone, or do it again."""
        (undone.add if message.on else undone.discard)(message.span)
        for end in (PUBLIC, self._wiring.spans()[message.span]):
            self._host.tell(end, message)

    def _flap(self, kind: FaultKind, subject: str, now: Ns) -> None:
        half, down = self._flapping[kind, subject]
        self._contact(kind, subject, down, now)
        self._flapping[kind, subject] = half, not down
        self.timers.set(("flap", kind, subject), now + half)

    def _contact(self, kind: FaultKind, subject: str, on: bool, now: Ns) -> None:
        """Of a link, or of a board with its slot, from which it has its power."""
        if kind is FaultKind.BOARD_UNSEATED:
            if on:
                self._boot_later(subject, now)
            else:
                self._crash(subject)
        elif on:
            self._plug(subject, now)
        else:
            self.link(subject, False)

    def _claim(self, server: str, now: Ns) -> None:
        """A server claims the service address; one that repeats itself is not heard any sooner, nor any later."""
        if self._stale is None or server == self._wiring.holder:
            self.timers.cancel(("claim",))
            self._wiring.holder, self._claimed = server, ""
        elif server != self._claimed:
            self._claimed = server
            self.timers.set(("claim",), now + self._stale)
