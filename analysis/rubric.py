"""What an answer is worth to who asked, on four counts with reasons; it judges a text, never a person.

- relevance: how many of the questions and demands before it two of its sentences speak to,
  or else how much of the matter's own words it has;
- completeness: who answers, what was found, what will be done, by when, whom to contact;
- grounds: rules it cites, or facts that can be checked;
- timeliness: days since the matter was raised (3, 7, 14, 30, 90).

Stock phrases that make up half of an answer lower relevance and completeness by one level.
The counts are those of a public contest on government messages.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from analysis.demands import asked_in
from analysis.phrases import bigrams, content_of, split_sentences
from analysis.posts import Bools, Posts
from analysis.replies import tells_time
from analysis.results import Criterion, Demand, Level, Reply, Rubric

HALF: Final = 0.5
_DAY: Final = 86_400
_SPOKEN_TO: Final = 0.5  # of a question's content, within two sentences
# Of a matter's own words: 53 % of 1,408 real answers have as much of their own title, 0.6 % of another's.
_ABOUT: Final = 0.4
_TOUCHED: Final = 0.15  # 77 %, 5 %
_TOWN_WORDS: Final = re.compile("反映|咨询|投诉|举报|建议|请求|求助|问题|情况|关于|事宜|相关|[市县区镇]")
_STEPS: Final = (3, 7, 14, 30, 90)
_LEVELS: Final[tuple[Level, ...]] = ("poor", "fair", "good")

FORMULAS: Final = re.compile(
    "收悉|已收到|感谢(?:您|你)?的?(?:来信|留言|关注|关心|支持|理解|反映|信任|监督)|感谢您?对[^，。！]{0,24}的(?:关心|支持|关注|理解|信任)|高度重视|十分重视|"
    "已转(?:交|至|相关|有关)[^，。]{0,12}|正在(?:核实|了解|处理中)|(?:将|会)?进一步(?:加强|加大|核实|研究|做好)|尽快(?:答复|回复|处理|解决)|不断(?:提升|提高|加强)|"
    "欢迎(?:您)?(?:继续)?(?:监督|提出|来电|关注)|如有疑问|祝您|再次感谢|敬请谅解|带来的?不便|请您?(?:放心|理解|谅解|耐心等待)|一如既往"
)
_ELEMENTS: Final[Mapping[str, re.Pattern[str]]] = {
    "承办单位": re.compile(
        "(?:我|区|市|县|镇|街道|社区)[局委办镇]|[局委所队公司街道办]{1,2}(?:将|已|会|负责|组织|安排)|由[^，。]{2,16}(?:负责|承办|办理|实施)|(?:责任|主管|承办|建设|养护)(?:单位|部门)"
    ),
    "查明情况": re.compile(
        "经(?:查|核实|核查|调查|了解|现场|研究|核)|(?:现场|实地)(?:查看|勘查|核查|检查|调查|踏勘)|情况(?:如下|属实|说明)|属实|原因"
    ),
    "办理措施": re.compile(
        "已(?:于|完成|修复|更换|清运|清理|整改|处理|公布|安排|责令|要求|督促|组织|协调|约谈|立案|关停|查处)|责令|督促|整改|安排|调整|保护|重建|施工|更换|维修|修复|抢修|恢复|清理|清运|申请|办理|凭|携带|可(?:以|到|拨打|在|向)"
    ),
    "办理时限": re.compile(
        r"\d+\s*(?:年|个?月|日|天|个?工作日|小时|周)(?:\d|前|内|后|底|起|开|完|之|将|至|，|。|$)|[本下今明][周月日天年]|月底|年底|[一两三四五六七八九十]+个?(?:月|天|周|工作日)[内后]|日前|即日"
    ),
    "联系方式": re.compile(
        r"电话|热线|致电|联系人|窗口|网址|网站|公众号|大厅|〔电话〕|\d{3,4}-\d{7,8}|12345"
    ),
}
_NAMED_RULE: Final = re.compile("《[^》]{3,60}》")
_RULES: Final = re.compile(
    "〔\\d{4}〕|依据|依照|(?:根据|按照|按)[^，。]{0,30}(?:规定|条例|办法|标准|规范|法律|政策|规划|要求|通知)|第[一二三四五六七八九十\\d]+条"
)
_FACTS: Final = re.compile(
    r"\d+(?:\.\d+)?\s*(?:米|公里|分贝|户|人|台|盏|处|元|万|亩|平方|％|%|毫克|吨|件|个(?!月|工作)|辆|栋|次)|检测|监测|测量|现场(?:查看|勘查|核查|检查)|图纸|合同|记录|台账"
)


def judge_reply(
    text: str, asked: Sequence[str], matter: str, days: float | None, answered: Collection[str] = ()
) -> Rubric:
    """Judge an answer to `asked` (questions and demands made before it) in a `matter`, raised so many days ago.

    `days` are None where nothing tells.  `answered` are those of them that it is known to answer.
    """
    formulas = tuple(dict.fromkeys(found[0] for found in FORMULAS.finditer(text)))
    template = _formula_share(text) >= HALF
    relevance, completeness = _relevance(text, asked, matter, answered), _completeness(text)
    if template:
        relevance, completeness = _lowered(relevance), _lowered(completeness)
    return Rubric(
        relevance=relevance,
        completeness=completeness,
        grounds=_grounds(text),
        timeliness=None if days is None else _timeliness(days),
        template=template,
        formulas=formulas,
    )


def speaks_to(text: str, content: frozenset[str]) -> float:
    """The greatest share of some content that two neighbouring sentences of a text have."""
    if not content:
        return 0.0
    sentences = [bigrams(sentence) for sentence in split_sentences(text)]
    pairs = zip(sentences, [*sentences[1:], frozenset[str]()], strict=True)
    return max((len(content & (one | two)) / len(content) for one, two in pairs), default=0.0)


def _relevance(text: str, asked: Sequence[str], matter: str, answered: Collection[str]) -> Criterion:
    met = [wording in answered or speaks_to(text, content_of(wording)) >= _SPOKEN_TO for wording in asked]
    if met:
        share, said = sum(met) / len(met), f"对此前{len(met)}项提问和诉求，谈到{sum(met)}项"
        if share >= HALF:
            return Criterion(level="good", reason=said)
        if any(met):
            return Criterion(level="fair", reason=said)
    about = frozenset(pair for part in _TOWN_WORDS.split(matter) for pair in content_of(part))
    touched = len(about & bigrams(text)) / len(about) if about else 0.0
    if touched < _TOUCHED:
        return Criterion(level="poor", reason="没有谈到所反映的事")
    if met:
        return Criterion(level="fair", reason=f"谈到所反映的事，没有谈到此前的{len(met)}项提问和诉求")
    return Criterion(level="good" if touched >= _ABOUT else "fair", reason="谈到所反映的事")


def _completeness(text: str) -> Criterion:
    given = [name for name, pattern in _ELEMENTS.items() if pattern.search(text)]
    missing = [name for name in _ELEMENTS if name not in given]
    level: Level = "good" if len(given) >= 4 else "fair" if len(given) >= 2 else "poor"
    parts = [f"写了{'、'.join(given)}"] if given else []
    parts += [f"没写{'、'.join(missing)}"] if missing else []
    return Criterion(level=level, reason="，".join(parts))


def _grounds(text: str) -> Criterion:
    if found := _NAMED_RULE.search(text) or _RULES.search(text):
        return Criterion(level="good", reason=f"引用了依据：{found[0][:30]}")
    if found := _FACTS.search(text):
        return Criterion(level="fair", reason=f"举出可核对的事实：{found[0]}")
    return Criterion(level="poor", reason="没有引用规定，也没有可核对的事实")


def _timeliness(days: float) -> Criterion:
    step = next((step for step in _STEPS if days <= step), None)
    if step is None:
        return Criterion(level="poor", reason=f"提出后{days:.0f}天，超过{_STEPS[-1]}天")
    level: Level = "good" if step <= 7 else "fair" if step <= 30 else "poor"
    return Criterion(level=level, reason=f"提出后{step}天以内")


def _lowered(criterion: Criterion) -> Criterion:
    level = _LEVELS[max(0, _LEVELS.index(criterion.level) - 1)]
    return Criterion(level=level, reason=f"{criterion.reason}；套话占一半以上，降一级")


def _formula_share(text: str) -> float:
    """The share of an answer's characters that stand in clauses with a stock phrase."""
    clauses = [clause for clause in re.split(r"[，。；！？,;!?\n]+", text) if clause.strip()]
    whole = sum(map(len, clauses))
    return sum(len(clause) for clause in clauses if FORMULAS.search(clause)) / whole if whole else 0.0


def judge_replies(
    replies: Sequence[Reply], demands: Sequence[Demand], posts: Posts, began: int
) -> tuple[Reply, ...]:
    """The replies with their rubrics, each held against what was asked before it in its thread.

    What an office says in a thread of its own is held against all that was asked of the matter.
    """
    return tuple(replace(reply, rubric=_judge(reply, demands, posts, began)) for reply in replies)


def _judge(reply: Reply, demands: Sequence[Demand], posts: Posts, began: int) -> Rubric:
    row = int(np.flatnonzero(posts.post_id == reply.post_id)[0])
    thread = posts.thread_id == posts.thread_id[row]
    # An answer without a time is held against all that was there when it was seen.
    earlier = posts.at < (posts.at[row] if posts.timed[row] else posts.seen_at[row])
    told = posts.resident & earlier
    told = told & thread if (told & thread).any() else told
    official = np.array([agency is not None for agency in posts.agency])
    answers = np.flatnonzero(thread & earlier & official)
    if len(answers) and posts.timed[row]:
        return _judge_follow_up(reply, posts, told, int(answers[-1]))
    heard = set(posts.post_id[told].tolist())
    asked = [demand for demand in demands if heard & set(demand.count.posts)]
    raised = int(posts.at[told & thread].min()) if (told & thread).any() else began
    return judge_reply(
        reply.text,
        [demand.text for demand in asked],
        str(posts.title[row]),
        _days(posts, raised, row),
        {demand.text for demand in asked if demand.answered_by == reply.post_id},
    )


def _days(posts: Posts, raised: int, row: int) -> float | None:
    at = int(posts.at[row])
    return (at - raised) / _DAY if posts.timed[row] and tells_time(posts, raised, at) else None


def _judge_follow_up(reply: Reply, posts: Posts, told: Bools, last: int) -> Rubric:
    """A further answer in a thread is held against what was asked since the last one, of that row."""
    answered_at = int(posts.at[last])
    since = posts.take(told & (posts.at > answered_at))
    asked = [wording for text in since.text for kind, wording in asked_in(text) if kind == "question"]
    raised = int(since.at[0]) if len(since) else answered_at
    row = int(np.flatnonzero(posts.post_id == reply.post_id)[0])
    days = _days(posts, raised, row) if posts.timed[last] else None
    return judge_reply(reply.text, asked, "，".join(asked) or str(posts.title[0]), days)
