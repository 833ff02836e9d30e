"""The topic language: what is read, what is refused and where, and that it reads what it writes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.query import (
    And,
    Choices,
    Document,
    Field,
    Node,
    Not,
    Or,
    QueryError,
    Word,
    all_of,
    any_of,
    fold_text,
    format_query,
    matches,
    parse_query,
)
from pipelines.query.folding import text_grams, word_grams
from pipelines.query.language import leaves

DISMANTLED = And((Word("百草堂"), Or((Word("拆"), Word("重建"))), Not(Word("广告"))))


@pytest.mark.parametrize(
    "query",
    [
        "百草堂 AND (拆 OR 重建) NOT 广告",
        "百草堂 与 （拆 或 重建） 非 广告",
        "百草堂 （拆 or “重建”） and not 「广告」",
        " 百草堂(拆 ＯＲ 重建)NOT 广告\n",
    ],
)
def test_ways_to_write_one_query(query: str) -> None:
    assert parse_query(query) == DISMANTLED


def test_or_binds_less_than_and_and_not() -> None:
    assert parse_query("甲 乙 OR NOT 丙 丁") == Or(
        (And((Word("甲"), Word("乙"))), And((Not(Word("丙")), Word("丁"))))
    )


def test_operators_inside_words_and_quotes_are_words() -> None:
    assert parse_query('参与 非法 “与” "NOT"') == And(tuple(map(Word, ("参与", "非法", "与", "NOT"))))


def test_conditions_in_either_language_and_width() -> None:
    query = "地点：中山街 place:“望海 路” 片区:古城街道 类别：照明 来源:bbs since:2026/1/5 至：2026年11月22日"
    wanted = [
        *(("place", "中山街"), ("place", "望海 路"), ("district", "古城街道"), ("category", "照明")),
        *(("source", "bbs"), ("from", "2026-01-05"), ("to", "2026-11-22")),
    ]
    assert [
        (leaf.name, leaf.value) for leaf in leaves(parse_query(query)) if isinstance(leaf, Field)
    ] == wanted


def test_a_time_of_day_is_a_word() -> None:
    assert parse_query("8:30 停水") == And((Word("8:30"), Word("停水")))


def test_a_hundred_words_are_not_too_many() -> None:
    words = [f"词{number}" for number in range(100)]
    assert len(list(leaves(parse_query(" OR ".join(words))))) == 100


CHOICES: Choices = {"source": {"bbs": "bbs", "海平在线": "bbs"}, "district": {}}


def test_a_source_may_be_called_by_its_title() -> None:
    assert parse_query("来源:海平在线 灯", CHOICES) == And((Field("source", "bbs"), Word("灯")))


@pytest.mark.parametrize(
    ("query", "position", "reason"),
    [
        ("", 0, "空的"),
        ("（）", 1, "括号里是空的"),
        ("拆 (重建", 2, "没有配对的右括号"),
        ("拆）", 1, "多了一个右括号"),
        ("拆 OR", 4, "后面缺一个词"),
        ("OR 拆", 0, "前面缺一个词"),
        ("拆 AND OR 建", 6, "前面缺一个词"),
        ("“拆", 0, "没有配对的 ”"),
        ("拆，迁", 1, "不是运算符"),
        ("！！", 0, "没有可以查的字"),
        ("灯 作者:老王", 2, "只看事"),
        ("灯 AUTHOR：x", 2, "只看事"),
        ("灯 titel:x", 2, "不认识条件"),
        ("灯 place:", 8, "后面缺内容"),
        ("灯 from:昨天", 7, "看不懂日期"),
        ("灯 to:2026-02-31", 5, "看不懂日期"),
        ("灯 from:0001-01-01", 7, "看不懂日期"),
        ("灯 source:none", 9, "没有“none”"),
        ("灯 区域:古城", 5, "还没有配置"),
        ("NOT 广告", 0, "只有排除"),
        ("灯 OR NOT 广告", 5, "只有排除"),
        ("NOT (灯 OR 路)", 0, "只有排除"),
        ("source:bbs from:2026-01-01", 0, "来源或日期"),
        ("NOT " * 50 + "灯", 80, "套得太深"),
        ("灯 " * 400, 0, "词太多"),
        ("灯" * 5000, 4000, "太长"),
    ],
)
def test_a_mistake_is_pointed_at(query: str, position: int, reason: str) -> None:
    with pytest.raises(QueryError, match=reason) as error:
        parse_query(query, CHOICES)
    assert error.value.position == position
    assert f"第 {position + 1} 个字" in str(error.value)


def test_the_caret_stands_below_the_mistake() -> None:
    with pytest.raises(QueryError) as error:
        parse_query("路灯 ab\n灯 ，x")
    assert error.value.pointer == ("灯 ，x", "　 ^")


def test_a_double_negation_is_not_only_not() -> None:
    assert parse_query("NOT NOT 灯") == Not(Not(Word("灯")))
    assert parse_query("NOT (NOT 灯 OR 路)") == Not(Or((Not(Word("灯")), Word("路"))))


LETTERS = st.one_of(
    st.sampled_from('拆迁重建震元堂与或非路灯ABab12 "“”\\():：，\n　'),
    st.characters(exclude_categories=["Cs"]),
)
WORDS = st.text(LETTERS, min_size=1, max_size=6).filter(lambda text: any(map(str.isalnum, fold_text(text))))
DAYS = st.dates(date(1900, 1, 1), date(2999, 12, 31)).map(str)
CONDITIONS = st.one_of(
    st.builds(Field, st.sampled_from(["place", "source", "district", "category"]), WORDS),
    st.builds(Field, st.sampled_from(["from", "to"]), DAYS),
)


def nodes(words: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.recursive(
        words,
        lambda inner: st.one_of(
            inner.map(Not),
            st.lists(inner, min_size=2, max_size=3).map(lambda found: all_of(*found)),
            st.lists(inner, min_size=2, max_size=3).map(lambda found: any_of(*found)),
        ),
        max_leaves=8,
    )


@given(nodes(st.one_of(WORDS.map(Word), CONDITIONS)))
def test_what_is_written_reads_back(node: Node) -> None:
    grounded = all_of(Word("灯"), node)
    assert parse_query(format_query(grounded)) == grounded


PIECES = st.one_of(LETTERS, st.sampled_from(["AND ", "OR ", "NOT ", "place:", "作者：", "from:2026-01-0"]))


@given(st.lists(PIECES, max_size=30).map("".join))
def test_no_text_breaks_the_parser(query: str) -> None:
    try:
        node = parse_query(query)
    except QueryError as error:
        assert 0 <= error.position <= len(query)  # noqa: PT017 - most texts are refused
        line, caret = error.pointer
        assert caret.endswith("^")
        assert line in query
    else:
        assert parse_query(format_query(node)) == node


def doc(text: str) -> Document:
    return Document(text=fold_text(text), source="bbs", day=date(2026, 11, 22))


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("震元堂", "震元堂要拆迁了", True),
        ("元堂要", "震元堂要拆迁了", True),
        ("震元 元堂", "震元，元堂", True),
        ("震元堂", "震元，元堂", False),
        ("5G", "新建５ｇ基站", True),
        ("5g", "15G网络", False),
        ("3号线", "13号线", False),
        ("3号线", "坐3号线", True),
        ("bus", "the BUS stop", True),
        ("bus", "busy", False),
        ("臺灣", "台湾", True),
        ("“停水,停电”", "停水，停电", True),
        ("灯 NOT 广告", "灯的广告", False),
    ],
)
def test_substrings_but_whole_words_of_letters_and_digits(query: str, text: str, found: bool) -> None:
    assert matches(parse_query(query), doc(text)) is found


@given(st.text(LETTERS, max_size=20), st.text(LETTERS, max_size=20), st.text(LETTERS, max_size=20))
def test_folding_keeps_parts_parts(before: str, middle: str, after: str) -> None:
    assert fold_text(before + middle + after) == fold_text(before) + fold_text(middle) + fold_text(after)


@given(st.text(LETTERS, max_size=30), st.integers(0, 30), st.integers(1, 8))
def test_grams_find_every_text_that_has_the_word(text: str, start: int, length: int) -> None:
    word = text[start : start + length]
    if not any(map(str.isalnum, fold_text(word))) or not matches(Word(word), doc(text)):
        return
    grams = text_grams(text)
    whole, starts, _ = word_grams(word)
    assert set(whole) <= set(grams)
    assert all(any(gram.startswith(char) for gram in grams) for char in starts)


def test_folding_takes_width_case_and_script_apart() -> None:
    assert fold_text("ＡＢＣ　臺灣，①") == "abc 台湾,1"
