"""What each key of a column mapping means: for the JSON Schema that editors show."""

from simtel.core.i18n import Message

_STAMP = Message("column of an instant, or a list of two columns: of the date and of the time")
_LENGTH = Message("column of a length, and its unit")

KEYS: dict[str, Message] = {
    "simtel": Message("what kind of file this is, and in which form"),
    "id": Message("a name for the log, which its demand takes over"),
    "zone": Message(
        "the zone on whose clock instants without one are written: an offset, or a name of the time zone database with "
        "its summer time. An hour that the clock skips is no instant, and drops its row; in one that comes twice "
        "the first is meant, and it is said how often"
    ),
    "formats": Message(
        "how instants are written, the first that fits: iso; epoch-s and epoch-ms (since 1970, UTC); excel (days as "
        "spreadsheets count them); or a format of Python, in which %p is AM, PM, 上午 or 下午. An instant before 2000 "
        "drops its row"
    ),
    "encoding": Message("how the text is encoded; found out where it is not given"),
    "delimiter": Message("the mark between fields; found out where it is not given"),
    "decimal": Message("the mark of fractions: a point, or a comma"),
    "header": Message("whether the first row holds the names of the columns; without it columns are numbers, from 1"),
    "columns": Message("which column holds what: its name, or its number from 1"),
    "columns.start": _STAMP,
    "columns.queued": _STAMP,
    "columns.answered": _STAMP,
    "columns.ended": _STAMP,
    "columns.ready": _STAMP,
    "columns.caller": Message("column of who calls; only a hash of it is kept, while the log is read"),
    "columns.agent": Message("column of who answered; only a hash of it is kept, while the log is read"),
    "columns.call": Message("column of a number of the call: a call with the same one is dropped"),
    "columns.outcome": Message("column of the words that tell how a call ended"),
    "columns.ivr": _LENGTH,
    "columns.wait": _LENGTH,
    "columns.talk": _LENGTH,
    "columns.wrap_up": _LENGTH,
    "outcomes": Message("the words of the column 'outcome', for each way in which a call may end"),
    "outcomes.answered": Message("words of calls that an agent answered"),
    "outcomes.abandoned": Message("words of calls that gave up in the queue"),
    "outcomes.ivr": Message("words of calls that ended within the IVR"),
    "outcomes.blocked": Message("words of calls that were refused"),
    "outcomes.ignored": Message("words of calls that are left out, and counted"),
    "empty": Message("words for nothing; without it those that are usual, such as NULL and 0000-00-00"),
    "unknown": Message("callers who are not known; without it the usual words, such as anonymous and withheld"),
}
