"""What an issue is called: what and where, in the words of one of its own titles."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.profiles import ThreadText
from analysis.whereabouts import place_names
from analysis.wording import pairs

_READ = 60  # threads looked at; a large issue's name is settled by then
_OPENERS = re.compile(
    r"^(?:再次|强烈|第.次|关于|对于|反映|反应|投诉|举报|咨询|请问|问问|恳请|恳求|请求|希望|建议|求助|急|!|！|，|,|\s)+"
)
_WORN = re.compile(r"(?:的)?(?:问题|情况|事宜|投诉|咨询|建议|反映)?[？！?!。.，,~～…\s]*$")
_SURNAMES = "王李张刘陈杨黄赵周吴徐孙马胡朱郭何林罗高郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严"
_PERSON = re.compile(
    rf"[{_SURNAMES}](?:某+|[xX×*]{{1,2}})|[{_SURNAMES}][\u4e00-\u9fa5]{{0,2}}(?:老师|医生|女士|先生|校长|经理|老板)"
)
_MASKED = re.compile(r"[*×█〔〕【】\[\]]")
LONGEST = 36


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What an issue is called and where it is."""

    id: int
    title: str
    place: str | None


def name_issue(issue: int, threads: Sequence[ThreadText], given: str | None) -> Naming:
    """Name an issue after its most typical title that says where; staff's name goes before."""
    read = threads[:_READ]
    place = _place(read)
    return Naming(id=issue, title=given or _title([thread.title for thread in read], place), place=place)


def _place(threads: Sequence[ThreadText]) -> str | None:
    """The fullest name that most titles have."""
    names: Counter[str] = Counter()
    for thread in threads:
        found = place_names(thread.title, thread.places) or place_names(thread.text[:120], thread.places)
        names.update(name for name in found if not _PERSON.search(name))
    support = {name: sum(count for other, count in names.items() if name in other) for name in names}
    if not support:
        return None
    most = max(support.values())
    if most * 3 < len(threads):
        return None
    return max(
        (name for name in support if support[name] * 2 > most),
        key=lambda name: (len(name), support[name], name),
    )


def _title(titles: Sequence[str], place: str | None) -> str:
    """The title nearest to all others, by character pairs; one with the place and without a person first."""
    common = Counter(pair for title in titles for pair in set(pairs(title)))

    def fit(title: str) -> tuple[bool, bool, float, str]:
        own = set(pairs(title))
        typical = sum(common[pair] for pair in own) / (len(own) + 6)
        return (not _named(title), place is not None and place in title, typical, title)

    chosen = max(titles, key=fit)
    return _tidy(_PERSON.sub("有人", chosen) if _named(chosen) else chosen)


def _named(title: str) -> bool:
    return bool(_PERSON.search(title) or _MASKED.search(title))


def _tidy(title: str) -> str:
    short = _WORN.sub("", _OPENERS.sub("", title)).strip()
    text = short if len(short) >= 4 else title.strip()
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
