"""Grouping: place and problem, names, copies, and days one by one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.heat import FORMULA, WEIGHTS
from analysis.issues import IssueGrouper
from analysis.profiles import ThreadText
from analysis.titles import name_issue
from analysis.whereabouts import place_names


def thread(number: int, title: str, text: str = "", day: int = 739_000) -> ThreadText:
    return ThreadText(
        thread_id=number, title=title, text=text, text_hash=f"{title}{text}", places=(), day=day + number
    )


def group(threads: list[ThreadText]) -> dict[int, int]:
    return IssueGrouper().fit(threads).labels_


FUMES = [
    thread(1, "春晖苑小区烧烤摊油烟扰民", "烧烤摊没有烟道，油烟直接排到楼上，夜里也不停。"),
    thread(2, "投诉春晖苑烧烤摊油烟直排", "春晖苑的烧烤摊油烟直排，楼上住户开不了窗，没有烟道。"),
]


def test_the_same_problem_at_two_places_is_two_issues() -> None:
    labels = group(
        [
            *FUMES,
            thread(3, "翠屏园小区烧烤摊油烟扰民", "翠屏园烧烤摊没有烟道，油烟直排，夜里也不停。"),
        ]
    )
    assert labels[1] == labels[2] != labels[3]


def test_two_problems_at_one_place_are_two_issues() -> None:
    labels = group([*FUMES, thread(3, "咨询春晖苑孩子上哪所小学", "请问学区怎么划分，今年入学要什么材料？")])
    assert labels[1] == labels[2] != labels[3]


def test_a_copied_text_joins_whatever_its_title() -> None:
    copy = ThreadText(
        thread_id=9, title="求助", text=FUMES[0].text, text_hash=FUMES[0].text_hash, places=(), day=739_020
    )
    labels = group([*FUMES, copy])
    assert labels[9] == labels[1]


def test_day_by_day_gives_what_is_stored_its_ids_back() -> None:
    first = IssueGrouper().fit(FUMES[:1])
    second = IssueGrouper(known=first.labels_, next_id=2).fit(FUMES)
    assert second.labels_ == {1: 1, 2: 1}


def test_stored_issues_are_never_united_by_the_program() -> None:
    assert IssueGrouper(known={1: 4, 2: 7}, next_id=8).fit(FUMES).labels_ == {1: 4, 2: 7}


@given(st.lists(st.text(max_size=40), max_size=8))
@settings(max_examples=60)
def test_any_text_is_grouped_and_every_thread_once(texts: list[str]) -> None:
    threads = [thread(number, text, text[::-1]) for number, text in enumerate(texts)]
    grouper = IssueGrouper().fit(threads)
    assert grouper.labels_.keys() == set(range(len(texts)))
    assert grouper.names_.keys() == set(grouper.labels_.values())


def test_place_names_shed_verbs_and_towns() -> None:
    assert list(place_names("投诉北岭街道春晖苑小区噪音扰民")) == ["春晖苑"]
    assert list(place_names("请问小区幼儿园什么时候开学")) == []
    assert list(place_names("今晚谁去厂门口看看")) == []
    assert list(place_names("听说翠屏园要涨价")) == ["翠屏园"]


@pytest.mark.parametrize("name", ["𠮷祥里苑", "㙍头村", "𨭎水大桥"])
def test_a_place_keeps_its_rare_first_character(name: str) -> None:
    assert list(place_names(f"今天{name}停水")) == [name]


def test_a_title_says_what_and_where_and_names_nobody() -> None:
    named = name_issue(
        1, [thread(1, "投诉春晖苑小区王某某开麻将馆扰民"), thread(2, "春晖苑小区麻将馆扰民")], None
    )
    assert (named.title, named.place) == ("春晖苑小区麻将馆扰民", "春晖苑")
    alone = name_issue(1, [thread(1, "举报春晖苑张老师有偿补课")], None)
    assert "张老师" not in alone.title


def test_a_title_is_the_plainest_of_the_members() -> None:
    titles = [
        "这几天春晖苑的事，有点感慨",
        "又是一夜，春晖苑水泵机器没停过",
        "家里有高考生，水泵能不能晚上停一停",
        "第十天了，春晖苑水泵什么时候修",
    ]
    named = name_issue(
        1, [thread(number, title, "春晖苑的水泵机器没停过") for number, title in enumerate(titles)], None
    )
    assert named.title == "春晖苑水泵机器没停过"


def test_a_title_sheds_greetings_and_repeated_names() -> None:
    assert name_issue(1, [thread(1, "尊敬的领导，您好！春晖苑电梯坏了")], None).title == "春晖苑电梯坏了"
    assert name_issue(1, [thread(1, "请北岭县领导重视春晖苑电梯故障")], None).title == "春晖苑电梯故障"
    assert name_issue(1, [thread(1, "北岭县北岭县春晖苑电梯故障")], None).title == "北岭县春晖苑电梯故障"


def test_a_title_of_no_words_is_taken_from_the_text() -> None:
    assert (
        name_issue(1, [thread(1, "）", "春晖苑的电梯坏了半个月。")], None).title == "春晖苑的电梯坏了半个月"
    )


def test_thanks_keep_their_whole_title() -> None:
    named = name_issue(1, [thread(1, "水门菜场门口戴红袖章的志愿者，给你们点赞")], None)
    assert named.title == "水门菜场门口戴红袖章的志愿者，给你们点赞"


def test_the_published_formula_has_the_weights_used() -> None:
    assert all(name in FORMULA or name == "天数" for name, _ in WEIGHTS)
    assert "7天减半" in FORMULA
    assert "30天" in FORMULA
