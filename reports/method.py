"""The last section: how the numbers were made, and what they leave out."""

from datetime import time
from zoneinfo import ZoneInfo

from analysis.results import SourceHealth
from reports import words
from reports.draft import Draft
from reports.interval import wilson
from reports.model import Bullets, Cell, Line, Section, Span, Table, cell

TITLE = 24
CHATTER_SHOWN = 5
STATES = {
    "ok": "正常",
    "low": "偏少",
    "pending": "尚未采集",
    "blind": "无数据",
    "failed": "采集失败",
    "off": "已停用",
}


def method(draft: Draft) -> Section:
    facts = draft.result.method
    unsure = draft.book.cite(facts.unsure, "机器把握不足的帖子")
    items: tuple[Line, ...] = (
        words.fill("热度公式：{formula}。", formula=facts.heat_formula.rstrip("。")),
        words.fill(
            "主题帖、帖子只计居民所发，机关答复不计入（“来源”一表按采到的全部帖子计）；“发言者”在各帖内去重后相加，是上限。"
        ),
        words.fill(
            "负面占比＝负面帖÷全部帖子；不足{least}帖时写成“负面帖/全部帖子”。机器把握不足的判断占{unsure}。",
            least=words.MIN_SHARE,
            unsure=unsure,
        ),
        words.fill(
            "成效判断比较答复前后的负面占比，扣除同区域其他类别的同期变化；净变化按各帖负面的概率平均计，与占比直接相减略有出入；样本太少时写“数据不足”。"
        ),
        words.fill("类别与区域交叉不足3个主题帖的格子不显示；姓名、电话、证件号等在入库前已遮盖。"),
        *_basis(draft),
        *_rules(draft),
        (Span(text=f"{_dropped(draft)}{_accuracy(draft)}{_versions(draft)}"),),
        *_chatter(draft),
        *_omissions(draft),
    )
    tables = (*_heat_terms(draft), _sources(draft))
    return Section(key="method", title="附：方法与数据说明", note=(), blocks=(Bullets(items=items), *tables))


def _basis(draft: Draft) -> list[Line]:
    """What a special counts, and what it tells of an issue as any other brief does."""
    if draft.result.kind != "special":
        return []
    return [
        words.fill(
            "帖数、看法和诉求只计本专题检索到的主题帖；事项的热度、办理、答复与成效按其全部帖子判断，与日报、周报相同。"
        )
    ]


def _rules(draft: Draft) -> list[Line]:
    """How a burst is seen, how working days are counted, and what no clock counts."""
    facts = draft.result.method
    guessed = "节假日安排未收录，工作日按周末推算。" if facts.holidays_guessed else ""
    days = "工作日时限由本单位自定；“超过答复时限”另按自然小时计。" if _has_limits(draft) else ""
    untimed = (
        "时间不明的答复算已答复，不计入用时和时限，也不比较答复前后。" if draft.result.replies.untimed else ""
    )
    by_day = "答复只写日期、没写时刻的，从当天零点算，用时最多少算一天。" if _has_bare_days(draft) else ""
    return [(Span(text=text),) for text in (facts.burst_rule, days + guessed, untimed, by_day) if text]


def _has_bare_days(draft: Draft) -> bool:
    """Whether an answer has a day alone for its time: nobody answers at midnight to the second."""
    zone = ZoneInfo(draft.result.timezone)
    issues = (*draft.result.issues, *draft.result.praise)
    times = (reply.replied_at for issue in issues for reply in issue.replies if reply.replied_at)
    return any(at.astimezone(zone).time() == time(0) for at in times)


def _has_limits(draft: Draft) -> bool:
    return any(entry.limit == "office" for issue in draft.result.issues for entry in issue.deadlines)


def _dropped(draft: Draft) -> str:
    facts = draft.result.method
    counts = [
        f"{name}{number:,}帖" for name, number in (("广告", facts.spam), ("重复", facts.duplicates)) if number
    ]
    return f"已剔除{'、'.join(counts)}。" if counts else "没有剔除广告或重复的帖子。"


def _chatter(draft: Draft) -> list[Line]:
    """What was counted and is in no list can be looked at."""
    aside = draft.result.method.chatter
    if aside is None or not aside.value:
        return []
    cited = draft.book.cite(aside, "未列为事项的主题帖", "个主题帖", most=CHATTER_SHOWN)
    return [words.fill("另有{cited}像是闲聊、买卖一类，计入帖数，未列为事项。", cited=cited)]


def _omissions(draft: Draft) -> list[Line]:
    """What staff left out is said, with their reason."""
    return [
        words.fill(
            "人工未列入：“{title}”，理由：{reason}。",
            title=words.shorten(draft.known[omission.issue_id].title, TITLE),
            reason=words.shorten(omission.reason, 60).rstrip("。"),
        )
        for omission in draft.cover.omissions
        if omission.issue_id in draft.known
    ]


def _accuracy(draft: Draft) -> str:
    facts = draft.result.method
    if facts.local_accuracy is None or not facts.local_sample:
        return "尚未做本地抽样核对。"
    low, high = wilson(round(facts.local_accuracy * facts.local_sample), facts.local_sample)
    return (
        f"本地抽样{facts.local_sample}帖，情感判断准确率{words.percent(facts.local_accuracy)}"
        f"（95%区间{words.percent(low)}至{words.percent(high)}）。"
    )


def _versions(draft: Draft) -> str:
    facts = draft.result.method
    return f"模型{facts.model_version}版，词表{facts.lexicon_hash[:8]}，配置{facts.config_hash[:8]}。"


def _heat_terms(draft: Draft) -> list[Table]:
    """What the heat of the issues in focus is made of."""
    names = list(dict.fromkeys(name for issue in draft.focus for name, _ in issue.heat.terms))
    if not names:
        return []
    rows = tuple(
        (
            cell(words.shorten(issue.title, TITLE)),
            *(cell(_term(dict(issue.heat.terms).get(name))) for name in names),
            cell(f"{issue.heat.value:.1f}"),
        )
        for issue in draft.focus
    )
    headers = ("热度构成", *names, "热度")
    return [
        Table(caption="重点事项的热度构成", headers=headers, rows=rows, numeric=tuple(range(1, len(headers))))
    ]


def _term(value: float | None) -> str:
    return "无" if value is None else f"{value:.2f}"


def _sources(draft: Draft) -> Table:
    """How the sources did: in a weekly, on its last day, which it says."""
    sources, last = draft.result.sources, draft.result.last_day
    named = f"来源（{words.day(last)}）" if draft.result.kind == "weekly" else "来源"
    headers = (named, "状态", "主题帖", "帖子", "平时帖子", "说明")
    noted = any(source.message for source in sources)
    rows = tuple(_source(source) if noted else _source(source)[:-1] for source in sources)
    return Table(caption="来源情况", headers=headers if noted else headers[:-1], rows=rows, numeric=(2, 3, 4))


def _source(source: SourceHealth) -> tuple[Cell, ...]:
    return (
        cell(source.title),
        cell(STATES[source.state], tone="alert" if source.state in ("blind", "failed") else "plain"),
        cell(words.count(source.threads)),
        cell(words.count(source.posts)),
        cell("无记录" if source.usual is None else words.count(round(source.usual))),
        cell(words.said(source.message) or "无"),
    )
