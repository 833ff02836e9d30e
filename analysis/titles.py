"""What an issue is called: what and where, in the words of one of its own titles."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.profiles import ThreadText
from analysis.role_words import ASKING, PUBLIC, THANKS, TROUBLE
from analysis.whereabouts import place_names
from analysis.wording import pairs

_READ = 60  # threads looked at; a large issue's name is settled by then
_OPENERS = re.compile(
    r"^(?:尊敬的领导|您好|你好|向领导(?:反映|报告|求助)|请.{0,6}领导(?:重视|关注)|再次|强烈|第.次|关于|对于|反映|反应|投诉|举报|咨询|"
    r"请问|问问|恳请|恳求|请求|希望|盼望|建议|追问|求助|急|[!！，,、：:]|\s)+"
)
_WORN = re.compile(r"(?:的?(?:问题|情况|事宜|投诉|咨询|建议|反映))?[？！?!。.，,~～…\s]*$")
_SURNAMES = "王李张刘陈杨黄赵周吴徐孙马胡朱郭何林罗高郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严"
_PERSON = re.compile(
    rf"[{_SURNAMES}](?:某+|[xX×*]{{1,2}})|[{_SURNAMES}][\u4e00-\u9fa5]{{0,2}}(?:老师|医生|女士|先生|校长|经理|老板)"
)
_TWICE = re.compile(r"(\w{1,6}(?:[省市县区镇乡村]|街道))\1")  # slipped in again
_MASKED = re.compile(r"[*×█〔〕【】\[\]]")
_CLAUSE = re.compile(r"[，。！？；：,!?;:~～…\s]+")
_FEELING = re.compile(
    "感慨|心凉|心寒|心疼|伤心|难受|生气|气死|气人|吓死|哭|唉|哎|哈哈|呜|笑|烦|崩溃|无语|受不了|感动|舍不得|松口气|"
    "大家|你们|咱们?|兄弟|朋友|有人吗|在线等|给各位|早[，,]|晚安|这几天的?|说说|聊聊|听说|草稿"
)
_COUNTED = re.compile(
    r"\d{2,}|几米|几天|第[\d一二三四五六七八九十]+[天次回]|[一二三四五六七八九十\d]+天了|\d{1,2}[:：]\d\d"
)
_HEAD = 60  # characters of a text that say what it is about
_SHORTEST = 8
_LONG = 22
LONGEST = 36


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What an issue is called and where it is."""

    id: int
    title: str
    place: str | None


class IssueNames(Mapping[int, Naming]):
    """Issue → its name, found when it is asked for: most issues of a long history are not."""

    def __init__(self, members: Mapping[int, Sequence[ThreadText]], given: Mapping[int, str]) -> None:
        self._members = members
        self._given = given
        self._found: dict[int, Naming] = {}

    def __getitem__(self, issue: int) -> Naming:
        if not self._members.get(issue):
            raise KeyError(issue)
        if issue not in self._found:
            self._found[issue] = name_issue(issue, self._members[issue], self._given.get(issue))
        return self._found[issue]

    def __iter__(self) -> Iterator[int]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)


def name_issue(issue: int, threads: Sequence[ThreadText], given: str | None) -> Naming:
    """Name an issue after its most typical title that says where; staff's name goes before."""
    read = threads[:_READ]
    place = _place(read)
    return Naming(id=issue, title=given or _title(read, place), place=place)


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


def _title(threads: Sequence[ThreadText], place: str | None) -> str:
    """The plainest of the members' titles and of the clauses in them; one without a person first."""
    common = Counter(
        pair for thread in threads for pair in {*pairs(thread.title), *pairs(thread.text[:_HEAD])}
    )
    titles = dict.fromkeys(thread.title if pairs(thread.title) else thread.text[:_HEAD] for thread in threads)

    def fit(wording: str) -> tuple[bool, float, str]:
        return not _named(wording), _plainness(wording, common, len(threads), place), wording

    chosen = max((wording for title in titles for wording in _wordings(title)), key=fit)
    return _shorten(_PERSON.sub("有人", chosen) if _named(chosen) else chosen)


def _wordings(title: str) -> list[str]:
    """The title without its formulas, and those of its clauses that can stand alone; thanks stay whole."""
    whole = _tidy(title)
    if THANKS.search(whole):
        return [whole]
    clauses = [_tidy(clause) for clause in _CLAUSE.split(whole)]
    return [whole, *(clause for clause in clauses if len(clause) >= _SHORTEST and PUBLIC.search(clause))]


def _plainness(wording: str, common: Counter[str], threads: int, place: str | None) -> float:
    """How well a wording says what and where: in words that many threads share, short, without feelings."""
    own = set(pairs(wording)) - set(pairs(place or ""))
    typical = sum(common[pair] for pair in own) / (len(own) + 6) / threads
    wrong = min(len(set(TROUBLE.findall(wording))), 2) + bool(ASKING.search(wording))
    short, over = len(wording) < _SHORTEST, max(0, len(wording) - _LONG)
    told = bool(_FEELING.search(wording)) + bool(_COUNTED.search(wording))
    said = 3 * typical + 0.08 * wrong + 0.4 * (place is not None and place in wording)
    return said - 0.3 * told - 0.2 * short - 0.03 * over - 0.01 * len(wording)


def _named(title: str) -> bool:
    return bool(_PERSON.search(title) or _MASKED.search(title))


def _tidy(title: str) -> str:
    plain = _TWICE.sub(r"\1", title.strip())
    short = _WORN.sub("", _OPENERS.sub("", plain)).strip()
    return short if len(short) >= 4 else plain


def _shorten(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
