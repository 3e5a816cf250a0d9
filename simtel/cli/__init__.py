"""The command line: one small file per command, and no logic. Exit codes: 0 all met, 1 one failed, 2 usage or a bad
file, 3 inconclusive, 4 error, 130 broken off.
"""

import sys


def main() -> None:
    """Run the command line; ends the process."""
    try:
        from simtel.cli.group import cli  # noqa: PLC0415  (importing simtel.cli must stay free)

        cli(prog_name="simtel")
    except KeyboardInterrupt:  # among the imports: later the group says it
        from simtel.cli.speech import asked_language, break_off, speaking  # noqa: PLC0415

        with speaking(asked_language(sys.argv[1:])):
            sys.exit(break_off())
