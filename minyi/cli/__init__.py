"""The command line: one file per command, registered in `minyi.cli.app` in the order of the flow."""

import sys

INTERRUPTED = 130


def main() -> None:
    """Run a command; also while its modules load, Ctrl-C is no traceback."""
    try:
        from minyi.cli.app import main as run_command
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    run_command()
