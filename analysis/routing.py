"""Whose job it is: the department configured for a category, most specific entry first.

Where the category or the district is not sure, it says so and names the offices it may be.
"""

from collections.abc import Sequence
from dataclasses import dataclass

Department = tuple[str, str, str | None, str | None]
"""Name, category, district or None for all, detail or None for all."""


@dataclass(frozen=True, slots=True)
class Route:
    """The department, or None; the reason in words; the departments it may be where nobody is sure."""

    department: str | None
    reason: str
    options: tuple[str, ...] = ()


def route_issue(
    category: str | None,
    rivals: Sequence[str],
    detail: str | None,
    district: str | None,
    departments: Sequence[Department],
) -> Route:
    """Where an issue goes; `rivals` are other categories it may be of, the likeliest first."""
    if category is None:
        return _unsure(rivals, district, departments)
    entry = _find(category, detail, district, departments)
    if entry is None:
        return _nobody(category, district, departments)
    name, _, wanted_district, wanted_detail = entry
    reason = (
        f"按“{' · '.join(part for part in (category, wanted_detail, wanted_district) if part)}”的职责分工"
    )
    others = [other for other in _names(rivals, district, departments) if other != name]
    if not others:
        return Route(name, reason)
    return Route(name, f"{reason}；也可能属“{'”“'.join(rivals)}”，请核对", (name, *others))


def _unsure(rivals: Sequence[str], district: str | None, departments: Sequence[Department]) -> Route:
    if not rivals:
        return Route(None, "类别不能确定，请人工指派")
    reason = f"类别不能确定，可能是“{'”或“'.join(rivals)}”，请人工指派"
    return Route(None, reason, tuple(_names(rivals, district, departments)))


def _nobody(category: str, district: str | None, departments: Sequence[Department]) -> Route:
    """Nobody is configured; or only by district, and the district is not known."""
    elsewhere = dict.fromkeys(entry[0] for entry in departments if entry[1] == category and entry[2])
    if district is None and elsewhere:
        return Route(None, f"“{category}”按区域分工，而区域不能确定，请人工指派", tuple(elsewhere))
    return Route(None, f"“{category}”没有配置主办单位")


def _names(categories: Sequence[str], district: str | None, departments: Sequence[Department]) -> list[str]:
    found = [_find(category, None, district, departments) for category in categories]
    return list(dict.fromkeys(entry[0] for entry in found if entry is not None))


def _find(
    category: str, detail: str | None, district: str | None, departments: Sequence[Department]
) -> Department | None:
    fitting = [
        entry
        for entry in departments
        if entry[1] == category and entry[2] in (None, district) and entry[3] in (None, detail)
    ]
    return max(fitting, key=_specificity, default=None)


def _specificity(entry: Department) -> tuple[bool, bool]:
    return entry[2] is not None, entry[3] is not None
