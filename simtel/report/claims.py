"""What the proposal and the manual of the work-order desk claim, by the numbers that scenarios and sites name."""

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
