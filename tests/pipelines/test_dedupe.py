"""Near-identical texts: what counts as the same, and that labels do not depend on chance or order."""

import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.clean import clean_text
from pipelines.dedupe import copy_groups, sketches, text_hash

POST = (
    "我是阳光小区的业主，小区门口的路灯坏了半个月，晚上漆黑一片，老人孩子出门很不安全，"
    "多次向物业和社区反映，一直没有人来处理，希望有关部门尽快安排人员维修。"
)
OTHER = "建议在实验小学门口增设红绿灯和减速带，早晚高峰车流量很大，家长接送孩子提心吊胆，上个月已经发生两起擦碰事故，请交警部门实地看一看。"


def near_duplicate_groups(texts: list[str]) -> list[int]:
    """One label a text, in the order of first appearance, by the way that posts take through the store."""
    cleaned = [clean_text(text) for text in texts]
    labels: dict[int, int] = {}
    groups = copy_groups(sketches(cleaned), cleaned.__getitem__)
    return [labels.setdefault(group, len(labels)) for group in groups.tolist()]


def test_the_hash_sees_what_is_said_not_how_it_is_set() -> None:
    assert text_hash("路灯坏了！请维修") == text_hash(" 路燈壞了,請維修。\n") == text_hash("路灯坏了 请维修")
    assert text_hash("A７县") == text_hash("a7县")
    assert text_hash("路灯坏了") != text_hash("路灯好了")
    assert len(text_hash("")) == 32
    assert int(text_hash("路灯"), 16) >= 0


def test_the_hash_is_stable() -> None:
    assert text_hash("路灯坏了") == "66b4f80b4ee71c1ec2161488cb1aaf60"


def test_copies_with_small_changes_are_one() -> None:
    texts = [
        POST,
        OTHER,
        "【转】" + POST,
        POST.replace("半个月", "大半个月") + "谢谢！",
        POST.replace("，", ","),
        OTHER + "顶",
    ]
    assert near_duplicate_groups(texts) == [0, 1, 0, 0, 0, 1]


def test_short_texts_are_nobodys_copies() -> None:
    assert near_duplicate_groups(["顶", "顶！", "同意", "顶一下", "同意"]) == [0, 1, 2, 3, 4]


def test_texts_without_words_stay_apart() -> None:
    assert near_duplicate_groups(["", "", "。", "\ud800"]) == [0, 1, 2, 3]
    assert near_duplicate_groups([]) == []


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: "尊敬的领导：您好！" + text,
        lambda text: text.replace("，", "。").replace("路灯", "路灯 "),
        lambda text: text + "谢谢！！！",
        lambda text: text.replace("不安全", "特别不安全"),
        lambda text: "第三次发帖：" + text,
        lambda text: text[:-8],
        lambda text: text.replace("灯", "燈").replace("门", "門"),
    ],
)
def test_an_edited_copy_is_a_copy(edit: Callable[[str], str]) -> None:
    assert near_duplicate_groups([POST, OTHER, edit(POST)]) == [0, 1, 0]


@pytest.mark.parametrize(("old", "new"), [("3栋", "5栋"), ("3栋", "三十栋"), ("12点", "11点"), ("3栋", "")])
def test_another_number_is_another_text(old: str, new: str) -> None:
    post = POST.replace("小区的业主", "小区3栋的业主").replace("晚上", "晚上12点以后")
    assert near_duplicate_groups([post, post.replace(old, new), post + "！"]) == [0, 1, 0]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("阳光小区", "翠湖小区"),
        ("阳光小区", "丽水花园"),
        ("阳光小区", "明德中学"),
        ("我是阳光小区的", "我们是双河村的"),
        ("希望有关部门", "反对有关部门"),
    ],
)
def test_the_same_words_about_another_place_are_another_text(old: str, new: str) -> None:
    post = POST.replace("希望有关部门", "支持有关部门") if "反对" in new else POST
    other = post.replace(old.replace("希望", "支持"), new)
    assert near_duplicate_groups([post, other, "尊敬的领导：您好！" + other]) == [0, 1, 1]


def test_a_long_text_about_another_place_is_another_text_though_sketches_are_alike() -> None:
    long = "请问什么时候能办理，需要带哪些材料，到哪个窗口，周末上不上班？" * 2 + POST + OTHER * 2
    assert near_duplicate_groups([long, long.replace("阳光", "翠湖", 1)]) == [0, 1]


def test_paragraphs_in_another_order_and_slips_of_the_pen_are_copies() -> None:
    first, second = POST[:60], POST[60:]
    assert near_duplicate_groups([POST, second + first, POST.replace("漆黑", "七黑")]) == [0, 0, 0]


def test_most_edited_copies_of_short_posts_are_met() -> None:
    draw = random.Random(1)
    signs = "路灯小区电梯垃圾停水噪音物业业主孩子学校公交晚上没有处理希望请问什么时候领导修好门口车位"
    posts = ["".join(draw.choices(signs, k=40)) for _ in range(200)]
    edited = [post[:20] + "啊" + post[20:] for post in posts]
    labels = near_duplicate_groups([*posts, *edited])
    assert sum(labels[row] == labels[row + 200] for row in range(200)) >= 195
    assert len(set(labels[:200])) == 200


def test_same_place_and_topic_is_not_the_same_text() -> None:
    first = "丽景小区三栋楼下烧烤店油烟直排，熏得人睡不着，请环保部门查一查"
    second = "丽景小区三栋楼下烧烤店半夜还在营业，桌椅占了人行道，请城管部门管一管"
    assert near_duplicate_groups([first, second]) == [0, 1]


def test_many_copies_are_grouped_in_one_pass() -> None:
    draw = random.Random(0)
    others = ["".join(draw.choices("天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往", k=60)) for _ in range(300)]
    texts = [POST + "顶" * (index % 7) for index in range(700)] + others
    labels = near_duplicate_groups(texts)
    assert set(labels[:700]) == {0}
    assert len(set(labels[700:])) == 300


@given(
    st.lists(
        st.sampled_from([POST, POST[:-6], OTHER, OTHER + "急", "顶", "", "路灯"]) | st.text(max_size=30),
        max_size=12,
    )
)
def test_labels_are_the_same_groups_in_any_order(texts: list[str]) -> None:
    labels = near_duplicate_groups(texts)
    assert labels == near_duplicate_groups(texts)
    backwards = near_duplicate_groups(texts[::-1])[::-1]
    pairs = [(i, j) for i in range(len(texts)) for j in range(i)]
    assert all((labels[i] == labels[j]) == (backwards[i] == backwards[j]) for i, j in pairs)
    assert len(labels) == len(texts)
