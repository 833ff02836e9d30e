"""What people should know of a table that was read, whichever command read it."""

from collections.abc import Iterator, Mapping


def about_formulas(uncalculated: Mapping[str, int]) -> Iterator[str]:
    """A line on the formulas, counted by column, that were read as empty; none where there are none."""
    from pipelines.tables import SAVE_ONCE

    if uncalculated:
        yield (
            f"{sum(uncalculated.values())} 格是公式，文件里没有算出的结果，当作空白"
            f"（列：{'、'.join(uncalculated)}）；{SAVE_ONCE}。"
        )
