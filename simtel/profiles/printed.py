"""What figures mean that shipped devices state for the reader alone: name -> meaning. They steer nothing.

A file of one's own may bring others; those have no meaning here, and their name and source must do.
"""

PRINTED: dict[str, str] = {
    "backup_time": "how long batteries or a generator carry the load when the mains have failed",
    "bearer_channels": "channels that carry speech, over all spans",
    "bound_to": "the machine that a licence is bound to",
    "channels_g711": "calls at once when all are coded as G.711",
    "channels_g729": "calls at once when all are coded as G.729A",
    "channels_t38": "fax calls at once by T.38",
    "codecs": "codings of speech that it knows",
    "console": "the port for commands, with its speed and framing",
    "control_protocol": "protocols by which a server controls its calls",
    "dimensions": "height, width and depth",
    "mtbf": "mean time between failures, as the maker publishes it",
    "pair_keeps_public_calls": "calls with the public network outlive the take-over within a pair of such devices",
    "power": "power that it draws",
    "server_watch": "how it watches the server in use",
    "slots": "boards that it takes",
    "trunk_signalling": "kinds of signalling that it knows on its trunks",
    "video_bitrate": "bits that the picture of a call takes, each way",
}
