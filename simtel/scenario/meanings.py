"""What each part of a scenario file means: for the JSON Schema that editors show, and for `simtel list keys`.

A key is written as the names on the way to it; what stands in a list has the name of the list. Each limit below
`expect` is told with its criterion (`simtel list criteria`).
"""

from simtel.core.i18n import Message

KEYS: dict[str, Message] = {
    "simtel": Message("what kind of file this is, and in which form"),
    "id": Message("the name of the scenario, by which other files and commands speak of it"),
    "title": Message("what happens, in a few words"),
    "why": Message("what the scenario is to show, and why it matters"),
    "requirement": Message("numbers of the requirements that it is about"),
    "roles": Message("what a site must have for it: a site without is judged not applicable, and never left out"),
    "load": Message("the calls that are offered; `simtel list loads` says what each kind needs"),
    "load.kind": Message("how calls come"),
    "load.ramp": Message("the time within which all seats are filled, one call after the other"),
    "load.hold": Message("how long people go on talking, or calls go on coming, after that"),
    "load.length": Message("how long calls are offered"),
    "load.talk": Message("mean talk time, in place of what the site states for its people"),
    "load.waiting": Message("callers who come right after the seats are full, and wait"),
    "load.calls": Message("how many calls; of a full occupancy, how many seats are filled"),
    "load.rate": Message("calls per second or hour, at random instants (Poisson)"),
    "load.for_seats": Message(
        "the number of seats that the rate, those who wait, the calls of a burst and of each spot are meant for: a "
        "site of another size gets as many more or fewer; without it, every site gets the same"
    ),
    "load.pace": Message("the time from one call of a call generator to the next"),
    "load.order": Message("the order of the connections: sought (one that the fabric refuses) or permuted (at random)"),
    "load.outbound": Message("share of calls that agents dial"),
    "load.recorded": Message("share of calls that must be recorded"),
    "load.priority": Message("share of callers who are served before all others of their group"),
    "load.held": Message("share of talks in which the agent holds and resumes the call once"),
    "load.skills": Message("skill groups: seats are shared out evenly, callers want one at random"),
    "load.spots": Message("spots on the air, each of which brings callers"),
    "load.spots.at": Message("when the number is named"),
    "load.spots.calls": Message("how many callers it brings on average"),
    "load.spots.decay": Message("how fast they become fewer: after so long the rate has fallen to 37 %"),
    "load.spots.every": Message("the time from one to the next where the spot is repeated"),
    "load.spots.times": Message("how often it comes"),
    "faults": Message("what is done to the site; `simtel list faults` says what each kind does, and to what"),
    "faults.kind": Message("what is done"),
    "faults.subject": Message(
        "to what: a role and which of them, such as gateways.1; servers.active and servers.standby as they then are"
    ),
    "faults.at": Message("when, from the start of the run"),
    "faults.after": Message("when, by what happens (instead of 'at'); `simtel list events` says what can"),
    "faults.after.event": Message("what must have happened"),
    "faults.after.count": Message("how often; once, when it is not said"),
    "faults.after.plus": Message("so long after it"),
    "faults.for": Message("after how long it is undone; without it, at the end of the run"),
    "faults.port": Message("which port of the board"),
    "faults.group": Message("which group of ports of the board"),
    "faults.delay": Message("by how much it delays"),
    "faults.period": Message("the time from one change to the worse to the next"),
    "faults.count": Message("how many are added"),
    "faults.factor": Message("how many times slower it becomes"),
    "faults.by": Message("by how much the clock is set"),
    "random": Message("units fail by themselves, as often as their profiles say, in place of 'faults'"),
    "random.years": Message("for how many years"),
    "random.units": Message("which units"),
    "random.crew": Message("who repairs them"),
    "random.crew.people": Message("how many can work at once"),
    "random.crew.travel": Message("how long it takes until one of them is there"),
    "random.crew.notice": Message("how long it takes until somebody switches off a server that hangs"),
    "expect": Message("what is judged, and by which limits; `simtel list criteria` says what there is"),
    "seats": Message("the number of seats of every site, unless the command asks for another"),
    "watch": Message("whether service checks and adverts are watched from outside, on which some criteria rest"),
    "sweep": Message("takeover: the one fault is repeated at every step of the first call"),
    "drain": Message("how long calls may talk on after the load before they are given up"),
}

LOADS: dict[str, Message] = {
    "full-occupancy": Message(
        "one call for each seat, evenly over the ramp; then callers who wait, and more at random"
    ),
    "poisson": Message("calls at random instants"),
    "burst": Message("so many calls, evenly within the length; then more at random"),
    "connections": Message("a call generator on the circuits of the switching fabric"),
    "surge": Message("calls at random instants, and those of spots on the air on top of them"),
}
