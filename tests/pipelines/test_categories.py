import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.categories import CATEGORIES, DETAILS, category_detail


@pytest.mark.parametrize(
    ("category", "text", "detail"),
    [
        ("城乡建设", "人民路的路灯坏了半个月，晚上漆黑一片", "照明"),
        ("城乡建设", "小区物业乱收费，业委会成立不了", "物业"),
        ("城乡建设", "老城区拆迁补偿款至今没有到位", "拆迁征收"),
        ("城乡建设", "连续三天停水，水压也低", "供水供电供暖"),
        ("环境保护", "搅拌站夜间施工噪音扰民", "噪声"),
        ("环境保护", "楼下油烟熏人，异味很大", "异味"),
        ("交通运输", "小区门口停车位被占，乱停车", "停车"),
        ("交通运输", "公交车半小时不来一班", "公交"),
        ("教育文体", "孩子没有学位，小升初怎么办", "学位"),
        ("劳动和社会保障", "医保报销比例为什么降低", "医保"),
        ("劳动和社会保障", "工地拖欠农民工工资", "欠薪"),
        ("商贸旅游", "附近有人搞传销", "传销"),
        ("卫生计生", "二胎准生证怎么办理", "生育政策"),
    ],
)
def test_the_detail_follows_the_words(category: str, text: str, detail: str) -> None:
    assert category_detail(category, text) == detail


def test_every_category_has_details_that_fit_the_store() -> None:
    assert set(DETAILS) == set(CATEGORIES)
    assert all(0 < len(detail) <= 32 for details in DETAILS.values() for detail in details)


def test_no_words_no_detail() -> None:
    assert category_detail("城乡建设", "") is None
    assert category_detail("城乡建设", "你好") is None


def test_a_category_of_another_tree_has_no_detail() -> None:
    assert category_detail("宠物", "路灯") is None


@given(st.sampled_from(CATEGORIES), st.text())
def test_a_detail_belongs_to_its_category(category: str, text: str) -> None:
    detail = category_detail(category, text)
    assert detail is None or detail in DETAILS[category]
