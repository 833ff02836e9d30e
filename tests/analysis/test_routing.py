"""Routing: the most specific entry, its reason, and doubt said aloud."""

from analysis.routing import Route, route_issue

DEPARTMENTS = (
    ("住建局", "城乡建设", None, None),
    ("城管局", "城乡建设", None, "照明"),
    ("北岭镇政府", "城乡建设", "北岭镇", None),
    ("生态环境分局", "环境保护", None, None),
    ("东片交警", "交通运输", "东片", None),
    ("西片交警", "交通运输", "西片", None),
)


def route(
    category: str | None, *rivals: str, detail: str | None = None, district: str | None = None
) -> Route:
    return route_issue(category, rivals, detail, district, DEPARTMENTS)


def test_the_most_specific_entry_wins_and_says_why() -> None:
    assert route("城乡建设") == Route("住建局", "按“城乡建设”的职责分工")
    assert route("城乡建设", detail="照明") == Route("城管局", "按“城乡建设 · 照明”的职责分工")
    assert route("城乡建设", district="北岭镇") == Route("北岭镇政府", "按“城乡建设 · 北岭镇”的职责分工")


def test_a_close_second_is_named() -> None:
    found = route("城乡建设", "环境保护")
    assert found.department == "住建局"
    assert found.options == ("住建局", "生态环境分局")
    assert "也可能属“环境保护”" in found.reason


def test_nobody_is_named_where_the_category_is_unsure() -> None:
    found = route(None, "城乡建设", "环境保护")
    assert found.department is None
    assert found.options == ("住建局", "生态环境分局")
    assert "可能是“城乡建设”或“环境保护”" in found.reason
    assert route(None) == Route(None, "类别不能确定，请人工指派")


def test_an_unknown_district_is_no_missing_department() -> None:
    found = route("交通运输")
    assert found == Route(None, "“交通运输”按区域分工，而区域不能确定，请人工指派", ("东片交警", "西片交警"))
    assert route("交通运输", district="东片").department == "东片交警"
    assert route("卫生计生") == Route(None, "“卫生计生”没有配置主办单位")
