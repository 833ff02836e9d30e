"""The interval of a share.  Apart from the charts: a brief's text gives one too, and needs no matplotlib."""

import math

Z95 = 1.96


def wilson(part: int, whole: int) -> tuple[float, float]:
    """The 95 % interval of a share; (nan, nan) when there is nothing to divide."""
    if not whole:
        return math.nan, math.nan
    share, spread = part / whole, Z95**2 / whole
    centre = (share + spread / 2) / (1 + spread)
    half = Z95 * math.sqrt(share * (1 - share) / whole + spread / (4 * whole)) / (1 + spread)
    return max(0.0, centre - half), min(1.0, centre + half)
