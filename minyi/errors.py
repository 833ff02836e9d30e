"""The few errors a person sees: one clear line with the remedy, and an exit code."""


class MinyiError(Exception):
    """Something a person can mend; `exit_code` is what the command exits with."""

    exit_code = 1


class ConfigError(MinyiError):
    """The configuration is wrong."""

    exit_code = 2


class InputError(MinyiError):
    """An argument or a file given by the user is wrong."""

    exit_code = 2
