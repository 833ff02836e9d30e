"""How long a brief takes: results of 100,000 posts, in every form.  Run: python bench/brief.py"""

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from analysis.results import (
    CrossTable,
    DayCount,
    Demand,
    Figure,
    Heat,
    IssueResult,
    Method,
    PostRef,
    Quote,
    ReplyStats,
    RunResult,
    Share,
    SourceHealth,
)
from reports.as_json import render_json
from reports.brief import Cover, build_brief
from reports.docx import render_docx
from reports.drawing import draw_charts
from reports.fonts import find_fonts
from reports.html import render_html
from reports.pdf import render_pdf

POSTS, ISSUES, DAYS = 100_000, 4_000, 14
LAST = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
CATEGORIES = ("城乡建设", "环境保护", "交通运输", "教育文体", "劳动和社会保障", "商贸旅游", "卫生计生")
DISTRICTS = tuple(f"第{number}街道" for number in range(1, 13))


def make_result(random: Random) -> RunResult:
    """A county's busiest day: random issues over 100,000 posts."""
    whole = tuple(range(POSTS))
    negative = whole[: POSTS // 3]
    issues = tuple(_issue(number, random) for number in range(ISSUES))
    source = SourceHealth(
        name="qs", title="青石论坛", state="ok", threads=20_000, posts=POSTS, usual=20_000.0
    )
    return RunResult(
        kind="daily",
        first_day=LAST,
        last_day=LAST,
        timezone="Asia/Shanghai",
        sources=(source,),
        threads=_figure("overview.threads", whole[::5]),
        threads_before=19_000,
        posts=_figure("overview.posts", whole),
        negative=Share(key="overview.negative", part=len(negative), whole=POSTS, posts=negative, before=0.3),
        open_issues=_figure("overview.open", whole[:ISSUES]),
        new_issues=120,
        answered_issues=80,
        trend=tuple(_day(back, POSTS // DAYS, random) for back in range(DAYS - 1, -1, -1)),
        marks=(),
        issues=issues,
        praise=(),
        cross=_cross(whole),
        replies=_replies(whole),
        suggestions=(),
        method=_method(whole),
        evidence={number: _post(number) for number in whole},
    )


def _post(number: int) -> PostRef:
    return PostRef(
        post_id=number,
        thread_id=number // 5,
        source="青石论坛",
        board="城事杂谈",
        title=f"第{number % ISSUES}号路口的事",
        dated_at=NOON - timedelta(minutes=number % (DAYS * 1440)),
        url=f"https://bbs.qingshi.example/thread-{number // 5}-1-1.html",
        text="路口积水一直没人管，孩子上学要绕路，请有关部门来看看。",
    )


def _replies(whole: tuple[int, ...]) -> ReplyStats:
    return ReplyStats(
        asking=_figure("replies.asking", whole[:900]),
        answered=_figure("replies.answered", whole[:700]),
        open=_figure("replies.open", whole[700:900]),
        overdue=_figure("replies.overdue", whole[700:750]),
        median_hours=30.0,
        effects=(("better", 30), ("insufficient", 20)),
    )


def _method(whole: tuple[int, ...]) -> Method:
    return Method(
        model_version="2026-11-02",
        lexicon_hash="0" * 16,
        config_hash="0" * 16,
        heat_formula="热度 = ln(1+主题帖) + ln(1+发言者) + ln(1+天数)",
        unsure=Share(key="method.unsure", part=5_000, whole=POSTS, posts=whole[:5_000]),
        spam=10,
        duplicates=10,
    )


def _issue(number: int, random: Random) -> IssueResult:
    posts = tuple(range(number, POSTS, ISSUES))
    key = f"issue.{number}"
    heat = random.uniform(0.5, 9)
    return IssueResult(
        id=number,
        title=f"第{number}号路口积水",
        place=f"第{number}号路口",
        district=DISTRICTS[number % 12],
        category=CATEGORIES[number % 7],
        category_detail=None,
        department="城市管理局",
        department_reason=None,
        first_post_at=NOON - timedelta(days=13),
        first_seen_at=NOON - timedelta(days=13),
        last_post_at=NOON,
        threads=_figure(f"{key}.threads", posts[::5]),
        posts=_figure(f"{key}.posts", posts),
        new_posts=_figure(f"{key}.new_posts", posts[:3]),
        voices=len(posts),
        days=DAYS,
        sources=("青石论坛",),
        heat=Heat(value=heat, before=heat - 0.3, terms=(("主题帖", heat),)),
        stage="growing",
        daily=tuple(_day(back, 2, random) for back in range(DAYS - 1, -1, -1)),
        negative=Share(key=f"{key}.negative", part=9, whole=len(posts), posts=posts[:9]),
        replies=(),
        answer="open",
        hours_open=30.0,
        hours_to_answer=None,
        demands=(Demand(text="尽快疏通", is_question=False, count=_figure(f"{key}.demand", posts[:7])),),
        quotes=(Quote(post_id=posts[0], text="路口积水一直没人管。", sentiment="neg"),),
    )


def _day(back: int, posts: int, random: Random) -> DayCount:
    return DayCount(
        day=LAST - timedelta(days=back),
        threads=posts // 5 + 1,
        posts=posts,
        negative=random.randint(0, posts),
    )


def _cross(whole: tuple[int, ...]) -> CrossTable:
    cells = tuple(
        tuple(_figure(f"cross.{row}.{column}", whole[: 40 + row * 7 + column]) for column in range(7))
        for row in range(12)
    )
    unplaced = _figure("cross.unplaced", whole[:300])
    return CrossTable(districts=DISTRICTS, categories=CATEGORIES, cells=cells, unplaced=unplaced, hidden=0)


def _figure(key: str, posts: tuple[int, ...]) -> Figure:
    return Figure(key=key, value=len(posts), posts=posts)


def main() -> None:
    fonts = find_fonts()
    result = make_result(Random(1))
    cover = Cover(office="青石县", number=1, year=2026, state="draft", made_at=NOON)
    warm = build_brief(replace(result, issues=result.issues[:1]), cover)
    render_pdf(warm, fonts)
    brief = build_brief(result, cover)
    drawings = draw_charts(brief, fonts, ("html", "pdf", "docx"))
    steps: dict[str, Callable[[], object]] = {
        "model": lambda: build_brief(result, cover),
        "charts": lambda: draw_charts(brief, fonts, ("html", "pdf", "docx")),
        "html": lambda: render_html(brief, fonts, drawings=drawings),
        "pdf": lambda: render_pdf(brief, fonts, drawings=drawings),
        "docx": lambda: render_docx(brief, fonts, drawings=drawings),
        "json": lambda: render_json(brief),
    }
    total = 0.0
    for name, step in steps.items():
        started = time.perf_counter()
        step()
        took = time.perf_counter() - started
        total += took
        sys.stdout.write(f"{name:8}{took:8.2f} s\n")
    sys.stdout.write(f"{'all':8}{total:8.2f} s   goal 5 s; pdf alone goal 1 s\n")


if __name__ == "__main__":
    main()
