"""What can go wrong on the way to a recipient."""


class DeliveryError(Exception):
    """One line on why a recipient was not reached.

    `again`: it may work a little later.  `unknown`: it may have arrived all the same, so that
    nothing is sent again but on purpose.
    """

    def __init__(self, message: str, *, again: bool = False, unknown: bool = False) -> None:
        super().__init__(message)
        self.again = again
        self.unknown = unknown
