"""Matters, praise and chatter, in the words of a town that none of our lists knows."""

import re
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from analysis import role_words
from analysis.posts import read_posts
from analysis.roles import WEIGHTS, role_of, weigh
from minyi.demo.town import build_town

ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 20, 9, tzinfo=ZONE)
# What the shipped models tend to say of colloquial posts: nothing.
UNSURE = {"intent": "其他", "sentiment": "neu", "p_neg": 0.5, "board": None}

MATTERS = (
    ("门口这条沟到底啥时候盖上盖板", "下雨天水和路一样平，看不出来哪是沟，上回一辆三轮直接栽进去。"),
    ("一楼麻将馆开到凌晨两点", "噼里啪啦加上骂人，报过警，人走了又接着打。"),
    ("又停气了", "做饭做到一半没火，连个通知都没有，这个月第三次了。"),
    ("楼下烧烤摊烟往屋里灌", "窗户关着都呛，打了几次电话没用。"),
    ("医院缴费机三台坏两台", "人工窗口又只开一个，老人站得直晃。"),
    ("新小区交房一年了，房产证影子都没有", "问售楼部说在办，问房管说没收到材料。"),
    ("请问高龄津贴几月份发", "老人八十二了，往年三月就到账，今年还没动静。"),
    ("老师收了两百块资料费，不给收据", "想知道这个合不合规定。"),
    ("厂里三个月没发钱了", "老板躲着不见，四十几号人等米下锅，劳动局那边要带什么去。"),
    ("村口的桥裂了一道缝", "拉沙的大车还照样走，谁来管管。"),
)
CHATTER = (
    ("周末去哪爬山好", "最近天气不错，想找个人少的地方走走，大家推荐一下。"),
    ("出一辆童车，几乎没用过", "娃不肯坐，白菜价，自己来拿。"),
    ("我家狗今天会握手了", "教了两个月，用了三斤鸡胸肉。"),
    ("这部剧结局太烂了", "追了四十集就给我看这个？"),
    ("转一张理发店会员卡", "搬走了，里面还有三百，两百五出。"),
    ("求购一台二手电饭煲", "预算一百，最好自提。"),
    ("今晚吃火锅的请举手", "排号排到六十三，饿得能吃桌布。"),
    ("论坛发帖须知", "一、请文明发言。二、广告请到交易版。三、反映问题请写清地点。——版主"),
    ("猫咪不吃饭怎么办", "换了三种粮都不肯吃。"),
    ("高价回收烟酒礼品", "上门，现款，电话联系。"),
)
# A public trouble in one sentence, as residents write it where they chat.
TERSE = (
    *(
        "桥头路灯又灭了",
        "自来水发黄两天了",
        "塌方的土清了没有",
        "村口那条路还修不修",
        "今晚又停水了？",
        "河里又漂死鱼了",
    ),
    *(
        "小区门口垃圾三天没人收",
        "12路等了四十分钟不来",
        "二小门口放学堵得走不动",
        "河边流浪狗又咬人了",
        "低保钱这个月还没发？",
    ),
    *(
        "学校食堂的饭是馊的",
        "卫生院晚上没医生值班",
        "隔壁工地半夜还在打桩",
        "东大街啥时候通车",
        "暖气费交了不热",
    ),
    *("公园漂亮，就是厕所臭", "哈哈又停电了"),
)
# Beside a public thing, and no trouble.
SAID_LIGHTLY = (
    *(
        "路上堵车听歌",
        "学校门口那家粉好吃",
        "今天停水正好不洗碗",
        "公交上捡到一串钥匙，失主联系",
        "医院门口那家包子一绝",
    ),
    *(
        "出一辆电动车，没坏过",
        "等公交的时候看完一集剧",
        "桥头那家面馆几点开门",
        "晚上广场跳舞的阿姨真有劲",
        "祝大家中秋快乐",
    ),
    *("垃圾分类的段子笑死", "谁有老街以前的照片", "相亲对象问我会不会修水龙头", "水库钓鱼，一条没上钩"),
)
LEISURE = ("灌水", "闲聊", "茶余饭后", "家长里短")
PRAISE = (
    ("给环卫阿姨点个赞", "凌晨下雪，她们已经把天桥扫出来了。"),
    ("必须夸夸社区的小姑娘", "老人不会用手机，她跑了三趟上门帮忙办好，态度特别好。"),
    ("上周报的路灯修好了，点赞", "早上打的热线，下午师傅就来了，给力。"),
)
IRONY = (
    ("真是谢谢你们让我又一夜没睡", "楼下工地打桩打到三点，佩服。"),
    ("给我们物业点赞，电梯坏半个月还能收物业费", "天天爬十六楼，腿都细了，什么时候修？"),
)


def posts_of(town: Any) -> Any:
    return read_posts(town.frame, ZONE, date(2026, 11, 22))


@pytest.mark.parametrize(("title", "text"), MATTERS)
def test_colloquial_problems_are_matters_without_the_models_help(town: Any, title: str, text: str) -> None:
    town.thread(title, text, AT, **UNSURE)
    assert role_of(posts_of(town)) == "matter"


@pytest.mark.parametrize(("title", "text"), CHATTER)
def test_trade_pets_and_rules_are_chatter(town: Any, title: str, text: str) -> None:
    town.thread(title, text, AT, **UNSURE)
    assert role_of(posts_of(town)) == "chatter"


@pytest.mark.parametrize("board", LEISURE)
@pytest.mark.parametrize("title", TERSE)
def test_a_public_trouble_told_in_one_sentence_is_a_matter_wherever_it_stands(
    town: Any, title: str, board: str
) -> None:
    town.thread(title, "如题", AT, **UNSURE | {"board": board, "p_neg": 0.2})
    assert role_of(posts_of(town)) == "matter"


@pytest.mark.parametrize("board", LEISURE)
@pytest.mark.parametrize("title", SAID_LIGHTLY)
def test_small_talk_beside_a_public_thing_stays_chatter(town: Any, title: str, board: str) -> None:
    town.thread(title, "如题", AT, **UNSURE | {"board": board})
    assert role_of(posts_of(town)) == "chatter"


def test_the_trouble_may_stand_in_the_first_words_of_the_text(town: Any) -> None:
    town.thread("有人在吗", "三单元电梯又坏了", AT, **UNSURE | {"board": "灌水"})
    assert role_of(posts_of(town)) == "matter"


def test_a_trouble_far_down_a_long_text_is_not_what_it_is_about(town: Any) -> None:
    town.thread(
        "周末流水账", "先去看了外婆，又去剪了头发。" * 8 + "路灯灭了。", AT, **UNSURE | {"board": "灌水"}
    )
    assert weigh(posts_of(town))["plain"] == 0


def test_a_leisure_board_counts_against_what_neither_asks_nor_tells(town: Any) -> None:
    for intent, counted in (("其他", True), ("咨询", False)):
        town.thread(
            "外地医保卡换本地的，要带哪几样", "谢谢", AT, **UNSURE | {"board": "灌水", "intent": intent}
        )
        asked = [thread for thread in posts_of(town).by_thread() if thread.intent[0] == intent]
        assert (weigh(asked[0])["leisure_board"] < 0) is counted


@pytest.mark.parametrize(("title", "text"), PRAISE)
def test_thanks_for_a_public_good_are_praise(town: Any, title: str, text: str) -> None:
    town.thread(title, text, AT, **UNSURE | {"sentiment": "pos", "p_neg": 0.1})
    assert role_of(posts_of(town)) == "praise"


@pytest.mark.parametrize(("title", "text"), IRONY)
def test_ironic_thanks_are_no_praise(town: Any, title: str, text: str) -> None:
    town.thread(title, text, AT, **UNSURE | {"sentiment": "pos"})
    assert role_of(posts_of(town)) == "matter"


def test_an_official_opening_post_is_no_matter_by_itself(town: Any) -> None:
    notice = town.thread(
        "关于停水的通知", "因管道抢修，明日全城停水，请储水备用。", AT, agency="水务集团", **UNSURE
    )
    assert role_of(posts_of(town)) == "chatter"
    for number, text in enumerate(("收到", "谢谢通知", "知道了")):
        town.reply(notice, text, AT + timedelta(hours=number), **UNSURE)
    assert role_of(posts_of(town)) == "chatter"


def test_complaints_under_an_official_post_are_a_matter(town: Any) -> None:
    notice = town.thread("美食地图第三期", "今日推荐：鱼丸。", AT, agency="新闻办", **UNSURE)
    for number, text in enumerate(("先管管停水吧", "三楼以上一滴没有", "为什么没人回复")):
        town.reply(notice, text, AT + timedelta(hours=number))
    assert role_of(posts_of(town)) == "matter"


def test_the_better_half_of_the_threads_decides(town: Any) -> None:
    for number in range(2):
        town.thread(*MATTERS[number], AT + timedelta(hours=number), **UNSURE)
        town.thread(*CHATTER[number], AT + timedelta(hours=number, minutes=5), **UNSURE)
    assert role_of(posts_of(town)) == "matter"


def test_every_term_has_a_published_weight(town: Any) -> None:
    town.thread(*MATTERS[0], AT, **UNSURE)
    terms = weigh(posts_of(town))
    assert set(terms) == set(WEIGHTS)
    assert terms["asking"] > 0
    assert terms["trade"] == 0


def test_nothing_written_by_residents_is_chatter(town: Any) -> None:
    town.thread("澳门棋牌", "注册送88元", AT, spam=True)
    assert role_of(posts_of(town)) == "chatter"


def test_trying_alternatives_only_where_they_may_begin_finds_the_same() -> None:
    text = "".join(
        post.text
        for site in build_town(0, AT.date()).sites
        for thread in site.threads
        for post in thread.posts
    )
    patterns = [value for value in vars(role_words).values() if isinstance(value, re.Pattern)]
    assert len(patterns) > 10
    for pattern in patterns:
        plain = re.compile(re.sub(r"\(\?=\[[^\]]*\]\)", "", pattern.pattern))
        assert pattern.findall(text) == plain.findall(text)
