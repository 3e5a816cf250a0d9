"""The call server: election, registrar, call control, and what its standby knows. No host and no wire.

Rules of call control, and where each lives (no other word: `control`):
 1. An INVITE takes a core channel, room in the switching fabric and a port of the IVR, is answered by it and goes to an
    agent or into the queue; a full queue turns it away. Who asks for an agent by the name of his seat hears no menu.
    The fabric joins circuit and seat while it rings and talks; without a path the call is refused.
 2. A call that rings at a seat for too long goes back into the queue, at the place of its arrival, and the agent is
    logged out (`agents`).
 3. Speech of a talk passes straight between gateway and seat, or through this server; IVR, queue, hold and recording
    in the path always pass through it.
 4. The end of a call gives everything back, writes one call record and hands the recording over (`records`). A recorder
    in the path of the speech has in it what this server heard; one beside the path goes on when another server takes
    over.
 5. Every change of a call is told to the standby, as far as it is replicated (`shadow`).
 6. At a take-over the calls that were replicated are continued (`takeover`): talks go on, speech that passed the dead
    server is sent here; callers in the queue keep their place if it is known and else begin again; ringing starts
    again. An agent whose seat is not entered here, or for whom no licence is left, is not known any more.
 7. A call that shows no sign of life for the session timer is asked after, and dropped when its gateway does not know
    it or does not answer until the next round. A gateway that registers after a restart knows none of its calls.
 8. The length of a call record is the difference of two readings of a clock. Taken from the clock of the day, it is
    wrong for calls that are up when that is set, and less than nothing where it is set back by more than they last.
    Timers of that clock are over too early or too late by as much.
 9. With the disk full, recordings that are under way end there, and none begins (`records`). Either no call is taken
    and the records of those that end wait for room, or calls go on and their records are lost.

What agents dial is in `outgoing`.
"""
