"""What residents ask for, and which questions no official post has answered.

Both are clauses of the posts as they stand, without their opening courtesies.  Clauses
that share most of their content are one; a group counts the posts it stands in.  What a
single reply says in passing is left out, what an opening post asks is kept.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from analysis.phrases import ASIDE, OPENING, RHETORIC, bigrams, content_of, split_sentences
from analysis.posts import Posts
from analysis.quotes import is_quotable
from analysis.replies import is_acknowledgement
from analysis.results import Demand, Figure

Kind = Literal["question", "demand"]

MOST: Final = 4  # of each kind
LONGEST: Final = 20
SHORTEST: Final = 5
_READ = 400  # newest posts of an issue that are read
_ALIKE = 0.5  # of the shorter content
_ANSWERED = 0.5  # of a question's content, within two sentences of an answer
_SECONDED = 0.5  # of a group's content, within one sentence that urges
_EVERYWHERE = 0.6  # of the threads: what all say tells nothing apart
_LEAST_THREADS = 3
_ASKED_AGAIN = 2  # posts after an answer by which a question is open again

_QUESTION = re.compile(
    r"什么时候|啥时候|何时|几时|哪天|几号|几点|多久|多少|为什么|为啥|为何|怎么办|怎么回事|怎么(?:走|算|查|交|处理|解决|安排|保存|申请)|如何|"
    r"哪里|哪儿|在哪|去哪|放哪|哪个部门|哪一?家|哪所|谁(?:管|定|负责|来管|说了算|看过|见过)|有没有|是否|会不会|是不是|能查|合规|(.)不\1|吗$|没有$"
)
_DEMAND = re.compile(
    r"(?:希望|建议|恳请|恳求|请求|强烈要求|要求|盼望|盼|呼吁|应该|应当|能不能|可不可以|能否|可否|最好|赶紧|尽快|"
    r"请(?=让|把|给|派|重新|尽快|加|在|有关|相关|环保|城管|交警|教育|物业|公布|公开|查))(?P<what>[^了过着的].+)"
)
_LISTED = re.compile(r"(?:诉求|要求|请求|想要的)[^：:，]{0,7}[：:，](?P<list>.+)")
_NUMBER = re.compile(r"^(?:第?[一二三四五六七八九十\d]+(?:条|点|是|[.．、]|$))+")
_EMPTY = re.compile(
    r"^(?:领导|有关|相关|部门|政府|大家|回复|答复|重视|关注|处理|解决|给个说法|帮助|帮忙|核实|能|可以|尽快|及时|一下|予以|各位|给|我们|"
    r"为民做主|百忙之中|查看|采纳|支持|理解)*$"
)
# Between neighbours, or of one household.
_PRIVATE = re.compile("你|您|楼上的|内部消息|有人办过|大家|有人吗|兴趣|哈|呵|我家|方便说|多少钱|求推荐")
_URGES = re.compile(r"[?？]|没|不|还|等|求|盼|请|希望|要|呢|吗|[！!].*[！!]")
_POSTPONED = re.compile(r"确定后|商定|正在研究|将研究|调研|待.{0,8}后|另行|进一步|尽快|已报修|已转|收悉")
_WHEN = re.compile("什么时候|啥时候|何时|几时|哪天|几号|几点|多久")
_TIME = re.compile(
    r"[\d一二三四五六七八九十]+\s*(?:年|个?月|日|号|天|个?工作日|小时|周|点)|[今明昨][日天晚年]|[本下][周月]|[月年]底|[上下]半年|即日"
)
_CLAUSES = re.compile(r"[，,、；;：\s（）()]+|:(?!\d)")
_LAST = re.compile(r"[啊吧哦]?[。！!？?…~]+$|[啊吧哦]$")


@dataclass(slots=True)
class _Group:
    """Clauses that ask the same, the rows of the posts they stand in, and of those that second them."""

    content: frozenset[str]
    wordings: list[str] = field(default_factory=list)
    rows: dict[int, None] = field(default_factory=dict)
    seconds: dict[int, None] = field(default_factory=dict)


def find_demands(posts: Posts, key: str) -> tuple[Demand, ...]:
    """Demands and questions of residents, grouped, the commonest first."""
    usual = _usual_pairs(posts)
    groups: dict[Kind, list[_Group]] = {"question": [], "demand": []}
    rows = [row for row, resident in enumerate(posts.resident.tolist()) if resident][-_READ:]
    for row in rows:
        for kind, wording in asked_in(_said(posts, row)):
            _join(groups[kind], wording, row, usual)
    groups = {kind: _merge(some, usual) for kind, some in groups.items()}
    for row in rows:
        for sentence in split_sentences(_said(posts, row)):
            if _URGES.search(sentence):
                _second([*groups["question"], *groups["demand"]], bigrams(sentence), row)
    found = [
        _demand(posts, group, f"{key}.{kind}.{number}", kind, usual)
        for kind, some in groups.items()
        for number, group in enumerate(_worth_telling(some, posts))
    ]
    return tuple(sorted(found, key=lambda one: (-one.count.value, not one.is_question, one.count.key)))


def asked_in(text: str) -> Iterator[tuple[Kind, str]]:
    """The questions and demands of a text in its own words; mere rhetoric and calls for attention are none."""
    for sentence in split_sentences(text):
        listed = _LISTED.search(sentence)
        names = _CLAUSES.split(_LAST.sub("", listed["list"])) if listed else []
        for clause in _CLAUSES.split(_LAST.sub("", sentence)):
            if _is_idle(clause) or not is_quotable(f"{clause}，请处理此事"):
                continue
            if wanted := _DEMAND.search(clause):
                yield from _short("demand", wanted["what"])
            elif _asks(clause, sentence):
                yield from _short("question", clause)
            elif clause in names:
                yield from _short("demand", _NUMBER.sub("", clause))


def _is_idle(clause: str) -> bool:
    return any(idle.search(clause) for idle in (ASIDE, RHETORIC, _PRIVATE))


def _asks(clause: str, sentence: str) -> bool:
    marked = sentence.rstrip("…").endswith(("?", "？"))
    return bool(_QUESTION.search(clause)) and (marked or "什么时候" in clause or bool(OPENING.match(clause)))


def _short(kind: Kind, clause: str) -> Iterator[tuple[Kind, str]]:
    """The clause without its opening courtesies, if it then says enough and not too much."""
    wording = OPENING.sub("", clause)
    if SHORTEST - (kind == "demand") <= len(wording) < LONGEST and not _EMPTY.match(wording):
        yield kind, f"{wording}？" if kind == "question" else wording


def _said(posts: Posts, row: int) -> str:
    # People leave the question mark out of titles.
    return f"{posts.title[row]}？\n{posts.text[row]}" if posts.is_first[row] else str(posts.text[row])


def _usual_pairs(posts: Posts) -> frozenset[str]:
    """What most threads of the issue have in their titles: its name, which tells no question from another."""
    titles = dict(zip(posts.thread_id.tolist(), posts.title, strict=True))
    if len(titles) < _LEAST_THREADS:
        return frozenset()
    seen = Counter(pair for title in titles.values() for pair in bigrams(title))
    return frozenset(pair for pair, count in seen.items() if count >= _EVERYWHERE * len(titles))


def _join(groups: list[_Group], wording: str, row: int, usual: frozenset[str]) -> None:
    content = content_of(wording) - usual
    if len(content) < 2:
        return
    best = max(groups, key=lambda group: _likeness(content, group.content), default=None)
    if best is None or _likeness(content, best.content) < _ALIKE:
        best = _Group(content=content)
        groups.append(best)
    best.wordings.append(wording)
    best.rows[row] = None


def _second(groups: Sequence[_Group], said: frozenset[str], row: int) -> None:
    """Count a post that asks the same in a form of its own ("方案呢？")."""
    for group in groups:
        if len(group.content) > 2 and len(group.content & said) >= _SECONDED * len(group.content):
            group.seconds[row] = None


def _merge(groups: Sequence[_Group], usual: frozenset[str]) -> list[_Group]:
    """Groups by what most of their wordings say, not only the first; those that then agree are one."""
    merged: list[_Group] = []
    for group in sorted(groups, key=lambda group: -len(group.rows)):
        content = (content_of(_spokesman(group.wordings)) - usual) or group.content
        same = next((other for other in merged if _likeness(content, other.content) >= _ALIKE), None)
        if same is None:
            merged.append(_Group(content=content, wordings=group.wordings, rows=group.rows))
        else:
            same.wordings += group.wordings
            same.rows |= group.rows
    return merged


def _likeness(first: frozenset[str], second: frozenset[str]) -> float:
    """The share of the shorter that both have; a single shared pair is none."""
    shared = len(first & second)
    return shared / min(len(first), len(second)) if shared > 1 else 0.0


def _worth_telling(groups: Sequence[_Group], posts: Posts) -> list[_Group]:
    """The commonest, then the latest groups that several posts ask for, or an opening post does."""
    told = [
        group
        for group in groups
        if len(group.rows | group.seconds) > 1 or posts.is_first[list(group.rows)].any()
    ]
    return sorted(told, key=lambda group: (-len(group.rows | group.seconds), -max(group.rows)))[:MOST]


def _demand(posts: Posts, group: _Group, key: str, kind: Kind, usual: frozenset[str]) -> Demand:
    wording = _spokesman(group.wordings)
    rows = sorted(group.rows | group.seconds)
    answered = _answered_by(posts, sorted(group.rows), wording, content_of(wording) - usual)
    return Demand(
        text=wording,
        is_question=kind == "question",
        count=Figure(key=key, value=len(rows), posts=tuple(posts.post_id[rows].tolist())),
        answered=answered is not None,
        answered_by=answered,
    )


def _spokesman(wordings: Sequence[str]) -> str:
    """The wording that shares most with the rest for its length."""
    common = Counter(pair for wording in wordings for pair in bigrams(wording))
    return max(
        dict.fromkeys(wordings),
        key=lambda own: (sum(common[pair] for pair in bigrams(own)) / (len(own) + 6), -len(own)),
    )


def _answered_by(posts: Posts, rows: Sequence[int], wording: str, content: frozenset[str]) -> int | None:
    """The later official post that speaks to it without putting it off, unless many asked again since."""
    asked_in_threads = set(posts.thread_id[list(rows)].tolist())
    for row in range(rows[0] + 1, len(posts)):
        text = posts.text[row]
        if posts.agency[row] is None or not text or is_acknowledgement(text):
            continue
        least = _share_needed(text, wording, int(posts.thread_id[row]) in asked_in_threads)
        if _covers(text, content, least) and sum(asked > row for asked in rows) < _ASKED_AGAIN:
            return int(posts.post_id[row])
    return None


def _share_needed(answer: str, wording: str, same_thread: bool) -> float:
    """Who asks when wants a time: one given under the question speaks to it in fewer of its words."""
    if not _WHEN.search(wording):
        return _ANSWERED
    if not _TIME.search(answer):
        return 1.0
    return _ANSWERED / 2 if same_thread else _ANSWERED


def _covers(answer: str, content: frozenset[str], least: float) -> bool:
    """Whether two neighbouring sentences have so much of what was asked, and do not put it off."""
    sentences = split_sentences(answer)
    passages = ("".join(sentences[start : start + 2]) for start in range(len(sentences)))
    return any(
        len(content & bigrams(passage)) >= least * len(content) and not _POSTPONED.search(passage)
        for passage in passages
    )
