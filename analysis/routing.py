"""Whose job it is: the department configured for a category, most specific entry first."""

from collections.abc import Sequence

Department = tuple[str, str, str | None, str | None]
"""Name, category, district or None for all, detail or None for all."""


def route_issue(
    category: str | None, detail: str | None, district: str | None, departments: Sequence[Department]
) -> tuple[str | None, str | None]:
    """Department and the reason in words; the department is None when nobody is configured or known."""
    if category is None:
        return None, "类别不能确定，请人工指派"
    fitting = [
        entry
        for entry in departments
        if entry[1] == category and entry[2] in (None, district) and entry[3] in (None, detail)
    ]
    if not fitting:
        return None, f"“{category}”没有配置主办单位"
    name, _, wanted_district, wanted_detail = max(fitting, key=_specificity)
    parts = [
        category,
        *([wanted_detail] if wanted_detail else []),
        *([wanted_district] if wanted_district else []),
    ]
    return name, f"按“{' · '.join(parts)}”的职责分工"


def _specificity(entry: Department) -> tuple[bool, bool]:
    return entry[2] is not None, entry[3] is not None
