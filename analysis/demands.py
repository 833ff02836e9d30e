"""What residents ask for, and which questions no official post has answered.

A demand is a clause that asks for something to be done, a question one that asks to be
told; both are taken from the posts as they stand, grouped by shared character pairs,
and counted once a post.  The shortest clear wording of a group stands for it.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from analysis.posts import Posts
from analysis.quotes import bigrams, is_quotable, split_sentences
from analysis.results import Demand, Figure

MOST = 6
FEWEST = 2
LONGEST = 28
SHORTEST = 5
_READ = 400  # newest posts of an issue that are read
_ALIKE = 0.42
_ANSWERED = 0.34  # the share of a question's pairs that an answer must hold

_ASKED = re.compile(
    r"[?？]|什么时候|何时|多久|几时|为什么|为何|怎么办|怎么|如何|哪里|哪儿|哪天|在哪|谁来|有没有|是否|能否|能不能|会不会|是不是|吗$|呢$"
)
_WANTED = re.compile(
    r"(?:希望|建议|恳请|恳求|请求|要求|强烈要求|盼望|盼|呼吁|请|应该|应当|能不能|能否|最好|需要|赶紧|尽快|早日)(?P<what>.{3,})"
)
_EMPTY = re.compile(
    r"^(?:领导|有关部门|相关部门|政府|部门|大家|回复|答复|重视|关注|处理|解决|给个说法|帮助|帮忙|核实|能|可以|尽快|及时|一下|予以|各位|给|我们|为民做主|百忙之中|查看|采纳|支持|理解)*[，。！!.]*$"
)
_LEAD = re.compile(
    r"^(?:请问|请教|想问一下|想问问|想问|问一下|问下|咨询一下|我想知道|想知道|另外|还有|那么|所以|但是|而且|这个|到底|究竟|就是|也)+"
)
_RHETORIC = re.compile(
    r"难道|岂|何必|凭什么|还让不让|有什么用|有没有王法|怎么这么|怎么能|怎么可以|良心|算什么"
)
_CLAUSES = re.compile(r"[，,、；;：:\s]+")


@dataclass(slots=True)
class _Group:
    """Clauses that say the same."""

    wordings: list[str] = field(default_factory=list)
    pairs: frozenset[str] = frozenset()
    posts: dict[int, None] = field(default_factory=dict)


def find_demands(posts: Posts, key: str) -> tuple[Demand, ...]:
    """Demands and questions of residents, grouped, the commonest first; open questions before demands."""
    residents = posts.residents
    residents = residents.take(residents.at.argsort(kind="stable")[-_READ:])
    questions: list[_Group] = []
    demands: list[_Group] = []
    for post_id, text in zip(residents.ids, residents.text, strict=True):
        for sentence in split_sentences(text):
            if wording := question_in(sentence):
                _join(questions, wording, post_id)
            elif wording := demand_in(sentence):
                _join(demands, wording, post_id)
    answers = [
        bigrams(text)
        for text, agency in zip(posts.text, posts.agency, strict=True)
        if agency is not None and text
    ]
    found = [
        *(
            _demand(group, f"{key}.question", number, answers)
            for number, group in enumerate(_common(questions))
        ),
        *(_demand(group, f"{key}.demand", number, None) for number, group in enumerate(_common(demands))),
    ]
    return tuple(
        sorted(found, key=lambda demand: (-demand.count.value, not demand.is_question, demand.count.key))
    )


def question_in(sentence: str) -> str | None:
    """The question a sentence asks, in its own words; None for none and for mere rhetoric."""
    if not _ASKED.search(sentence) or _RHETORIC.search(sentence) or not is_quotable(sentence):
        return None
    clauses = [clause for clause in _CLAUSES.split(sentence.rstrip("。！!？?… ")) if clause]
    asking = [clause for clause in clauses if _ASKED.search(clause)] or clauses[-1:]
    wording = _LEAD.sub("", asking[-1]) if asking else ""
    if len(wording) < SHORTEST + 2 and len(clauses) > 1:
        wording = _LEAD.sub("", "，".join(clauses[-2:]))
    return f"{wording}？" if SHORTEST <= len(wording) <= LONGEST else None


def demand_in(sentence: str) -> str | None:
    """What a sentence asks to be done, in its own words; None when it only asks for attention."""
    for clause in _CLAUSES.split(sentence.rstrip("。！!？?… ")):
        found = _WANTED.search(clause)
        if not found or not is_quotable(f"{clause}，请处理"):
            continue
        what = _LEAD.sub("", found["what"])
        if SHORTEST <= len(what) <= LONGEST and not _EMPTY.match(what):
            return what
    return None


def _join(groups: list[_Group], wording: str, post_id: int) -> None:
    own = bigrams(wording)
    best = max(groups, key=lambda group: _likeness(own, group.pairs), default=None)
    if best is None or _likeness(own, best.pairs) < _ALIKE:
        best = _Group(pairs=own)
        groups.append(best)
    best.wordings.append(wording)
    best.posts[post_id] = None


def _likeness(first: frozenset[str], second: frozenset[str]) -> float:
    """Shared pairs against the mean length (Dice)."""
    return 2 * len(first & second) / max(len(first) + len(second), 1)


def _common(groups: Sequence[_Group]) -> list[_Group]:
    """The commonest groups; what a single post says is no common demand, and may name somebody."""
    told = [group for group in groups if len(group.posts) >= FEWEST]
    return sorted(told, key=lambda group: (-len(group.posts), group.wordings[0]))[:MOST]


def _demand(group: _Group, key: str, number: int, answers: Sequence[frozenset[str]] | None) -> Demand:
    text = _spokesman(group.wordings)
    return Demand(
        text=text,
        is_question=answers is not None,
        count=Figure(key=f"{key}.{number}", value=len(group.posts), posts=tuple(group.posts)),
        answered=answers is not None and _is_answered(bigrams(text), answers),
    )


def _spokesman(wordings: Sequence[str]) -> str:
    """The wording that shares most with the rest for its length."""
    common = Counter(pair for wording in wordings for pair in bigrams(wording))
    return max(
        dict.fromkeys(wordings),
        key=lambda wording: (
            sum(common[pair] for pair in bigrams(wording)) / (len(wording) + 6),
            -len(wording),
        ),
    )


def _is_answered(question: frozenset[str], answers: Sequence[frozenset[str]]) -> bool:
    """Whether an official post holds enough of the question's words; silence elsewhere leaves it open."""
    return any(len(question & answer) >= _ANSWERED * len(question) for answer in answers)
