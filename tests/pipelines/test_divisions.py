"""National divisions: full names are places, short ones only before a full one, offices are none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.divisions import DivisionError, district_names, division_spans, short_name
from pipelines.places import PlaceFinder


def names(text: str) -> list[str]:
    return [text[start:end] for start, end in division_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("长沙市岳麓区的路灯不亮", ["长沙市岳麓区"]),
        ("请问湖南长沙岳麓区何时通水", ["湖南长沙岳麓区"]),
        ("从北京市朝阳区到河北省唐县", ["北京市朝阳区", "河北省唐县"]),
        ("内蒙古自治区赤峰市阿鲁科尔沁旗", ["内蒙古自治区赤峰市阿鲁科尔沁旗"]),
        ("成都市和杭州市", ["成都市", "杭州市"]),
    ],
)
def test_full_names_are_places_and_nested_ones_are_one(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "湖南省教育厅的文件",
        "上海市政府",
        "苏州市吴中区人民政府",
        "上海市民很满意",
        "广州市场里",
        "老城区改造",
        "全乡和县城",
        "湖南的天气",
        "本市城区",
        "",
    ],
)
def test_offices_other_words_plain_words_and_short_names_are_none(text: str) -> None:
    assert names(text) == []


def test_what_stands_right_below_a_division_is_its_districts() -> None:
    city = district_names("430100")
    assert city["岳麓区"] == "岳麓区"
    assert "长沙市" not in city
    assert district_names("420000")["来凤县"] == "恩施土家族苗族自治州"
    assert district_names("420000")["仙桃市"] == "仙桃市"
    assert district_names("110000")["朝阳区"] == "朝阳区"
    assert district_names("430104") == {"岳麓区": "岳麓区"}


@pytest.mark.parametrize("code", ["", "43", "999999", "岳麓区"])
def test_a_code_of_no_division_is_refused(code: str) -> None:
    with pytest.raises(DivisionError, match="GB/T 2260"):
        district_names(code)


def test_short_names() -> None:
    assert short_name("岳麓区") == "岳麓"
    assert short_name("恩施土家族苗族自治州") == "恩施"
    assert short_name("广西壮族自治区") == "广西"
    assert short_name("和县") == ""
    assert short_name("梧桐里") == ""


def test_the_finder_resolves_divisions_without_a_list() -> None:
    finder = PlaceFinder(district_names("430100"))
    places = finder.find("反映长沙市岳麓区梧桐里小区垃圾清运不及时的问题")
    assert [place.text for place in places] == ["长沙市岳麓区梧桐里小区"]
    assert finder.district_of(places) == "岳麓区"
    shortened = finder.find("请问岳麓大道什么时候修好？岳麓大道每天堵车")
    assert {place.district for place in shortened if "岳麓大道" in place.text} == {"岳麓区"}


def test_a_division_elsewhere_is_a_place_without_a_district() -> None:
    finder = PlaceFinder(district_names("430100"))
    (place,) = [p for p in finder.find("我在成都市上班") if "成都" in p.text]
    assert (place.text, place.district) == ("成都市", None)


def test_a_single_division_beside_the_place_in_question_is_none_but_nested_ones_are() -> None:
    finder = PlaceFinder({"梧桐里": "云溪区"})
    told = "梧桐里小区的路灯坏了。我从广州市搬来"
    assert [place.text for place in finder.find(told)] == ["梧桐里小区"]
    assert "广州市天河区" in [place.text for place in finder.find(told.replace("广州市", "广州市天河区"))]
    assert "广州市梧桐里小区" in [place.text for place in finder.find("广州市" + told)]


@settings(max_examples=80)
@given(st.text("湖南省长沙市岳麓区和县成都北京朝阳的路1。\ud800", max_size=60))
def test_spans_are_in_order_and_apart(text: str) -> None:
    ends = 0
    for start, end in division_spans(text):
        assert ends <= start < end <= len(text)
        ends = end
