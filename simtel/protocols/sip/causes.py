"""Causes of Q.850 and response codes of SIP, either way (RFC 3398, 7.2.4.1 and 8.2.6.1).

A cause that is not listed is taken for "unspecified" of its class (Q.850, 2.2.5), a code that is not listed for the
x00 of its class (RFC 3261, 8.1.3.2).
"""

NORMAL_CLEARING = 16  # no failure: BYE or CANCEL carries it, no response code

# 7.2.4.1: release cause -> response code.
RESPONSE_OF = {
    1: 404, 2: 404, 3: 404,  # unallocated number, no route to network, no route to destination
    17: 486, 18: 408, 19: 480, 20: 480,  # user busy, no user responding, no answer, subscriber absent
    21: 403, 22: 410, 23: 410, 26: 404, 27: 502,  # rejected, number changed, redirection, not selected, out of order
    28: 484, 29: 501, 31: 480,  # incomplete, facility rejected, normal unspecified
    34: 503, 38: 503, 41: 503, 42: 503, 47: 503,  # no circuit, network out of order, temporary, congestion, resource
    55: 403, 57: 403, 58: 503,  # barred within a closed group, bearer not authorized, bearer not available now
    65: 488, 70: 488, 79: 501, 87: 403, 88: 503,  # bearer, restricted bearer, service; not in group, incompatible
    102: 504, 111: 500, 127: 500,  # timer expired, protocol error, interworking
}  # fmt: skip

# "Unspecified" of the classes 0 to 7 whose row the table lacks: ours, after the rows of the same class.
_CLASS = {0: 480, 1: 480, 2: 503, 3: 503, 4: 501, 5: 500, 6: 500, 7: 500}

# 8.2.6.1: response code -> cause of the release; 488 and 606, which it judges by their Warning, are 127 here.
CAUSE_OF = {
    400: 41, 401: 21, 402: 21, 403: 21, 404: 1, 405: 63, 406: 79, 407: 21, 408: 102, 410: 22, 413: 127, 414: 127,
    415: 79, 416: 127, 420: 127, 421: 127, 423: 127, 480: 18, 481: 41, 482: 25, 483: 25, 484: 28, 485: 1, 486: 17,
    488: 127, 500: 41, 501: 79, 502: 38, 503: 41, 504: 102, 505: 127, 513: 127, 600: 17, 603: 21, 604: 1, 606: 127,
}  # fmt: skip


def response_of(cause: int) -> int:
    """The response code with which a call that failed with this cause (1 to 127) is refused. ValueError else, and for
    16, which clears a call that stands."""
    if not 1 <= cause <= 127 or cause == NORMAL_CLEARING:
        raise ValueError(f"cause {cause} refuses no call")
    return RESPONSE_OF.get(cause) or _CLASS[cause >> 4]


def cause_of(status: int) -> int:
    """The cause of Q.850 with which a call is released that SIP refused with this code (400 to 699). ValueError else,
    and for 487, which only says that it was cancelled."""
    if not 400 <= status <= 699 or status == 487:
        raise ValueError(f"{status} refuses no call")
    return CAUSE_OF.get(status) or CAUSE_OF[status // 100 * 100]
