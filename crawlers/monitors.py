"""What a healthy crawl looks like, and the words that say so when it is not.

Pure functions: the caller brings the day's counts, the report of the last crawl and the
history; nothing is stored here.  Under four weeks of history only the declared minimum counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from statistics import median
from typing import Literal
from zoneinfo import ZoneInfo

from crawlers.outcome import CrawlReport

HealthState = Literal["ok", "low", "blind", "failed"]

SHANGHAI = ZoneInfo("Asia/Shanghai")
ENOUGH_WEEKS = 4
# A normal distribution's standard deviation is this many median absolute deviations.
MAD_TO_SIGMA = 1.4826
FAR_FEWER_SIGMAS = 3.0
FAR_FEWER_SHARE = 0.3
LEAST_FILLED = 0.5
MOST_GARBLED = 0.05
OLDEST_NEWS = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Expected:
    """What the same weekday usually yields; None under four weeks of history."""

    usual: float | None
    least: float | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A source's day: its state, and what is wrong in words (None when nothing is)."""

    state: HealthState
    message: str | None
    usual: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDay:
    """What a source yielded on a day.  `min_threads` and `max_posts` are its own declaration.

    Where the day was seen only up to `until`, in the office's time, these are the 24 hours before it.
    """

    day: date
    threads: int
    posts: int
    until: datetime | None = None
    min_threads: int = 1
    max_posts: int | None = None


def expect(day: date, posts_by_day: Mapping[date, int]) -> Expected:
    """The median of the same weekday's posts before `day`, and the least that is still normal."""
    same = [posts for past, posts in posts_by_day.items() if past < day and past.weekday() == day.weekday()]
    if len(same) < ENOUGH_WEEKS:
        return Expected(None, None)
    usual = float(median(same))
    spread = MAD_TO_SIGMA * median(abs(posts - usual) for posts in same)
    return Expected(usual, min(FAR_FEWER_SHARE * usual, max(0.0, usual - FAR_FEWER_SIGMAS * spread)))


def judge_day(
    today: SourceDay,
    posts_by_day: Mapping[date, int],
    report: CrawlReport | None,
    robots_before: str | None = None,
    zone: tzinfo = SHANGHAI,
) -> Verdict:
    """Whether a source can be trusted on a day, worst finding first; every finding is in the words."""
    expected = expect(today.day, posts_by_day)
    if report is None:  # what was never crawled has no posts to wonder at
        return Verdict("failed", "还没有采集过", expected.usual)
    findings = [*_crawl_findings(report), *_count_findings(today, expected)]
    if report.state not in ("failed", "blocked"):
        findings += [
            *_page_findings(report),
            *_age_findings(report, zone),
            *_robots_findings(report, robots_before),
        ]
    if not findings:
        return Verdict("ok", None, expected.usual)
    order: Sequence[HealthState] = ("failed", "blind", "low", "ok")
    findings.sort(key=lambda finding: order.index(finding[0]))
    return Verdict(findings[0][0], "；".join(words for _, words in findings), expected.usual)


Finding = tuple[HealthState, str]


def _crawl_findings(report: CrawlReport) -> list[Finding]:
    if report.state in ("failed", "blocked"):
        return [("failed", report.message)]
    if report.state == "partial":
        return [("low", report.message)]
    return []


def _count_findings(today: SourceDay, expected: Expected) -> list[Finding]:
    usually = (
        f"平时约 {expected.usual:.0f} 帖"
        if expected.usual is not None
        else f"每天至少应有 {today.min_threads} 个主题"
    )
    until = None if today.until is None else f"{today.until:%m月%d日 %H:%M}"
    span = "当日" if until is None else f"截至 {until} 的 24 小时里"
    wanted = expected.usual if expected.usual is not None else today.min_threads
    if today.posts == 0 and wanted:
        return [("blind", f"{span} 0 帖，{usually}，疑似改版或失灵")]
    if expected.least is not None and today.posts < expected.least:
        return [("low", f"{span}只有 {today.posts} 帖，{usually}")]
    if expected.usual is None and today.threads < today.min_threads:
        return [("low", f"{span} {today.threads} 个主题，{usually}")]
    if today.max_posts is not None and today.posts > today.max_posts:
        return [
            ("low", f"{span} {today.posts} 帖，超过了声明的上限 {today.max_posts}，可能采到了不该采的内容")
        ]
    return [] if until is None else [("ok", f"只采到 {until}")]


def _page_findings(report: CrawlReport) -> list[Finding]:
    """Fields that came back empty and pages that could not be read."""
    empty = [
        _FIELDS[name]
        for name in _FIELDS
        if report.posts and report.filled.get(name, 0) < LEAST_FILLED * report.posts
    ]
    findings: list[Finding] = []
    if empty:
        findings.append(("blind", f"{'、'.join(empty)}大多为空，疑似改版"))
    if report.pages and report.decoding_errors > MOST_GARBLED * report.pages:
        findings.append(("low", f"{report.decoding_errors} 个页面有乱码，请检查 encoding"))
    unreadable = sum(count for reason, count in report.failed.items() if reason.startswith("unreadable"))
    if report.pages and unreadable > LEAST_FILLED * report.pages:
        findings.append(("blind", f"{unreadable} 个页面没有认出内容，疑似改版"))
    return findings


_FIELDS = {"text": "正文", "author": "作者", "time": "时间"}


def _age_findings(report: CrawlReport, zone: tzinfo) -> list[Finding]:
    newest = report.newest_post_at
    if newest is None or report.started_at - newest <= OLDEST_NEWS:
        return []
    return [("low", f"最新的帖子是 {newest.astimezone(zone):%Y-%m-%d} 的，版块可能搬走或停用了")]


def _robots_findings(report: CrawlReport, before: str | None) -> list[Finding]:
    if before is None or report.robots_hash is None or report.robots_hash == before:
        return []
    return [("ok", "网站改过 robots.txt，请看一眼是否仍允许采集")]
