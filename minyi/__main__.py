"""`python -m minyi`."""

from minyi.cli import main

main()
