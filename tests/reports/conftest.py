"""Synthetic runs of a fictional county, so that briefs are tested without a store or a model."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest

from analysis.results import (
    Answer,
    Aspect,
    Burst,
    Criterion,
    CrossTable,
    DayCount,
    Deadline,
    Demand,
    DepartmentStats,
    Effect,
    Figure,
    Heat,
    IssueResult,
    KeyPost,
    KeywordChange,
    Mark,
    Method,
    PostRef,
    Quote,
    Reply,
    ReplyStats,
    Rubric,
    RunResult,
    Sentiment,
    Share,
    SourceHealth,
    StaffState,
    Stage,
    Suggestion,
    View,
)
from reports.brief import Cover
from reports.fonts import Fonts, find_fonts

ZONE = ZoneInfo("Asia/Shanghai")
LAST = date(2026, 11, 22)
DAYS = 14
CATEGORIES = ("城乡建设", "环境保护", "交通运输", "教育文体", "劳动和社会保障", "商贸旅游", "卫生计生")
SENTIMENTS: tuple[Sentiment, ...] = ("neg", "pos", "neu")
DISTRICTS = ("古城街道", "东浦街道", "龙山镇")
HOSTILE_TITLE = (
    '<script>alert(1)</script> #import "x" \\input{x} $x^2$ *粗* _斜_ `码` [链](http://x) {{ 7*7 }} {% raw %} '
    "=cmd|'/C calc'!A0 𠮷镕喆😀👨‍👩‍👧 \u202e倒序\u202c \u0000\ud800 @label <a> // 注释 ~ -- ''' \"\"\" & &lt; "
) + "很长的标题" * 80


class Town:
    """Makes posts, and figures that count them."""

    def __init__(self) -> None:
        self.evidence: dict[int, PostRef] = {}
        self._ids = count(101)

    def post(
        self, text: str, title: str, at: datetime, source: str = "青石论坛", agency: str | None = None
    ) -> int:
        post_id = next(self._ids)
        self.evidence[post_id] = PostRef(
            post_id=post_id,
            thread_id=post_id // 3,
            source=source,
            board="民生热线" if post_id % 2 else "城事杂谈",
            title=title,
            dated_at=at,
            url=f"https://bbs.qingshi.example/thread-{post_id // 3}-1-1.html#pid{post_id}",
            text=text,
            agency=agency,
        )
        return post_id

    def posts(self, days: Sequence[DayCount], title: str, texts: Sequence[str]) -> list[int]:
        """As many posts as the days say, spread over each day."""
        return [
            self.post(texts[(n + row.day.day) % len(texts)], title, _at(row.day, 8 + n % 14, (7 * n) % 60))
            for row in days
            for n in range(row.posts)
        ]


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


def ago(days: int) -> date:
    return LAST - timedelta(days=days)


def day_counts(posts: Sequence[int], negative: Sequence[int]) -> tuple[DayCount, ...]:
    """The last `len(posts)` days to LAST; a third of the posts start a thread."""
    first = len(posts) - 1
    return tuple(
        DayCount(day=ago(first - n), threads=-(-written // 3), posts=written, negative=bad)
        for n, (written, bad) in enumerate(zip(posts, negative, strict=True))
    )


def figure(key: str, posts: Sequence[int]) -> Figure:
    return Figure(key=key, value=len(posts), posts=tuple(posts))


def make_issue(
    town: Town,
    number: int,
    title: str,
    *,
    posts: Sequence[int],
    negative: Sequence[int],
    texts: Sequence[str],
    heat: tuple[float, float | None] = (3.0, 3.0),
    answer: Answer = "open",
    stage: Stage = "growing",
    place: str | None = None,
    district: str | None = "古城街道",
    category: str | None = "城乡建设",
    detail: str | None = None,
    department: str | None = "住房和城乡建设局",
    hours: tuple[float | None, float | None] = (31.4, None),
    replies: tuple[tuple[int, int, str], ...] = (),
    demands: tuple[tuple[str, bool, int], ...] = (),
    span: int | None = None,
) -> IssueResult:
    days = day_counts(posts, negative)
    own = town.posts(days, title, texts)
    threads = own[::3]
    last = days[-1].posts
    answers = tuple(
        Reply(
            post_id=town.post(text, title, _at(ago(back), hour), agency=department),
            agency=department or "县政府办公室",
            replied_at=_at(ago(back), hour),
            text=text,
        )
        for back, hour, text in replies
    )
    first = _at(ago(span if span is not None else len(posts) - 1), 9)
    return IssueResult(
        id=number,
        title=title,
        place=place,
        district=district,
        category=category,
        category_detail=detail,
        department=department,
        department_reason="按类别与区域配置" if department else None,
        first_post_at=first,
        first_seen_at=first + timedelta(hours=1),
        last_post_at=_at(LAST, 21),
        threads=figure(f"issue.{number}.threads", threads),
        posts=figure(f"issue.{number}.posts", own),
        new_posts=figure(f"issue.{number}.new_posts", own[len(own) - last :]),
        voices=max(1, len(own) * 2 // 3),
        days=sum(1 for row in days if row.posts),
        sources=("青石论坛", "青石在线"),
        heat=Heat(
            value=heat[0], before=heat[1], terms=(("主题帖", heat[0] * 0.5), ("发言者", heat[0] * 0.5))
        ),
        stage=stage,
        daily=days,
        negative=Share(
            key=f"issue.{number}.negative",
            part=sum(negative),
            whole=len(own),
            posts=tuple(own[: sum(negative)]),
        ),
        replies=answers,
        answer=answer,
        hours_open=hours[0],
        hours_to_answer=hours[1],
        demands=tuple(
            Demand(text=text, is_question=question, count=figure(f"issue.{number}.demand.{n}", own[:times]))
            for n, (text, question, times) in enumerate(demands)
        ),
        quotes=(Quote(post_id=own[-1], text=texts[-1], sentiment="neg"),) if own else (),
    )


def _pharmacy(town: Town) -> IssueResult:
    issue = make_issue(
        town,
        1,
        "中山街老药铺拆除与重建",
        posts=(1, 1, 2, 2, 3, 4, 6, 9, 14, 21, 26, 19, 12, 9),
        negative=(0, 0, 0, 1, 1, 2, 3, 5, 9, 13, 16, 8, 4, 3),
        texts=(
            "这么老的铺子说拆就拆，方案在哪里？",
            "小时候在那儿抓过药。",
            "图出来了就放心多了，早该这样讲清楚。",
        ),
        heat=(8.4, 9.1),
        answer="answered",
        stage="falling",
        place="中山街",
        detail="拆迁征收",
        hours=(None, 174.0),
        replies=((2, 18, "现公布原址重建方案，保留立面与牌匾。"),),
        demands=(("老匾额、老柜台保存在哪里？", True, 9), ("公开重建方案", False, 23)),
    )
    own = issue.posts.posts
    before = Share(key="issue.1.effect.before", part=50, whole=82, posts=own[:50])
    after = Share(key="issue.1.effect.after", part=13, whole=38, posts=own[-13:])
    effect = Effect(
        verdict="better",
        replied_at=issue.replies[0].replied_at,
        before=before,
        after=after,
        control_change=-0.02,
        interval=(-0.41, -0.09),
        n=120,
        net=-0.25,
    )
    return replace(issue, effect=effect)


def _issues(town: Town) -> tuple[IssueResult, ...]:
    night = make_issue(
        town,
        2,
        "后洋村旁厂房工地夜间施工噪声",
        posts=(0, 0, 0, 0, 0, 0, 0, 0, 2, 3, 5, 4, 7, 9),
        negative=(0, 0, 0, 0, 0, 0, 0, 0, 2, 3, 4, 4, 6, 8),
        texts=("夜里十一点还在打桩。", "孩子明年中考，窗户关紧还是吵到两点。"),
        heat=(6.1, 4.2),
        answer="overdue",
        district="东浦街道",
        place="后洋村",
        category="环境保护",
        detail="噪声",
        department="生态环境分局",
        hours=(131.2, None),
        demands=(("夜间停工", False, 19), ("安排本村就业", False, 7)),
        span=5,
    )
    lamp = make_issue(
        town,
        3,
        "望海路口路灯不亮",
        posts=(1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 2, 0, 1, 1),
        negative=(1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1),
        texts=("路口还是黑的。", "报修过一次，好了两天又不亮。"),
        heat=(1.9, 1.9),
        answer="recurring",
        stage="returned",
        place="望海路",
        detail="照明",
        department="城市管理局",
        hours=(44 * 24.0, None),
        replies=((13, 10, "已报修。"),),
        span=43,
    )
    school = make_issue(
        town,
        4,
        "实验小学课后托管名额",
        posts=(0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 4, 5, 6, 8),
        negative=(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2),
        texts=("五点半以后谁来看孩子？",),
        heat=(4.0, 3.1),
        district="龙山镇",
        category="教育文体",
        department="教育局",
        hours=(20.5, None),
        demands=(("托管班什么时候报名？", True, 20),),
    )
    others = tuple(
        make_issue(
            town,
            10 + n,
            title,
            posts=(0, 1, 1),
            negative=(0, 0, 1),
            texts=("请看看吧。",),
            heat=(1.5 - n / 20, None),
            answer="open",
            stage="new",
            category=CATEGORIES[n % 7],
            district=DISTRICTS[n % 3],
            department=None if n == 3 else "交通运输局",
            hours=(8.0 + n, None),
        )
        for n, title in enumerate(
            (
                "滨河路积水",
                "3路公交改线",
                "菜场通道被占",
                "小区停水通知",
                "健身路径损坏",
                "医保缴费窗口排队",
                "河边垃圾",
            )
        )
    )
    return (_pharmacy(town), night, lamp, school, *others)


def _cross(town: Town) -> CrossTable:
    counts = ((31, 4, 9, 3, 0, 4, 1), (6, 19, 5, 0, 3, 0, 0), (3, 0, 4, 6, 0, 2, 3))
    known = sorted(town.evidence)
    cells = tuple(
        tuple(
            figure(f"cross.{row}.{column}", known[7 * column : 7 * column + value]) if value >= 3 else None
            for column, value in enumerate(line)
        )
        for row, line in enumerate(counts)
    )
    unplaced = figure("cross.unplaced", known[:12])
    return CrossTable(districts=DISTRICTS, categories=CATEGORIES, cells=cells, unplaced=unplaced, hidden=3)


def _method(unsure: tuple[int, ...]) -> Method:
    return Method(
        model_version="2026-11-02",
        lexicon_hash="a1b2c3d4e5f60718",
        config_hash="0011223344556677",
        heat_formula="热度 = ln(1+主题帖) + ln(1+发言者) + ln(1+天数)，按 7 天半衰期衰减",
        unsure=Share(key="method.unsure", part=len(unsure), whole=214, posts=unsure),
        spam=12,
        duplicates=5,
        local_accuracy=0.91,
        local_sample=120,
    )


def make_rich() -> RunResult:
    """A full day: a story that turned, a night noise, a lamp that fails again, praise, a blind source."""
    town = Town()
    issues = _issues(town)
    praise = make_issue(
        town,
        90,
        "红袖章停车志愿者",
        posts=(2, 4, 5),
        negative=(0, 0, 0),
        texts=("晚上六点到八点都有人帮忙停车，谢谢你们。",),
        heat=(2.0, 1.2),
        answer="open",
        category="交通运输",
        department="龙山镇政府",
        district="龙山镇",
        hours=(None, None),
    )
    known = sorted(town.evidence)
    threads = figure("overview.threads", known[:104])
    posts = figure("overview.posts", known[:214])
    written = (120, 115, 130, 135, 108, 104, 127, 131, 136, 141, 180, 262, 228, 214)
    angry = (52, 48, 57, 58, 44, 41, 52, 53, 56, 60, 86, 136, 107, 81)
    trend = tuple(replace(row, threads=row.posts * 104 // 214) for row in day_counts(written, angry))
    overdue = tuple(issues[1].threads.posts)
    return RunResult(
        kind="daily",
        first_day=LAST,
        last_day=LAST,
        timezone="Asia/Shanghai",
        sources=(
            SourceHealth(name="qs", title="青石论坛", state="ok", threads=61, posts=130, usual=58.0),
            SourceHealth(name="qszx", title="青石在线", state="ok", threads=43, posts=84, usual=40.0),
            SourceHealth(
                name="hp",
                title="海平在线",
                state="blind",
                threads=0,
                posts=0,
                usual=40.0,
                message="当日 0 帖，平时约 40 帖，疑似改版或失灵",
            ),
            SourceHealth(
                name="tieba", title="龙山社区", state="failed", threads=0, posts=0, message="连接超时"
            ),
            SourceHealth(name="old", title="旧论坛", state="off", threads=0, posts=0),
        ),
        threads=threads,
        threads_before=110,
        posts=posts,
        negative=Share(key="overview.negative", part=81, whole=214, posts=tuple(known[:81]), before=0.469),
        open_issues=figure("overview.open", [issue.posts.posts[0] for issue in issues]),
        new_issues=3,
        answered_issues=2,
        trend=trend,
        marks=tuple(
            Mark(at=reply.replied_at, label=f"{reply.agency}答复", post_id=reply.post_id)
            for issue in issues
            for reply in issue.replies
        ),
        issues=issues,
        praise=(praise,),
        cross=_cross(town),
        replies=ReplyStats(
            asking=figure("replies.asking", known[:19]),
            answered=figure("replies.answered", known[:15]),
            open=figure("replies.open", known[15:19]),
            overdue=figure("replies.overdue", overdue[:2]),
            median_hours=22.3,
            effects=(("better", 6), ("unchanged", 5), ("worse", 1), ("insufficient", 3)),
        ),
        suggestions=(
            Suggestion(action="answer", issue_id=2, department="生态环境分局"),
            Suggestion(action="publish", issue_id=1, department="住房和城乡建设局"),
            Suggestion(action="repair", issue_id=3, department="城市管理局"),
            Suggestion(action="escalate", issue_id=3, department=None),
            Suggestion(action="inspect", issue_id=10, department="交通运输局"),
            Suggestion(action="thank", issue_id=90, department="龙山镇政府"),
        ),
        method=_method(tuple(known[:9])),
        evidence=town.evidence,
    )


def make_weekly() -> RunResult:
    """Lamp and noise with all an analysis may know of them; departments and words besides."""
    rich = make_rich()
    pharmacy, night, lamp, *rest = rich.issues
    answer = lamp.replies[0].post_id
    lamp = replace(lamp, returned_after_days=12, earlier_answer=answer, quiet=True)
    own = night.posts.posts
    return replace(
        rich,
        kind="weekly",
        first_day=ago(6),
        issues=(pharmacy, night, lamp, *rest),
        quiet=(lamp.id,),
        departments=(
            DepartmentStats(
                department="住房和城乡建设局",
                asking=figure("department.住房和城乡建设局.asking", own[:3]),
                answered=figure("department.住房和城乡建设局.answered", own[:1]),
                open=figure("department.住房和城乡建设局.open", own[1:3]),
                overdue=figure("department.住房和城乡建设局.overdue", own[1:2]),
                median_hours=174.0,
                daily=pharmacy.daily,
            ),
            DepartmentStats(
                department="生态环境分局",
                asking=figure("department.生态环境分局.asking", own[3:4]),
                answered=Figure(key="department.生态环境分局.answered", value=0),
                open=figure("department.生态环境分局.open", own[3:4]),
                overdue=Figure(key="department.生态环境分局.overdue", value=0),
                median_hours=None,
                daily=night.daily,
            ),
        ),
        keywords=(
            KeywordChange(word="打桩", now=figure("keyword.打桩", own[:18]), before=2, threads=6, change=4.1),
            KeywordChange(word="噪声", now=figure("keyword.噪声", own[:9]), before=4, threads=3, change=2.2),
            KeywordChange(
                word="拆除", now=figure("keyword.拆除", own[:3]), before=21, threads=3, change=-3.4
            ),
        ),
    )


def make_busy() -> RunResult:
    """A day with a burst, limits in working days, an acknowledgement, a rubric, and what staff said."""
    rich = make_rich()
    pharmacy, night, lamp, school, *rest = rich.issues
    burst = Burst(
        window="day",
        observed=figure("burst.2", night.new_posts.posts),
        expected=2.4,
        score=6.0,
        sensitivity="medium",
        since=_at(LAST, 6, 30),
        issue_id=night.id,
    )
    limit = Deadline(
        limit="office", due_at=_at(ago(-1), 0), overdue=True, kind="投诉", working_days=5, guessed=True
    )
    weak = Criterion(level="fair", reason="谈到所反映的事，没有谈到此前的2项提问和诉求")
    fine = Criterion(level="good", reason="提出后3天以内")
    rubric = Rubric(relevance=weak, completeness=weak, grounds=weak, timeliness=fine, template=True)
    said = "您好，来信收悉，感谢关注。"
    post = replace(rich.evidence[pharmacy.replies[0].post_id], post_id=99, text=said, agency="生态环境分局")
    reply = Reply(
        post_id=99,
        agency="生态环境分局",
        replied_at=_at(ago(2), 10),
        text=said,
        acknowledges=True,
        rubric=rubric,
    )
    assert pharmacy.effect is not None
    night = replace(
        night,
        burst=burst,
        deadlines=(limit,),
        working_days=6,
        replies=(reply,),
        effect=replace(pharmacy.effect, verdict="better"),
        state=StaffState(state="转办", set_at=_at(LAST, 9), department="生态环境分局"),
    )
    pharmacy = replace(pharmacy, deadlines=(replace(limit, guessed=False),), working_days=8)
    lamp = replace(lamp, quiet=True)
    return replace(
        rich,
        issues=(pharmacy, night, lamp, school, *rest),
        bursts=(burst,),
        quiet=(lamp.id,),
        evidence={**rich.evidence, 99: post},
    )


def make_special() -> RunResult:
    """The pharmacy as a topic: two issues, views of every side."""
    rich = make_rich()
    first, second = rich.issues[0], rich.issues[3]
    said = (("pos", 1), ("neu", 2), ("neg", 4), ("neg", 5))
    quotes = tuple(
        Quote(
            post_id=first.posts.posts[n], text=rich.evidence[first.posts.posts[n]].text or "", sentiment=mood
        )
        for mood, n in said
    )
    own, reply = first.posts.posts, first.replies[0]
    demands = tuple(
        replace(
            entry, answered=not entry.is_question, answered_by=None if entry.is_question else reply.post_id
        )
        for entry in first.demands
    )
    key_posts = (
        KeyPost(post_id=own[0], at=first.first_post_at, kind="first", label="首次反映"),
        KeyPost(post_id=own[9], at=_at(ago(7), 9, 20), kind="turn", label="话题转向"),
        KeyPost(post_id=reply.post_id, at=reply.replied_at, kind="answer", label="住房和城乡建设局答复"),
    )
    past = Aspect(
        words=("小时候", "抓药"),
        first_day=ago(13),
        last_day=ago(8),
        posts=figure("issue.1.aspect.0", own[:13]),
        share=0.1,
        negative=Share(key="issue.1.aspect.0.negative", part=2, whole=13, posts=own[:2]),
        quote=quotes[1],
    )
    issues = (
        replace(first, quotes=quotes, demands=demands, key_posts=key_posts, aspects=(past,)),
        second,
    )
    views = tuple(
        View(
            sentiment=mood,
            share=Share(key=f"view.{mood}", part=part, whole=129, posts=own[:part]),
            quotes=tuple(entry for entry in quotes if entry.sentiment == mood),
        )
        for mood, part in zip(SENTIMENTS, (77, 15, 37), strict=True)
    )
    kept = tuple(entry for entry in rich.suggestions if entry.issue_id in (1, 4))
    return replace(
        rich, kind="special", first_day=ago(13), issues=issues, views=views, praise=(), suggestions=kept
    )


def make_alert() -> RunResult:
    rich = make_rich()
    return replace(rich, kind="alert", issues=rich.issues[1:2], praise=(), suggestions=())


def make_empty() -> RunResult:
    """A day on which nobody wrote anything."""
    nothing = {
        name: Figure(key=name, value=0)
        for name in ("threads", "posts", "open", "asking", "answered", "overdue")
    }
    share = Share(key="negative", part=0, whole=0)
    return RunResult(
        kind="daily",
        first_day=LAST,
        last_day=LAST,
        timezone="Asia/Shanghai",
        sources=(SourceHealth(name="qs", title="青石论坛", state="ok", threads=0, posts=0, usual=0.0),),
        threads=nothing["threads"],
        threads_before=None,
        posts=nothing["posts"],
        negative=share,
        open_issues=nothing["open"],
        new_issues=0,
        answered_issues=0,
        trend=tuple(DayCount(day=ago(n), threads=0, posts=0, negative=0) for n in range(DAYS - 1, -1, -1)),
        marks=(),
        issues=(),
        praise=(),
        cross=CrossTable(districts=(), categories=(), cells=(), unplaced=nothing["threads"], hidden=0),
        replies=ReplyStats(
            asking=nothing["asking"],
            answered=nothing["answered"],
            open=nothing["open"],
            overdue=nothing["overdue"],
            median_hours=None,
            effects=(),
        ),
        suggestions=(),
        method=replace(_method(()), spam=0, duplicates=0, local_accuracy=None, local_sample=0),
    )


def make_one_post() -> RunResult:
    town = Town()
    issue = make_issue(
        town,
        1,
        "门口井盖松动",
        posts=(1,),
        negative=(0,),
        texts=("走过去咣当响。",),
        stage="new",
        heat=(0.7, None),
        district=None,
        category=None,
        department=None,
    )
    return replace(
        make_empty(),
        threads=replace(issue.threads, key="overview.threads"),
        posts=replace(issue.posts, key="overview.posts"),
        negative=Share(key="overview.negative", part=0, whole=1),
        open_issues=figure("overview.open", issue.posts.posts),
        new_issues=1,
        issues=(issue,),
        trend=(DayCount(day=LAST, threads=1, posts=1, negative=0),),
        evidence=town.evidence,
    )


def make_hostile() -> RunResult:
    """A rich day on which every free text is an attack."""
    rich = make_rich()
    first = replace(
        rich.issues[0],
        title=HOSTILE_TITLE,
        place=HOSTILE_TITLE[:60],
        demands=tuple(replace(demand, text=HOSTILE_TITLE) for demand in rich.issues[0].demands),
        quotes=tuple(replace(quote, text=HOSTILE_TITLE) for quote in rich.issues[0].quotes),
    )
    evidence = {
        post_id: replace(post, title=HOSTILE_TITLE, text=HOSTILE_TITLE, board="<b>#板块")
        for post_id, post in rich.evidence.items()
    }
    evidence[101] = replace(evidence[101], purged=True, text=None)
    evidence[102] = replace(evidence[102], text=None)
    evidence[103] = replace(evidence[103], url="javascript:alert(1)")
    marks = tuple(replace(mark, label=HOSTILE_TITLE) for mark in rich.marks)
    return replace(rich, issues=(first, *rich.issues[1:]), evidence=evidence, marks=marks)


def make_many(issues: int = 5000) -> RunResult:
    town = Town()
    many = tuple(
        make_issue(
            town,
            number,
            f"第{number}号路口积水",
            posts=(1, 2),
            negative=(1, 1),
            texts=("还是没人管。",),
            heat=(1 + number / issues, 1.0),
        )
        for number in range(1, issues + 1)
    )
    return replace(make_rich(), issues=many, marks=(), suggestions=(), evidence=town.evidence)


COVER = Cover(
    office="青石县",
    number=326,
    year=2026,
    state="draft",
    made_at=datetime(2026, 11, 23, 7, 40, tzinfo=ZONE),
)


@pytest.fixture(scope="session")
def cover() -> Cover:
    return COVER


@pytest.fixture(scope="session")
def fonts() -> Fonts:
    return find_fonts()


@pytest.fixture(scope="session")
def rich() -> RunResult:
    return make_rich()


@pytest.fixture(scope="session")
def weekly() -> RunResult:
    return make_weekly()


@pytest.fixture(scope="session")
def busy() -> RunResult:
    return make_busy()


@pytest.fixture(scope="session")
def special() -> RunResult:
    return make_special()


@pytest.fixture(scope="session")
def alert() -> RunResult:
    return make_alert()


@pytest.fixture(scope="session")
def empty() -> RunResult:
    return make_empty()


@pytest.fixture(scope="session")
def one_post() -> RunResult:
    return make_one_post()


@pytest.fixture(scope="session")
def hostile() -> RunResult:
    return make_hostile()


@pytest.fixture(scope="session")
def many() -> RunResult:
    return make_many()
