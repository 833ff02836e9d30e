"""A source's weeks in plain words."""

from minyi.config import Source
from minyi.portal import words
from minyi.portal.queries.crawls import DAYS, History

_COUNTED = ("partial", "failed", "blocked", "running")


def say_history(source: Source, history: History) -> str:
    """近30天：27天正常，2天失败（11月3日：网站打不开），1天没有采集。"""
    if not source.enabled:
        return "已停用，不采集。"
    if source.engine == "file":
        return "文件来源：由工作人员导入，不自动采集。"
    if history.last is None:
        return f"近{DAYS}天没有采集过。"
    parts = [f"{history.count('ok')}天正常"]
    parts += [_say_state(history, state) for state in _COUNTED if history.count(state)]
    missed = _missed(history)
    if missed:
        parts.append(f"{missed}天没有采集")
    return f"近{DAYS}天：{'，'.join(parts)}。"


def _say_state(history: History, state: str) -> str:
    bad = [day for day in history.days if day.state == state]
    last = bad[-1]
    why = f"：{words.said(last.words)}" if last.words else ""
    return f"{len(bad)}天{words.CRAWL_STATES[state]}（最近是{words.day(last.day)}{why}）"


def _missed(history: History) -> int:
    """Days without a crawl since the first one; today may still bring it."""
    known = [day.state for day in history.days[:-1]]
    while known and known[0] == "none":
        known.pop(0)
    return known.count("none")
