"""What the proposal and the manual of the work-order desk claim, by the numbers that scenarios and sites name; what of
it is still to come; and which criterion speaks of which claim.
"""

from simtel.verdict.verdict import Text, say

CLAIMED: dict[str, Text] = {
    "R1": say("Call server 1+1: the standby takes over by itself, calls stay up"),
    "R2": say("Gateways, phones and consoles register with both servers"),
    "R3": say("A seat has a console and a phone; one fails, the other and all other seats go on"),
    "R4": say("A free trunk and a free seat mean a connected call, in a rush too"),
    "R5": say("Trunk gateways on E1, 30 calls each"),
    "R6": say("Analog loop trunks, E1 modules, 24-port adapter"),
    "R7": say("Up to 100 seats in skill groups, within licences"),
    "R8": say("IP phones and analog phones"),
    "R9": say("Distribution, IVR, queue, transfer, conference, recording on one platform"),
    "R10": say("What an agent can do with a call"),
    "R11": say("Recording, and its archive"),
    "R12": say("Outbound calls from a list"),
    "R13": say("Open interface for other applications"),
    "R14": say("Network management"),
    "R15": say("Growth by adding parts"),
    "R16": say("Call records and reports"),
    "R17": say("Carrier-grade standards"),
    "R18": say("Directory, service management, value-added services"),
    "D1": say("Work orders: login, shifts, log-out"),
    "D2": say("Work orders: the three areas of the screen"),
    "D3": say("Work orders: accept"),
    "D4": say("Work orders: return with a reason"),
    "D5": say("Work orders: assign and re-assign"),
    "D6": say("Work orders: feedback"),
    "D7": say("Work orders: complaints, suggestions, reports"),
    "D8": say("Work orders: query, details, repair slip"),
    "D9": say("Work orders: central accounts, own unit only, lost server"),
}
_WORK_ORDERS = say("work orders are not modelled yet")
# What of a claim is still to come; of some it is all.
LATER: dict[str, Text] = {
    "R5": say("signalling on the wire"),
    "R6": say("tones and levels on loop lines, caller numbers"),
    "R8": say("both kinds of phone within one site"),
    "R9": say("transfer, conference, monitoring, CTI"),
    "R10": say("beyond answer, dial, hold and resume"),
    "R11": say("a recording is an event with its length; no files, search, listening, archive"),
    "R12": say("call lists and automatic dialling; agents dial by hand"),
    "R13": say("the open interface is not described by the proposal"),
    "R14": say("supervision of the real devices needs the bench"),
    "R15": say("office telephony, video phones, service servers"),
    "R16": say("management reports"),
    "R17": say("no standard is named: a question to the vendor"),
    "R18": say("directory and telecom service management are not modelled yet"),
} | {f"D{n}": _WORK_ORDERS for n in range(1, 10)}

# What a verdict is about: criterion -> the claims that it can meet or fail. A scenario names the claims that it tries;
# of each it is only these criteria that say whether it is met. Conservation and quiescence are about simtel itself.
SPEAKS_OF: dict[str, frozenset[str]] = {
    criterion: frozenset(claims.split())
    for criterion, claims in {
        "stable-calls-preserved": "R1 R3 R5 R6 R15", "media-gap": "R1 R3 R5", "failover-time": "R1 R2",
        "promoted-once": "R1", "one-active": "R1", "new-calls-after": "R1 R2 R4 R5 R6 R7 R15", "queue-kept": "R1 R9",
        "priority-first": "R7 R9", "cdr-exactly-once": "R16", "recordings-kept": "R9 R11", "seat-isolation": "R3 R6",
        "right-seat": "R3 R6", "clear-speech": "R3 R6 R8", "blocking": "R4 R5 R6 R7",
        "agent-capacity": "R6 R7 R8 R15", "outage-seconds-system": "R1 R2", "outage-seconds-user": "R1 R2",
        "overload": "R4", "handled-attempts": "R4", "set-up-delay": "R4", "post-dialling-delay": "R10",
        "cut-off-ratio": "R1 R4", "loss-against-erlang-b": "R4 R5", "registration-recovery": "R2",
        "agent-state-kept": "R1 R10", "slip-rate": "R5", "timeslot-release": "R5", "conservation": "", "quiescence": "",
    }.items()
}  # fmt: skip


def speaks_of(criterion: str, claim: str) -> bool:
    """Whether a criterion says anything of a claim; of claims that are none of ours, each does."""
    return claim not in CLAIMED or criterion not in SPEAKS_OF or claim in SPEAKS_OF[criterion]
