"""Category × district of threads, small cells hidden."""

from collections import defaultdict

from analysis.posts import Posts
from analysis.results import MIN_THREADS_PER_CELL, CrossTable, Figure


def cross_threads(firsts: Posts, days: int | None = None) -> CrossTable:
    """Count threads, given as their first posts, by category and district; `days` where not the run's alone."""
    cells: dict[tuple[str, str], list[int]] = defaultdict(list)
    unplaced = []
    for post_id, category, district in zip(firsts.ids, firsts.category, firsts.district, strict=True):
        if category is None or district is None:
            unplaced.append(post_id)
        else:
            cells[district, category].append(post_id)
    districts = tuple(sorted({district for district, _ in cells}))
    categories = tuple(sorted({category for _, category in cells}))
    return CrossTable(
        districts=districts,
        categories=categories,
        cells=tuple(
            tuple(_cell(district, category, cells.get((district, category), [])) for category in categories)
            for district in districts
        ),
        unplaced=Figure(key="cross.unplaced", value=len(unplaced), posts=tuple(unplaced)),
        hidden=sum(len(posts) < MIN_THREADS_PER_CELL for posts in cells.values()),
        days=days,
    )


def _cell(district: str, category: str, posts: list[int]) -> Figure | None:
    if len(posts) < MIN_THREADS_PER_CELL:
        return None
    return Figure(key=f"cross.{district}.{category}", value=len(posts), posts=tuple(posts))
