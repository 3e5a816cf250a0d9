"""Calls that agents dial: a gateway is found for them, or the next one, and the called party answers."""

from simtel.core.clock import SECOND, Ns
from simtel.core.timers import Timers
from simtel.devices.messages.calls import Bye, Dial, InviteOut, Reinvite, Reject, Through, Trying
from simtel.devices.messages.trunk import Proceeding
from simtel.devices.server.call import CORE, DIALLING, Call
from simtel.devices.server.control import CallControl
from simtel.devices.server.records import DISK

OUT_TIME = 4 * SECOND  # a gateway that does not answer an outgoing INVITE: the next one is tried


class Outgoing:
    """Outgoing calls of the active server, until somebody answers; from then on they are like all others."""

    def __init__(self, control: CallControl, timers: Timers) -> None:
        self._control = control
        self._timers = timers
        self._send = control.send
        self._name = control.name

    def dial(self, message: Dial, gateways: list[str], now: Ns) -> None:
        """An agent dials; its turn at the processor has come."""
        control = self._control
        if message.call in control.calls:
            self._send(message.contact, Proceeding(message.call))
            return
        cause = ""
        channels = 2 if control.settings.channels_count_agents else 1
        if control.records.refuses_calls:
            cause = DISK
        elif not gateways:
            cause = "no-gateway"
        elif not control.fabric.enter(message.call):
            cause = control.fabric.cause
        elif not control.licences.take(CORE, channels):
            control.fabric.leave(message.call)
            cause = CORE
        if cause:
            self._send(message.contact, Reject(message.call, cause, self._name))
            return
        call = Call(message.call, DIALLING, "", "", message.seat, message.contact, channels=channels, seen=now)
        call.recorded = message.recorded
        control.calls[call.id] = call
        control.agents.become(call.seat, "talking")
        self._send(call.contact, Proceeding(call.id))
        self.dial_on(call.id, gateways, now)

    def dial_on(self, name: str, gateways: list[str], now: Ns, cause: str = "no-gateway", by: str = "") -> None:
        """Try the next gateway for an outgoing call."""
        call = self._control.calls[name]
        if call.phase != DIALLING or call.gateway not in ("", by):
            return  # a gateway has it: this is a late word of another
        call.gateway = ""  # who had taken it gives it back
        if call.tried >= len(gateways):
            self._abandon(call, cause, by or self._name, now)
            return
        gateway = gateways[call.tried]
        call.tried += 1
        self._send(gateway, InviteOut(call.id, self._name))
        self._timers.set(("out", call.id), now + OUT_TIME)

    def trying(self, message: Trying) -> None:
        """A gateway has passed the call on. Where our clock was set ahead meanwhile, another may have it by then."""
        call = self._control.calls.get(message.call)
        if call is None or call.gateway not in ("", message.gateway):
            self._send(message.gateway, Bye(message.call, self._name, "gone"))
        elif call.phase == DIALLING:
            call.gateway = message.gateway
            self._timers.cancel(("out", call.id))

    def answered(self, call_id: str, now: Ns, span: str = "", slot: int = 0) -> None:
        """The called party lifted the receiver: from now on he needs a path to the seat."""
        control = self._control
        call = control.calls.get(call_id)
        if call is not None and call.phase != DIALLING and call.gateway:  # it did not hear us the first time
            self._send(call.gateway, Reinvite(call.id, self._name, control.hops(call)))
        elif call is not None and call.phase == DIALLING:
            call.answered_at = call.seen = now
            call.span, call.slot = span, slot
            if not control.fabric.join(call.id, span, slot, call.seat):
                control.end(call, now, control.fabric.cause)
                return
            control.talk(call, now)
            self._send(call.gateway, Reinvite(call.id, self._name, control.hops(call)))
            self._send(call.contact, Through(call.id))
            control.changed(call, now)

    def _abandon(self, call: Call, cause: str, by: str, now: Ns) -> None:
        self._send(call.contact, Reject(call.id, cause, by))
        contact, call.contact, call.gateway = call.contact, "", ""
        self._control.end(call, now, cause, contact)
