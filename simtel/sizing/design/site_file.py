"""The parts list as a site file (`simtel: site/1`), built from the device profiles that simtel ships.

Platforms house the E1s, as the quotation has it; every seat has a console and a telephone, on a board where there are
any; of a share of telephones on boards between none and all, the last seats have IP telephones.
What callers do becomes figures of the people.
"""

from math import inf
from typing import Any

import yaml

from simtel.core.clock import SECOND
from simtel.core.quantity import Unit
from simtel.core.units import show
from simtel.profiles.kinds import KINDS
from simtel.sizing.design.need import Need, Parts, analog_seats

_ONE_SERVER = "one server: there is no second to register with"


def site_file(need: Need, parts: Parts, name: str) -> str:
    """The text of the file; `name` is the id of the site."""
    alone = parts.servers == 1
    analog = analog_seats(need, parts.seats) if parts.boards else 0
    over_ip = parts.seats - analog
    en = f"Each seat has a console and {'a telephone on a board' if analog else 'an IP telephone'}."
    zh = "每个坐席有软话务台和接在适配器上的话机。" if analog else "每个坐席有软话务台和IP话机。"
    if analog and over_ip:
        en = f"Each seat has a console; {analog} have a telephone on a board, {over_ip} an IP telephone."
        zh = f"每个坐席有软话务台；{analog}席的话机接在适配器上，{over_ip}席为IP话机。"
    calls = f"{need.traffic.arrival_rate * 3600:.6g}"
    site: dict[str, Any] = {
        "simtel": "site/1",
        "id": name,
        "title": {"en": f"Sized: {parts.seats} seats, {parts.timeslots} timeslots",
                  "zh": f"规划：{parts.seats}席，{parts.timeslots}个时隙"},
        "why": {"en": f"Sized for {calls} calls an hour, {parts.agents} agents on duty. {en}",
                "zh": f"按每小时{calls}个呼叫、{parts.agents}名当班话务员规划。{zh}"},
        "requirement": ["R4", "R5", "R7"],
        "seats": {"default": parts.seats, "at_most": max(100, parts.seats)},
        "servers": {"profile": "lpt-2000-ds", "count": parts.servers},
        "gateways": {"profile": "e1-module-1", "spans": list(parts.spans), "housed": True, **_vip(alone, "dual")},
    }  # fmt: skip
    if parts.loops:
        site["loops"] = {"profile": "loop-module-4", "count": parts.loops, **_vip(alone, "dual")}
    site["exchange"] = {"profile": "public-exchange"}
    site["consoles"] = {"profile": "softphone-pc", **_vip(alone, "successive")}
    if analog:
        site["phones"] = {"profile": "headset"}
        if over_ip:
            site["ip_phones"] = {"profile": "ip-phone", "seats": over_ip, **_vip(alone, "successive")}
    else:
        site["phones"] = {"profile": "ip-phone", **_vip(alone, "successive")}
    if parts.boards:  # for extensions alone too
        site["boards"] = {"profile": "adapter-24", "count": parts.boards, "spread": True, **_vip(alone, "successive")}
    site |= {
        "lan": {"profile": "lan-switch", "count": parts.switches},
        "feeds": {"profile": "power-feed", "count": parts.feeds},
        "people": {"profile": "callers-and-agents", "settings": _people(need)},
        "others": ["crm-server"],
        "licences": {
            "core-channel": _computed(parts.core_channels, "calls that the blocking asks for"),
            "agent": _computed(parts.agent_licences, "one for each seat"),
            "recording": _computed(parts.recording, "one for each seat"),
        },
        "address": _choice("own" if alone else "moving", "moving" if alone else "own",
                           "whether a service address follows the active platform is not stated"),
        "core_channel_counts": _computed("trunks-and-agents" if need.channels_count_seats else "trunks", "as sized"),
        "cable_move_time": {"value": "30min", "low": "10min", "high": "4h", "basis": "assumed",
                            "source": "until a person is there; nothing is stated"},
        "parts": [{"profile": part, "quantity": count} for part, count in quantities(need, parts) if count],
    }  # fmt: skip
    return yaml.safe_dump(site, allow_unicode=True, sort_keys=False, width=inf, default_flow_style=None)


def quantities(need: Need, parts: Parts) -> list[tuple[str, int]]:
    """Device profiles and how many of each are bought."""
    analog = analog_seats(need, parts.seats) if parts.boards else 0
    return [
        ("lpt-2000-ds", parts.servers),
        ("e1-module-1", sum(parts.spans)),
        ("loop-module-4", parts.loops),
        ("adapter-24", parts.boards),
        ("licence-core-channel", parts.core_channels),
        ("licence-agent", parts.agent_licences),
        ("licence-recording", parts.recording),
        ("headset", analog),
        ("ip-phone", parts.seats - analog),
        ("softphone-pc", parts.seats),
        ("lan-switch", parts.switches),
        ("crm-server", 1),
    ]


def _people(need: Need) -> dict[str, Any]:
    """Figures of the callers and agents; what a profile does not take is the nearest that it does."""
    traffic = need.traffic
    times = {
        "ivr_time": traffic.ivr, "queue_patience": traffic.patience,
        "talk_time": traffic.talk, "wrap_up": traffic.wrap_up,
    }  # fmt: skip
    found: dict[str, Any] = {}
    for name, time in times.items():
        spec = KINDS["people"][name]
        low, high = int(spec.low or 0), int(spec.high or 0)
        near = low if time * SECOND < low else high if time * SECOND > high else round(time * SECOND)
        source = "as sized" if near == time * SECOND else f"sized for {time:g} s; the nearest that a profile takes"
        found[name] = _stated(show(near, Unit.TIME), "buyer", source)
    found["redial"] = _stated(f"{need.redial:.4%}", "buyer", "as sized")
    return found


def _vip(alone: bool, other: str) -> dict[str, Any]:
    """One server alone: devices register with it and no other."""
    return {"settings": {"registration.mode": _choice("vip", other, _ONE_SERVER)}} if alone else {}


def _computed(value: int | str, source: str) -> dict[str, Any]:
    return _stated(value, "computed", source)


def _stated(value: int | str, basis: str, source: str) -> dict[str, Any]:
    return {"value": value, "basis": basis, "source": source}


def _choice(value: str, other: str, source: str) -> dict[str, Any]:
    return {"value": value, "alternatives": [other], "basis": "assumed", "source": source}
