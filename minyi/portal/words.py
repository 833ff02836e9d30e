"""What the pages call things, in Chinese."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from analysis.results import IssueResult
from reports.clocks import status
from reports.web import is_web
from reports.words import (
    clean,
    compared,
    day,
    percent,
    points,
    said,
    share,
    shorten,
    signed_points,
    weekday,
)

__all__ = [
    "compared",
    "day",
    "is_web",
    "percent",
    "points",
    "said",
    "share",
    "shorten",
    "signed_points",
    "weekday",
]

KINDS = {"daily": "日报", "weekly": "周报", "special": "专报", "alert": "快报"}
FORMS = {"html": "网页", "pdf": "PDF", "docx": "Word", "json": "JSON", "md": "文字"}
BRIEF_STATES = {"draft": "待审", "approved": "已审"}
ANSWERS = {
    "open": "未答复",
    "acknowledged": "已受理，待答复",
    "answered": "已答复",
    "overdue": "超时未答复",
    "recurring": "曾答复，又现",
}
STAGES = {
    "new": "新出现",
    "growing": "升温",
    "peak": "处于高位",
    "falling": "降温",
    "dormant": "暂无新帖",
    "returned": "再度出现",
}
VERDICTS = {"better": "好转", "unchanged": "无明显变化", "worse": "变差", "insufficient": "数据不足"}
SENTIMENTS = {"neg": "负面", "neu": "中性", "pos": "正面"}
TASKS = {"sentiment": "情感", "intent": "意图", "category": "类别"}
LEVELS = {"good": "好", "fair": "中", "poor": "差"}
CRITERIA = {"relevance": "切题", "completeness": "完整", "grounds": "依据", "timeliness": "及时"}
CRAWL_STATES = {
    "ok": "正常",
    "partial": "没采全",
    "failed": "失败",
    "blocked": "被拒绝",
    "running": "没有做完",
    "none": "没有采集",
}
JOB_STATES = {"running": "进行中", "done": "做完了", "failed": "没有做成"}
LIMITS = {"24h": "24小时", "48h": "48小时", "office": "本单位时限"}

SAID = {
    "state": "已记下这件事的状态。",
    "merged": "已合并；下次分析起按合并后的事项统计。",
    "apart": "已记下：这两件不是同一件事，不再提示。",
    "split": "已拆分；下次分析起按拆分后的事项统计。",
    "renamed": "已改名。",
    "instructed": "批示已记下，会出现在下一期日报的“上期交办”里。",
    "instruction": "已记下批示的办理情况。",
    "topic": "专题已保存。",
    "forgotten": "专题已删除；做过的专报还在。",
    "source": "来源的设置已保存，下一次采集起生效。",
    "schedule": "简报时间已保存。",
    "approved": "已审定，可以送出。",
    "noted": "批注已写进简报。",
    "unnoted": "批注已撤去。",
    "omitted": "已从这期简报中略去，简报会写明略去了几项和原因。",
    "restored": "已恢复到这期简报中。",
    "corrected": "已记下；下次分析起以您的判断为准。",
    "acknowledged": "已记下：这条提醒有人处理。",
}


# Whoever looks at a page has no command line: （--to）, ；有哪些见 minyi topic list.
_COMMANDS = re.compile(
    r"（--[a-z-]+）|[；，][^；，]*minyi (?:issues|(?:issue|topic|runs|brief) (?:show|list))[^；，。]*"
)


def moment(at: datetime, zone: ZoneInfo) -> str:
    """11月22日 14:05, with the year where it is not this one."""
    local = at.astimezone(zone)
    year = "" if local.year == datetime.now(UTC).astimezone(zone).year else f"{local.year}年"
    return f"{year}{local.month}月{local.day}日 {local:%H:%M}"


def days(first: date, last: date) -> str:
    """2026年11月22日, or from one day to another."""
    start = f"{first.year}年{day(first)}"
    return (
        start
        if first == last
        else f"{start}至{day(last) if first.year == last.year else f'{last.year}年{day(last)}'}"
    )


def number(kind: str, year: int, count: int) -> str:
    """日报 2026年第12期."""
    return f"{KINDS.get(kind, kind)} {year}年第{count}期"


def count(value: int) -> str:
    return f"{value:,}"


def as_sentence(text: str) -> str:
    """A message of another part as a sentence of a page, without the options and commands that it points to."""
    text = _COMMANDS.sub("", text)
    return text if text.endswith(("。", "！", "？")) else f"{text}。"


def plain(text: str) -> str:
    """Forum text on one line, without letters that cannot be seen but turn a line round."""
    return clean(text) or "（无标题）"


def answer(issue: IssueResult) -> str:
    """Whether an issue has its answer, as the briefs say it."""
    return status(issue).text
