"""Weekly, special and alert: their sections, and what each must never do."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from analysis.results import Burst, Figure, KeyPost, RunResult
from reports.brief import Brief, Cover, build_brief
from reports.model import Bullets, Chart, IssueCard, Paragraph, Section, Table
from reports.words import plain
from tests.reports.conftest import ZONE


def section(brief: Brief, key: str) -> Section:
    return next(entry for entry in brief.sections if entry.key == key)


def bullets(entry: Section) -> list[str]:
    return [plain(line) for block in entry.blocks if isinstance(block, Bullets) for line in block.items]


def test_the_weekly_compares_lasts_and_counts_departments(weekly: RunResult, cover: Cover) -> None:
    brief = build_brief(weekly, cover)
    assert [entry.title for entry in brief.sections] == [
        "概览", "本周变化", "重点关注", "长期未决", "诉求分布", "回应情况", "词语变化", "值得肯定", "研判与建议",
    ]  # fmt: skip
    assert brief.masthead.period == "11月16日（周一）–11月22日（周日）"
    assert bullets(section(brief, "lasting")) == [
        "望海路口路灯不亮：10月10日起，断续44天，6天有人反映，累计7帖；曾答复，又现。"
    ]
    assert bullets(section(brief, "changes")) == [
        "望海路口路灯不亮：再度出现：沉寂12天后又有人反映；上次城市管理局11月9日答复：“已报修”。"
    ]
    changes = section(brief, "changes").blocks[1]
    assert isinstance(changes, Table)
    assert [plain(cell.line) for cell in changes.rows[1]][:2] == ["后洋村旁厂房工地夜间施工噪声", "升温"]
    answers = section(brief, "responses")
    assert [block.name for block in answers.blocks if isinstance(block, Chart)] == [
        "funnel",
        "effect",
        "departments",
    ]
    departments = next(block for block in answers.blocks if isinstance(block, Table))
    assert ["住房和城乡建设局", "3", "1", "2", "1", "7天6小时"] in [
        [plain(cell.line) for cell in row] for row in departments.rows
    ]


def test_the_special_begins_with_its_core_in_200_characters(special: RunResult, cover: Cover) -> None:
    brief = build_brief(special, cover)
    summary = section(brief, "summary").blocks[0]
    assert isinstance(summary, Paragraph)
    said = plain(summary.line)
    assert said.startswith("中山街老药铺拆除与重建：答复后好转，负面占比净降25个百分点。")
    assert len(said) <= 200
    assert brief.headlines == ()


def test_the_special_tells_events_in_order_and_quotes_every_side(special: RunResult, cover: Cover) -> None:
    brief = build_brief(special, cover)
    events = bullets(section(brief, "course"))
    assert events[0].startswith("11月9日 9:00")
    assert [event.split("：")[0] for event in events] == [
        "11月9日 9:00 首次反映（中山街老药铺拆除与重建）",
        "11月15日 9:20 话题转向（中山街老药铺拆除与重建）",
        "11月20日 18:00 住房和城乡建设局答复（中山街老药铺拆除与重建）",
    ]
    told = section(brief, "aspects").blocks[0]
    assert isinstance(told, Table)
    assert [plain(cell.line) for cell in told.rows[0]] == ["11月9日–14日", "小时候、抓药", "13", "15%"]
    views = section(brief, "views")
    names = [plain(block.line) for block in views.blocks if isinstance(block, Paragraph)]
    assert names == ["批评与担忧，占60%", "肯定，占12%", "其他看法，占29%"]
    wants = section(brief, "wants").blocks[0]
    assert isinstance(wants, Table)
    assert [plain(cell.line) for cell in wants.rows[0]] == ["托管班什么时候报名？", "提问", "20", "未见回应"]
    assert [plain(cell.line) for cell in wants.rows[-1]][-1] == "11月20日已回应"


def test_a_special_says_what_it_counts_and_what_it_shares_with_other_briefs(
    special: RunResult, weekly: RunResult, cover: Cover
) -> None:
    of_topic, of_week = build_brief(special, cover), build_brief(weekly, cover)
    assert "按事项的全部帖子计，不限于本专题" in plain(section(of_topic, "effects").note)
    said, others = ("".join(bullets(brief.appendix[-1])) for brief in (of_topic, of_week))
    assert "只计本专题检索到的主题帖" in said
    assert "本专题" not in others


def test_a_weekly_says_of_which_day_its_sources_are(weekly: RunResult, rich: RunResult, cover: Cover) -> None:
    """What a source gave on the last day stood under a week's number of posts as if it were the week's."""
    of_week, of_day = (build_brief(result, cover).appendix[-1].blocks[-1] for result in (weekly, rich))
    assert isinstance(of_week, Table)
    assert isinstance(of_day, Table)
    assert of_week.headers[0] == "来源（11月22日）"
    assert of_day.headers[0] == "来源"


def test_a_summary_drops_sentences_rather_than_grow(special: RunResult, cover: Cover) -> None:
    first = special.issues[0]
    demands = tuple(replace(demand, text="很长的诉求" * 30, is_question=False) for demand in first.demands)
    brief = build_brief(replace(special, issues=(replace(first, demands=demands),)), cover)
    summary = section(brief, "summary").blocks[0]
    assert isinstance(summary, Paragraph)
    assert len(plain(summary.line)) <= 200


def test_a_burst_says_how_fast(alert: RunResult, cover: Cover) -> None:
    issue = alert.issues[0]
    posts = issue.posts.posts[:20]
    burst = Burst(
        window="hour",
        observed=Figure(key="bursts.hour", value=20, posts=posts),
        expected=2.4,
        score=9.0,
        sensitivity="medium",
        since=issue.first_post_at,
        issue_id=issue.id,
    )
    one = replace(alert, issues=(replace(issue, burst=burst), *alert.issues[1:]), bursts=(burst,))
    [speed] = [fact for fact in bullets(section(build_brief(one, cover), "outbreaks")) if "速度" in fact]
    assert speed.startswith("速度：近1小时20帖，平时约2帖，")
    whole = replace(alert, bursts=(replace(burst, issue_id=None),))
    first = section(build_brief(whole, cover), "outbreaks").blocks[0]
    assert isinstance(first, Paragraph)
    assert plain(first.line).startswith("全部来源合计：近1小时20帖")


def test_a_burst_of_all_sources_tells_what_it_is_about(rich: RunResult, cover: Cover) -> None:
    """The hottest issue may have no part in it."""
    hottest, night, *_ = rich.issues
    posts = (*night.posts.posts[:6], *hottest.posts.posts[:2])
    burst = Burst(
        window="hour",
        observed=Figure(key="bursts.hour", value=8, posts=posts),
        expected=2.4,
        score=9.0,
        sensitivity="medium",
        since=night.first_post_at,
        issue_id=None,
    )
    brief = build_brief(replace(rich, kind="alert", bursts=(burst,)), cover)
    assert plain(brief.headlines[0]) == "全部来源合计：近1小时8帖，平时约2帖。"
    told = [plain(block.line) for block in section(brief, "outbreaks").blocks if isinstance(block, Paragraph)]
    assert told[0].endswith("其中帖子最多的事项：")
    assert told[1:] == [night.title, hottest.title]
    strange = replace(burst, observed=replace(burst.observed, posts=(1, 2, 3, 4, 5, 6, 7, 8)))
    brief = build_brief(replace(rich, kind="alert", bursts=(strange,)), cover)
    told = [plain(block.line) for block in section(brief, "outbreaks").blocks if isinstance(block, Paragraph)]
    assert told[0].endswith("以下为当前最热的事项。")
    assert told[1] == hottest.title


def test_an_alert_says_what_where_how_fast_and_who(alert: RunResult, cover: Cover) -> None:
    brief = build_brief(alert, cover)
    facts = bullets(section(brief, "outbreaks"))
    assert facts[0] == "地点与类别：东浦街道，后洋村，环境保护（噪声）。"
    assert facts[1].startswith("规模：当日新增9帖，累计10个主题帖、30帖；热度6.1↑")
    assert facts[3] == "应知：生态环境分局；超时未答复，已5天11小时。"
    assert brief.appendix == ()


def test_an_alert_about_a_blind_source_needs_no_issue(alert: RunResult, cover: Cover) -> None:
    brief = build_brief(replace(alert, issues=()), cover)
    assert "海平在线" in plain(brief.warnings[0])
    assert brief.headlines == ()
    assert plain(section(brief, "outbreaks").blocks[0].line) == "没有突增的事项；来源异常见上。"  # type: ignore[union-attr]


def test_what_is_nobodys_yet_is_a_row_of_its_own(weekly: RunResult, cover: Cover) -> None:
    """So that the rows add up to what needs an answer."""
    nobody = replace(weekly.departments[1], department=None)
    brief = build_brief(replace(weekly, departments=(weekly.departments[0], nobody)), cover)
    table = section(brief, "responses").blocks[-1]
    assert isinstance(table, Table)
    assert [plain(row[0].line) for row in table.rows] == ["住房和城乡建设局", "主办待定"]


def test_the_busiest_day_says_how_many_wrote(special: RunResult, cover: Cover) -> None:
    issue = special.issues[0]
    busiest = max(issue.daily, key=lambda row: row.posts)
    at = datetime.combine(busiest.day, time(9), ZONE)
    key = KeyPost(post_id=issue.posts.posts[0], at=at, kind="busiest", label="发帖最多的一天")
    changed = replace(issue, key_posts=(key,))
    brief = build_brief(replace(special, issues=(changed, *special.issues[1:])), cover)
    day = f"{busiest.day.month}月{busiest.day.day}日"
    assert bullets(section(brief, "course"))[0].startswith(f"{day} 发帖最多的一天，{busiest.posts}帖")


def test_effects_never_outnumber_the_answers_without_a_word(rich: RunResult, cover: Cover) -> None:
    few = replace(rich.replies, answered=Figure(key="replies.answered", value=4, posts=rich.posts.posts[:4]))
    said = {
        bullets(section(build_brief(replace(rich, replies=replies), cover), "responses"))[1]
        for replies in (rich.replies, few)
    }
    verdicts = "好转6项，无明显变化5项，变差1项，数据不足3项。"
    assert said == {f"答复之后：{verdicts}", f"有过答复的15项（含答复后又现的）：{verdicts}"}


@pytest.mark.parametrize("kind", ["daily", "weekly", "special", "alert"])
def test_no_kind_declares_a_level(rich: RunResult, cover: Cover, kind: str) -> None:
    """重大 and above start legal clocks: only a person may say them."""
    brief = build_brief(replace(rich, kind=kind), cover)  # type: ignore[arg-type]
    assert "重大" not in repr([brief.headlines, brief.sections, brief.appendix])


@pytest.mark.parametrize("kind", ["weekly", "special", "alert"])
def test_every_kind_survives_a_run_without_posts(empty: RunResult, cover: Cover, kind: str) -> None:
    brief = build_brief(replace(empty, kind=kind), cover)  # type: ignore[arg-type]
    assert brief.sections
    assert brief.evidence == ()


def test_thin_evidence_is_never_drawn(weekly: RunResult, cover: Cover) -> None:
    effect = weekly.issues[0].effect
    assert effect is not None
    first = replace(weekly.issues[0], effect=replace(effect, verdict="insufficient"))
    brief = build_brief(replace(weekly, issues=(first, *weekly.issues[1:])), cover)
    charts = [block.name for block in section(brief, "responses").blocks if isinstance(block, Chart)]
    assert charts == ["funnel", "departments"]
    assert "答复成效：数据不足（前后可比120帖）。" in "".join(
        plain(line)
        for block in section(brief, "focus").blocks
        if isinstance(block, IssueCard)
        for line in block.lines
    )


def test_an_alert_tells_the_hour_it_was_written_at(alert: RunResult, cover: Cover) -> None:
    """Its day is not over: neither its period nor a wait reaches into the future."""
    issue = alert.issues[0]
    at = issue.last_post_at
    young = replace(issue, first_post_at=at - timedelta(hours=2), hours_open=5.0, answer="open")
    now = replace(cover, made_at=at, topic="后洋村旁厂房工地夜间施工噪声：近1小时9帖")
    brief = build_brief(replace(alert, issues=(young,)), now)
    assert (brief.masthead.title, brief.masthead.period) == ("民意快报", "11月22日 21:00（周日）")
    assert bullets(section(brief, "outbreaks"))[3] == "应知：生态环境分局；未答复，已2小时。"
