"""The take-over of call control: calls and agents of the dead server are continued. Rule 6 of the folder."""

from simtel.core.clock import Ns
from simtel.devices.messages.calls import Reinvite
from simtel.devices.messages.replication import AgentChange, CallChange
from simtel.devices.server.call import CORE, HELD, IVR, TALKING, Call
from simtel.devices.server.control import CallControl
from simtel.devices.server.shadow import revive


def take_over(control: CallControl, calls: list[tuple[CallChange, Ns]], agents: list[AgentChange], now: Ns) -> None:
    """Continue what is known of the dead server's calls and agents: (change, when it arrived)."""
    agents = control.agents.inherit(agents)
    waiting: list[Call] = []
    for change, arrived in calls:
        call = revive(change, arrived, now)
        control.calls[call.id] = call
        control.licences.force(CORE)
        control.fabric.enter(call.id)  # as large as the dead server's, and empty: there is room
        if call.phase in (TALKING, HELD):
            beside = change.recording_for >= 0 and not control.settings.recorded_through_server
            _continue_talk(control, call, Ns(arrived - change.recording_for) if beside else now, now)
        else:
            control.send(call.gateway, Reinvite(call.id, control.name, (control.name,)))
            call.seat = call.contact = ""
            waiting.append(call)
    waiting.sort(key=lambda c: c.place)
    for call in waiting:
        if call.phase == IVR or call.place < 0:
            control.start_ivr(call, now)
        else:
            control.queue(call, now)
    talking = {call.seat for call in control.calls.values() if call.seat}
    for agent in agents:
        if agent.state in ("ready", "ringing") and agent.seat not in talking:
            control.free_agent(agent.seat, now)


def _continue_talk(control: CallControl, call: Call, recorded_from: Ns, now: Ns) -> None:
    if not control.fabric.join(call.id, call.span, call.slot, call.seat):
        control.end(call, now, control.fabric.cause)
        return
    if control.settings.channels_count_agents:
        control.licences.force(CORE)
        call.channels += 1
    if call.recorded:
        control.records.begin(call, recorded_from)
    if call.phase == HELD or control.through_server(call):
        control.send(call.gateway, Reinvite(call.id, control.name, control.hops(call)))
