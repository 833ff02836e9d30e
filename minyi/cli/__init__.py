"""The command line: one file per command, registered in `minyi.cli.app` in the order of the flow."""

from minyi.cli.app import main

__all__ = ["main"]
