"""From a demand and its targets to a site: seats, timeslots, ports, boards, licences, each with what fixed it."""
