"""What the YAML parser in C says, to be told in other languages. Anything else stays as the parser says it."""

from simtel.core.i18n import Message


def not_yaml(context: str | None, problem: str | None) -> Message:
    """The parser's complaint: what it was about to read, and what it met."""
    said = [_KNOWN.get(part, part) for part in (context, problem) if part]
    if len(said) == 2:
        return Message("not YAML: {context}, {problem}", context=said[0], problem=said[1])
    return Message("not YAML: {problem}", problem="".join(said))


_KNOWN: dict[str, Message] = {message: message for message in (
    Message("while parsing a block mapping"),
    Message("while parsing a block collection"),
    Message("while parsing a flow mapping"),
    Message("while parsing a flow sequence"),
    Message("while parsing a flow node"),
    Message("while parsing a block node"),
    Message("while parsing a node"),
    Message("while parsing a %TAG directive"),
    Message("while scanning a simple key"),
    Message("while scanning a quoted scalar"),
    Message("while scanning a plain scalar"),
    Message("while scanning a block scalar"),
    Message("while scanning for the next token"),
    Message("while scanning a directive"),
    Message("while scanning a %YAML directive"),
    Message("while scanning a %TAG directive"),
    Message("while scanning a tag"),
    Message("while scanning an anchor"),
    Message("while scanning an alias"),
    Message("while parsing a quoted scalar"),
    Message("while parsing a tag"),
    Message("did not find expected key"),
    Message("did not find expected '-' indicator"),
    Message("did not find expected ',' or '}'"),
    Message("did not find expected ',' or ']'"),
    Message("did not find expected node content"),
    Message("did not find expected <document start>"),
    Message("did not find expected <stream-start>"),
    Message("could not find expected ':'"),
    Message("mapping values are not allowed in this context"),
    Message("mapping keys are not allowed in this context"),
    Message("block sequence entries are not allowed in this context"),
    Message("found character that cannot start any token"),
    Message("found unexpected end of stream"),
    Message("found unexpected document indicator"),
    Message("found unknown escape character"),
    Message("did not find expected hexdecimal number"),
    Message("found invalid Unicode character escape code"),
    Message("found a tab character that violates indentation"),
    Message("found a tab character where an indentation space is expected"),
    Message("did not find expected comment or line break"),
    Message("found an indentation indicator equal to 0"),
    Message("found unknown directive name"),
    Message("could not find expected directive name"),
    Message("found unexpected non-alphabetical character"),
    Message("did not find expected alphabetic or numeric character"),
    Message("did not find expected whitespace or line break"),
    Message("did not find the expected '>'"),
    Message("did not find expected tag URI"),
    Message("did not find expected '!'"),
    Message("found undefined tag handle"),
    Message("found duplicate %YAML directive"),
    Message("found duplicate %TAG directive"),
    Message("found incompatible YAML document"),
    Message("found extremely long version number"),
    Message("did not find expected digit or '.' character"),
    Message("did not find expected version number"),
    Message("found invalid version number"),
)}  # fmt: skip
