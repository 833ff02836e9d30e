"""The front door: command line, configuration, demo forum."""

# The configuration, where no other file is named.  Not in minyi.config: whoever asks for help loads none.
DEFAULT_FILE = "minyi.toml"
