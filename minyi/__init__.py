"""The front door: command line, configuration, demo forum."""
