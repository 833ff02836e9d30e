"""Proper names of places inside a text: estates, schools, villages, roads.

Reading finds spans that say where; grouping needs the name alone, without the verb
before it and the town around it, so that "投诉北岭街道春晖苑小区" and "春晖苑" agree.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from pipelines.lexicons import where_one_begins

_ADMIN: Final = "省|市|县|区"
_TOWN: Final = "街道|开发区|高新区|新区|镇|乡"
_ROAD: Final = "大道|公路|高速|路口|路|大街|街|巷|胡同|立交|大桥|桥|号线|隧道"
_SPOT: Final = (
    "小区|社区|安置区|家园|花园|公寓|公园|广场|大厦|商场|超市|菜市场|市场|学校|中学|小学|幼儿园|大学|学院|医院|卫生院|"
    "诊所|车站|地铁站|火车站|机场|工地|工厂|水厂|厂|水库|新村|村|组|苑|城|湾|府|郡|园|庭|汇|轩|阁|居|楼|堂|馆|寺|店|场|港|岛|滩|"
    "墅|邸|湖|河|山|公司|集团|项目|驾校|国际|时代|院"
)
_KINDS: Final = f"{_ADMIN}|{_TOWN}|{_ROAD}|{_SPOT}".split("|")
_PLACE = re.compile(
    rf"([A-Za-z0-9·\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af]{{1,8}}?){where_one_begins(_KINDS)}(?:({_ADMIN}|{_TOWN})|({_ROAD})|({_SPOT}))"
)
# Words that end what came before: a name does not run across them.
_BREAKS: Final = (
    "反映|反应|投诉|举报|咨询|请问|建议|关于|希望|请求|恳请|恳求|解决|处理|要求|位于|住在|我是|我们|您好|你好|领导|督促|"
    "来自|附近|旁边|对面|今天|昨天|明天|今晚|昨晚|周末|听说|时间|什么|怎么|为何|何时|能否|是否|可以|问题|严重|违规|违法|再次|强烈|"
    "请|谁|说|去|还|占|的|在|对|和|与|被|把|让|到|从|给|及|将|由|向|有|是|了|我"
)
_BREAK = re.compile(f"{where_one_begins(_BREAKS.split('|'))}(?:{_BREAKS})")
_NUMBERED = re.compile(r"[\dA-Za-z一二三四五六七八九十]+.?")
# What every town has is nobody's name.
_COMMON = frozenset((*_KINDS, "物业公司", "开发商公司", "停车场", "业主楼", "住宅楼", "居民楼", "派出所"))
_LONGEST_ADMIN = 3
_GIVEN = range(3, 8)  # characters of a name taken over from reading

Names = Mapping[str, bool]
"""Name → whether it is a spot (an estate, a school), not a road."""


@lru_cache(maxsize=1 << 15)  # a title is asked for when its thread is grouped and when its issue is named
def place_names(text: str, given: tuple[str, ...] = ()) -> Names:
    """Names of spots and roads in the text; `given` are spans that reading found in it."""
    names: dict[str, bool] = {}
    for run in _runs(text):
        for found in _PLACE.finditer(run):
            core, area, road, spot = found.groups()
            if area and (area in _TOWN.split("|") or len(core) <= _LONGEST_ADMIN):
                continue
            name = core if spot in ("小区", "社区") else found[0]
            if len(name) > 1 and name not in _COMMON and not _NUMBERED.fullmatch(name):
                names[name] = road is None
    for span in given:
        if len(span) in _GIVEN and span in text and not _BREAK.search(span) and not _ends_in_area(span):
            names.setdefault(span, True)
    return names


def _ends_in_area(span: str) -> bool:
    return span.endswith(tuple(f"{_ADMIN}|{_TOWN}|{_ROAD}".split("|")))


def _runs(text: str) -> list[str]:
    """The stretches between punctuation and words that no name contains."""
    return re.sub(r"\W+", " ", _BREAK.sub(" ", text)).split()
