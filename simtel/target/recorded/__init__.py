"""Evidence that others recorded: packet captures and console logs of a site, turned into an evidence log of ours.

    console.py        lines of a console or syslog file -> events
    units.py          addresses and numbers -> who is who
    calls.py          SIP -> calls and what seats do in them, by the legs of `legs.py` and the clock of `due.py`
    registrations.py  SIP -> who is registered with whom
    sound.py          RTP -> what each end of a call heard
    watch.py          VRRP and answers of the service address -> who was active, and was there service
    evidence.py       all of it in one order, with what the recording cannot show left out and said

What in a recording is what, a mapping file says (`simtel.profiles.mapping`).

Nothing here decides a verdict. What an onlooker cannot know becomes no event: a kind of event that the recording
cannot show is not among those that its log observes, so that a criterion which needs it is inconclusive; a call of
which only a part is in the recording is counted, and nothing about calls passes on such a log.
"""
