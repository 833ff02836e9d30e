"""Masking: the blind list of cases, what is promised for any text, and how spans are told."""

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.mask import find_personal, mask_text

CASES: list[dict[str, Any]] = [
    json.loads(line)
    for line in Path(__file__).with_name("mask_cases.jsonl").read_text(encoding="utf-8").splitlines()
]
NUMBERS = {"mobile", "landline", "id_card", "bank_card", "plate", "email", "qq", "wechat", "door", "account"}


def plain(text: str) -> str:
    """NFKC without what people put between digits: a mask that only rewrites digits would show."""
    return re.sub(r"[\s\-‐-―－_.·•・/~()（）,，、]", "", unicodedata.normalize("NFKC", text))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['kind']}-{case['id']}")
def test_every_case_of_the_blind_list(case: dict[str, Any]) -> None:
    masked = mask_text(case["text"])
    assert not [secret for secret in case.get("secret", []) if secret in masked]
    assert not [digits for digits in case.get("digits", []) if digits in plain(masked)]
    assert not [kept for kept in case.get("keep", []) if kept not in masked]
    if case["kind"] == "none":
        assert masked == case["text"]


def test_the_list_is_as_long_as_promised() -> None:
    assert len(CASES) >= 500
    assert sum(case["kind"] == "none" for case in CASES) >= 100
    assert {case["kind"] for case in CASES} >= NUMBERS


def test_finds_tell_kind_span_and_reason() -> None:
    text = "联系人：朱琦梦，电话138-0013-8000"
    name, phone = find_personal(text)
    assert (name.kind, text[name.start : name.end]) == ("姓名", "朱琦梦")
    assert (phone.kind, text[phone.start : phone.end]) == ("手机号", "138-0013-8000")
    assert "联系人" in name.reason
    assert "138" not in phone.reason


def test_a_number_in_other_scripts_is_the_same_number() -> None:
    for written in (
        "１３８００１３８０００",
        "一三八零零一三八零零零",
        "①③⑧⓪⓪①③⑧⓪⓪⓪",
        "138\u200b0013\u200b8000",
        "٠١٣٨٠٠١٣٨٠٠٠",
    ):
        assert mask_text(f"请打{written}找我") == "请打〔手机号〕找我"


def test_checksums_decide() -> None:
    assert mask_text("11010519491231002X") == "〔身份证号〕"
    assert mask_text("6222 0212 3456 7890 128") == "〔银行卡号〕"
    assert mask_text("订单号6222021234567890128") == "订单号6222021234567890128"


def test_officials_places_and_brands_stay() -> None:
    text = "李书记，张家村的老张家烧烤占道，打12345没人管，王市长请过问。康师傅方便面涨价了"
    assert mask_text(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "热线12345、96111、12320，电话12345打不通，0731-12345",
        "联系人：物业。业主方便时再来，业主和老人都同意，本人来自外地",
        "小车司机乱停，驾校纵容教练员收钱，谢谢老师，校方老师，提高老师待遇",
        "2栋105平方米，12栋300户居民，1栋2019年交房，3号楼2018年建成，一座650吨加油站",
        "桩号55、63、68、802、147、226、262、26、38",
        "坐标113.923456,28.123456，第0.138001380001号样本，G60高速K123+456",
    ],
)
def test_what_only_looks_personal_stays(text: str) -> None:
    assert mask_text(text) == text


def test_a_name_is_masked_wherever_it_stands() -> None:
    masked = mask_text("村民胡军学强占自留地。多次劝说，胡军学仍不听，镇里对胡军学没有办法。")
    assert "胡军学" not in masked
    assert masked.count("〔姓名〕") == 3


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("①13800138000②13900139000", "①〔手机号〕②〔手机号〕"),
        ("1.13800138000 2.13900139000", "1.〔手机号〕 2.〔手机号〕"),
        ("13800138000139001390000", "13800138000139001390000"),
        ("1380013800013900139000", "〔手机号〕〔手机号〕"),
        ("1\ufe0f\u20e313800138000", "1\ufe0f\u20e3〔手机号〕"),
    ],
)
def test_numbers_of_items_are_no_part_of_a_number(said: str, kept: str) -> None:
    assert mask_text(said) == kept


def test_what_is_found_between_unseen_characters_has_its_place_in_the_text() -> None:
    text = "车牌\u200b湘A\u200b12345，\u2060扣扣80\u200b923417"
    assert [text[span.start : span.end] for span in find_personal(text)] == [
        "湘A\u200b12345",
        "80\u200b923417",
    ]


def test_a_mask_is_no_label_for_what_follows() -> None:
    assert mask_text(mask_text("13800138000 8888123")) == mask_text("13800138000 8888123")


pieces = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from(
            [
                "电话",
                "微信",
                "QQ",
                "我叫",
                "张三",
                "李老师",
                "栋",
                "单元",
                "身份证",
                "@",
                "-",
                "转",
                "〔手机号〕",
                "，",
                "抖音号：dy88213x",
                "小红书",
                "支付宝账号",
                "账号：",
                "@小青年",
                "王建国",
                "反映",
                "𠮷",
            ]
        ),
        st.text("0123456789０１一二三 -.", max_size=24),
    ),
    max_size=8,
).map("".join)


@given(pieces)
def test_masking_twice_changes_nothing(text: str) -> None:
    for note in (False, True):
        once = mask_text(text, note=note)
        assert mask_text(once, note=note) == once


@given(pieces)
def test_only_the_spans_change(text: str) -> None:
    spans = find_personal(text)
    end = 0
    for span in spans:
        assert end <= span.start < span.end <= len(text)
        assert span.reason
        end = span.end
    if not spans:
        assert mask_text(text) == text


@given(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.sampled_from(["", " ", "-", "—", ".", "·", "_", "\u3000", "🌸"]),
    st.text(st.characters(exclude_categories=("Nd", "No", "Nl", "Cs")), max_size=6),
)
def test_a_mobile_never_survives(mobile: str, gap: str, after: str) -> None:
    written = gap.join((mobile[:3], mobile[3:7], mobile[7:]))
    masked = mask_text(f"，{written}。{after}")
    assert mobile not in plain(masked)
    assert written not in masked


@given(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.sampled_from(
        ["０１２３４５６７８９", "零一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖", "⓪①②③④⑤⑥⑦⑧⑨", "Ol23456789"]
    ),
    st.sampled_from(["", " ", "-", "·", "杠", "空格", "\u200b", "\u2060", "🌸"]),
)
def test_a_mobile_in_other_figures_never_survives(mobile: str, figures: str, gap: str) -> None:
    written = "".join(figures[int(digit)] for digit in mobile)
    if sum(character.isnumeric() for character in written) < 6:
        return
    written = gap.join((written[:3], written[3:7], written[7:]))
    assert mask_text(f"请打{written}找我") == "请打〔手机号〕找我"


@given(st.text(st.characters(categories=("Cs", "Cc", "Lo", "So", "Nd")), max_size=200))
def test_any_text_survives(text: str) -> None:
    assert isinstance(mask_text(text), str)


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1 ",
        "138-",
        "抖音",
        "抖音号a",
        "微博@",
        "@a",
        "王建国，",
        "张老师",
        "李同志",
        "老王",
        "我叫",
        "@",
        "栋1",
        "a.",
        "前三位1",
        "\ud800",
        "\x00",
    ],
)
def test_a_long_text_survives(piece: str) -> None:
    masked = mask_text(piece * (50_000 // len(piece)))
    assert mask_text(masked) == masked


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("已转王强同志办理", "已转〔姓名〕同志办理"),
        ("请李同志和小王同志联系", "请〔姓名〕同志和〔姓名〕同志联系"),
        ("发帖人王强要求删帖，致电王强核实", "发帖人〔姓名〕要求删帖，致电〔姓名〕核实"),
        ("王强来电反映", "〔姓名〕来电反映"),
    ],
)
def test_names_in_notes_of_staff_are_masked(said: str, kept: str) -> None:
    assert mask_text(said) == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("王建国家违建问题", "〔姓名〕家违建问题"),
        ("已同张伟见面，与李秀英沟通后同意撤诉", "已同〔姓名〕见面，与〔姓名〕沟通后同意撤诉"),
        ("李秀英、张桂兰两户未签协议", "〔姓名〕、〔姓名〕两户未签协议"),
        ("欧阳翠花低保问题", "〔姓名〕低保问题"),
        ("转社区书记找吴桂英谈", "转社区书记找〔姓名〕谈"),
        ("并入：同为郑卫东发帖", "并入：同为〔姓名〕发帖"),
        ("赵敏家漏水", "〔姓名〕家漏水"),
    ],
)
def test_names_without_a_cue_are_masked_in_what_staff_write(said: str, kept: str) -> None:
    assert mask_text(said, note=True) == kept


@pytest.mark.parametrize(
    "said",
    [
        *(
            "张家村自来水浑浊",
            "文明路堵车",
            "白云花园物业不作为",
            "李宁专卖店退货",
            "杜绝违建",
            "王家桥头积水",
        ),
        *(
            "请王强书记阅示",
            "报局长李建国，李建国同意",
            "黄牛占道",
            "东方明珠",
            "同仁堂",
            "两帖同一地点，合并",
        ),
        *(
            "鲁迅故里周边停车",
            "学习雷锋，志愿者已到场",
            "万达广场停车收费",
            "施工方承诺月底完工",
            "黄金周，停车难",
        ),
    ],
)
def test_places_brands_and_leaders_stand_in_what_staff_write(said: str) -> None:
    assert mask_text(said, note=True) == said


@pytest.mark.parametrize(
    "said",
    [
        *("请王强书记阅示", "李明局长已阅", "张主任批示"),
        *("公安同志辛苦了", "城管同志和房管同志", "老同志、女同志、党员同志们", "退休同志", "向雷锋同志学习"),
    ],
)
def test_offices_and_comrades_without_a_name_stand(said: str) -> None:
    assert mask_text(said) == said
