"""Outage logs for the tests."""

from simtel.quotes.outage_log import Outage, parse_log


def parse_outages(raw: bytes, name: str) -> tuple[Outage, ...]:
    """The outages of a log of which every row can be used."""
    log = parse_log(raw, name)
    assert log.dropped == ()
    return log.outages
