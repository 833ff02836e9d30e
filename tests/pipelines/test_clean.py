"""Cleaning: what goes, what stays, and that twice is once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.clean import clean_text, is_spam, strip_injected


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("書記您好！請問這個路燈什麼時候修？", "请问这个路灯什么时候修？"),
        ("Ａ７县　１２３％，好（吗）？", "A7县 123%，好（吗）？"),
        ("尊敬的市领导、李书记：您好！路灯坏了", "路灯坏了"),
        ("尊敬的领导：\n您好！路灯坏了。感谢您在百忙之中查看留言！", "路灯坏了。"),
        ("路灯坏了。此致\n敬礼！", "路灯坏了。"),
        ("路灯坏了😡😡^_^", "路灯坏了[怒][怒][微笑]"),
        ("看{:4_95:}这里[em:12]", "看 这里"),
        ("见 https://a.cn/b?c=d，谢谢", "见 ，谢谢"),
        ("本帖最后由 某人 于 2020-1-1 12:00 编辑\n路灯坏了", "路灯坏了"),
        ("[quote]原来的话[/quote]我同意", "我同意"),
        ("路灯坏了\n发自我的iPhone客户端", "路灯坏了"),
        ("<p>路灯&nbsp;坏了</p>", "路灯 坏了"),
        ("//@路人甲:同意", "同意"),
        ("路\u200b灯\x00坏\ud800了\ufeff", "路灯坏了"),
        ("", ""),
        ("😡", "[怒]"),
        ("1234567", "1234567"),
        ("كىتاب hello 唔該晒", "كىتاب hello 唔该晒"),
    ],
)
def test_what_goes_and_what_stays(raw: str, cleaned: str) -> None:
    assert clean_text(raw) == cleaned


@pytest.mark.parametrize(
    "unseen",
    "\x01\x1f\x7f\x9f\u00ad\u061c\u180e\u200b\u202e\u2066\ufe0f\ufeff\ufff9\ud800\U000e0001\U0010ffff",
)
def test_what_cannot_be_seen_goes_wherever_it_is_alone(unseen: str) -> None:
    assert clean_text(f"路{unseen}灯，坏了。") == "路灯，坏了。"


def test_a_word_is_no_greeting() -> None:
    for text in ("这条路好走多了", "为您好", "他尊敬老人", "回复不及时，态度不好"):
        assert clean_text(text) == text


SPAM = (
    "澳门新葡京真人娱乐，注册送彩金，百家乐老虎机，点击进入www.xx88.com",
    "代开发票，刻章办证，咨询热线微信：abc12345，全国秒到账",
    "北京赛车pk10时时彩计划群，稳赚不赔，加微信xx88xx",
    "无抵押贷款，黑户可贷，秒批放款快，加QQ123456",
)
HONEST = (
    "小区楼下有人开赌场，百家乐老虎机通宵，请公安查处",
    "收到代开发票的短信，请严查",
    "孩子刷单被骗了三万，派出所不立案怎么办",
    "彩票店门口停车太乱",
    "咨询公积金贷款额度",
    "",
    "😡",
)


@pytest.mark.parametrize("text", SPAM)
def test_advertising_is_spam(text: str) -> None:
    assert is_spam(text)


@pytest.mark.parametrize("text", HONEST)
def test_a_resident_is_not_spam(text: str) -> None:
    assert not is_spam(text)
    assert strip_injected(text) == text


def test_a_link_injected_into_an_honest_page_is_taken_out() -> None:
    honest = "关于调整公交线路的公告。自下月一日起，八路公交改走人民路，首班六点，末班二十二点，请市民留意。"
    page = f"{honest}\n北京赛车pk10开奖结果 www.pk10xx.com 注册送彩金"
    assert strip_injected(page).strip() == honest
    assert not is_spam(page)
    assert "赛车" not in clean_text(page)


pieces = st.lists(
    st.one_of(
        st.text(max_size=15),
        st.sampled_from(
            ["尊敬的领导", "您好", "！", "\n", " ", "http://", "www.", "[quote]", "[/quote]", "{:4_1:}", "<a ", ">", "&", "amp;", "^_^", "😡", "此致", "敬礼",
             "百忙之中", "感谢", "本帖最后由", "编辑", "//@", "：", "時時彩", "百家乐", "加微信", "乾隆", "瞭"]
        ),
    ),
    max_size=10,
).map("".join)  # fmt: skip


@given(pieces)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once


@given(st.text(st.characters(categories=("Cs", "Cc", "Cf", "Co", "Lo", "So", "Zs", "Zl")), max_size=200))
def test_no_control_character_or_surrogate_is_left(text: str) -> None:
    cleaned = clean_text(text)
    cleaned.encode()
    assert "\x00" not in cleaned
    assert not is_spam(text)


@pytest.mark.parametrize(
    "piece", ["1", "您好，", "尊敬的领导", "<a ", "[[quote]", "&#", "😡", "\ud800", "时时彩加微信"]
)
def test_a_long_text_survives(piece: str) -> None:
    cleaned = clean_text(piece * (50_000 // len(piece)))
    assert clean_text(cleaned) == cleaned
