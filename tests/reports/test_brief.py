"""The brief model: order, words, figures and the posts behind them."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.results import Figure, RunResult, Share, SourceHealth, Suggestion
from reports.brief import Brief, Cover, Layout, Omission, build_brief
from reports.clocks import clock
from reports.model import IssueCard, Line, Span, Table
from reports.plans import SECTIONS
from reports.words import plain
from tests.reports.conftest import LAST

RUNS = ("rich", "busy", "weekly", "special", "alert", "empty", "one_post", "hostile", "many")
MACHINE_WORDS = re.compile(r"\bNone\b|\bnan\b|\binf\b|\bTrue\b|\bFalse\b|Decimal|datetime|\{|\}")


@pytest.fixture(params=RUNS)
def run(request: pytest.FixtureRequest) -> RunResult:
    result: RunResult = request.getfixturevalue(request.param)
    return result


def spans(value: Any) -> Iterator[Span]:
    """Every span of a brief (or of a part of it)."""
    if isinstance(value, Span):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from spans(part)
    elif is_dataclass(value) and not isinstance(value, RunResult):
        for entry in fields(value):
            yield from spans(getattr(value, entry.name))


def lines(value: Any) -> Iterator[Line]:
    """Every run of spans of a brief, whole."""
    if isinstance(value, Span):
        yield (value,)
    elif isinstance(value, tuple) and value and isinstance(value[0], Span):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from lines(part)
    elif is_dataclass(value) and not isinstance(value, RunResult):
        for entry in fields(value):
            yield from lines(getattr(value, entry.name))


def figures(value: Any) -> Iterator[Figure | Share]:
    if isinstance(value, Figure | Share):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from figures(part)
    elif is_dataclass(value):
        for entry in fields(value):
            yield from figures(getattr(value, entry.name))


def text_of(brief: Brief) -> str:
    return "\n".join(plain(line) for line in lines(brief))


def test_sections_come_in_the_order_of_the_daily(rich: RunResult, cover: Cover) -> None:
    brief = build_brief(rich, cover)
    assert [section.title for section in brief.sections] == [
        "概览", "重点关注", "诉求分布", "回应情况", "值得肯定", "研判与建议",
    ]  # fmt: skip
    assert [section.title for section in brief.appendix] == ["其他事项", "附：方法与数据说明"]


def test_masthead_says_who_when_and_that_it_waits(rich: RunResult, cover: Cover) -> None:
    head = build_brief(rich, cover).masthead
    assert (head.title, head.office, head.state, head.issue) == (
        "民意日报",
        "青石县",
        "待审稿，未经审定",
        "2026年第326期",
    )
    assert head.period == "11月22日（周日）0:00–24:00"
    assert build_brief(rich, replace(cover, state="approved")).masthead.state == "已审定"


def test_blind_and_failed_sources_are_warned_of_in_red(rich: RunResult, cover: Cover) -> None:
    brief = build_brief(rich, cover)
    said = [plain(line) for line in brief.warnings]
    assert len(said) == 2
    assert said == [
        "“海平在线”：当日0帖，平时约40帖，疑似改版或失灵，本期不含其内容。",
        "“龙山社区”：连接超时，本期不含其内容。",
    ]
    assert {span.tone for line in brief.warnings for span in line} == {"alert"}
    assert plain(brief.sources) == "4个来源中采到2个。"


def test_a_blind_source_without_a_message_is_said_too(rich: RunResult, cover: Cover) -> None:
    blind = SourceHealth(name="a", title="甲", state="blind", threads=0, posts=0, usual=12.0)
    empty_fields = replace(blind, title="乙", posts=9, message="正文大多为空，疑似改版")
    low = replace(blind, title="丙", state="low", posts=2)
    brief = build_brief(replace(rich, sources=(blind, empty_fields, low)), cover)
    assert [plain(line) for line in brief.warnings] == [
        "“甲”：没有采到帖子，平时约12帖，本期不含其内容。",
        "“乙”：正文大多为空，疑似改版，其内容可能不全。",
    ]
    assert plain(brief.sources) == "3个来源中采到1个；“丙”只有2帖，少于平时。"


def test_a_source_still_to_be_crawled_is_said_without_alarm_and_not_counted_as_read(
    rich: RunResult, cover: Cover
) -> None:
    waiting = SourceHealth(name="a", title="甲", state="pending", threads=0, posts=0, message="今天尚未采集")
    brief = build_brief(replace(rich, sources=(rich.sources[0], waiting)), cover)
    assert brief.warnings == ()
    assert plain(brief.sources) == "2个来源中今天采到1个；“甲”今天尚未采集。"
    assert "尚未采集" in text_of(brief)
    silent = replace(waiting, message=None)
    assert plain(build_brief(replace(rich, sources=(silent,)), cover).sources) == (
        "1个来源中今天采到0个；“甲”今天尚未采集。"
    )


def test_no_source_at_all_is_said(empty: RunResult, cover: Cover) -> None:
    off = (SourceHealth(name="a", title="甲", state="off", threads=0, posts=0),)
    assert plain(build_brief(replace(empty, sources=off), cover).sources) == "没有启用的来源。"


def test_an_empty_day_is_said_in_words(empty: RunResult, cover: Cover) -> None:
    brief = build_brief(empty, cover)
    assert [plain(line) for line in brief.headlines] == ["当日各来源没有新帖。"]
    assert [section.key for section in brief.sections] == ["overview", "nothing"]
    said = text_of(brief)
    for sentence in ("没有需要重点关注的事项", "没有需要答复的事项", "没有集中的肯定意见", "没有超时事项"):
        assert sentence in said
    assert brief.evidence == ()


def test_no_text_looks_like_a_machine_wrote_it(run: RunResult, cover: Cover) -> None:
    for line in lines(build_brief(run, cover)):
        written = plain(line)
        if "alert(1)" not in written and "{{" not in written:
            assert not MACHINE_WORDS.search(written), written


def says(text: str, figure: Figure | Share) -> bool:
    if isinstance(figure, Figure):
        return text.replace(",", "").startswith(str(figure.value))
    if "%" in text:
        return abs(int(text[:-1]) - 100 * figure.part / figure.whole) <= 0.5
    return text == f"{figure.part}/{figure.whole}"


def test_cited_numbers_are_those_of_the_result(run: RunResult, cover: Cover) -> None:
    brief = build_brief(run, cover)
    known = list(figures(run))
    entries = {entry.number: entry for entry in brief.evidence}
    cited = [span for span in spans(brief) if span.evidence]
    for span in cited:
        posts = set(entries[span.evidence or 0].posts)
        assert any(says(span.text, figure) for figure in known if set(figure.posts) == posts), span.text
    assert {span.evidence for span in cited} == set(entries)


def test_the_same_posts_are_listed_once(run: RunResult, cover: Cover) -> None:
    brief = build_brief(run, cover)
    assert len({frozenset(entry.posts) for entry in brief.evidence}) == len(brief.evidence)


def test_a_list_says_all_that_it_stands_for(rich: RunResult, cover: Cover) -> None:
    first, *rest = rich.issues
    own = replace(first.posts, key=first.new_posts.key)
    angry = Share(key=first.negative.key, part=len(own.posts), whole=len(own.posts), posts=own.posts[::-1])
    changed = replace(first, new_posts=own, negative=angry, effect=None)
    brief = build_brief(replace(rich, issues=(changed, *rest)), cover)
    (entry,) = [entry for entry in brief.evidence if set(entry.posts) == set(own.posts)]
    assert entry.label == "中山街老药铺拆除与重建：全部帖子、当日新增、负面帖"
    marked = [span.text for span in spans(brief) if span.evidence == entry.number]
    assert marked == [f"{own.value}帖", f"{own.value}帖", "100%"]


def test_every_number_recounts_to_its_posts(run: RunResult, cover: Cover) -> None:
    brief = build_brief(run, cover)
    register = {post.number: post.post_id for post in brief.register}
    for entry in brief.evidence:
        assert int(entry.value) == len(set(entry.posts))
        shown = {register[number] for number in entry.shown}
        assert shown <= set(entry.posts)
        assert min(3, len(entry.posts)) <= len(shown) <= 20
    assert list(register) == list(range(1, len(register) + 1))


def free_texts(result: RunResult) -> list[str]:
    """What residents, agencies and sources wrote: their numbers are theirs."""
    found = [source.title for source in result.sources]
    found += [source.message.replace(" ", "") for source in result.sources if source.message]
    for issue in (*result.issues, *result.praise):
        found += [
            issue.title,
            *(demand.text for demand in issue.demands),
            *(reply.text for reply in issue.replies),
        ]
        found += [quote.text for quote in issue.quotes]
    return sorted(set(found), key=len, reverse=True)


def expected_numbers(result: RunResult) -> dict[str, set[str]]:
    """Number by unit, worked out here from the result alone."""
    issues = (*result.issues, *result.praise)
    shares = [figure for figure in figures(result) if isinstance(figure, Share) and figure.whole]
    parts = [(share.part, share.whole) for share in shares] + [
        (row.negative, row.posts) for row in result.trend
    ]
    hours = [h for i in issues for h in (i.hours_open, i.hours_to_answer) if h is not None]
    hours += [result.replies.median_hours or 0.0]
    counts = {str(figure.value) for figure in figures(result) if isinstance(figure, Figure)}
    points = {str(abs(round(100 * p))) for i in issues if i.effect for p in (*(i.effect.interval or ()),)}
    points |= {str(abs(round(100 * (i.effect.control_change or 0)))) for i in issues if i.effect}
    points |= {str(abs(round(100 * (i.effect.net or 0)))) for i in issues if i.effect}
    points |= {
        str(abs(round(100 * (s.value or 0)) - round(100 * s.before))) for s in shares if s.before is not None
    }
    spells = {str(i.returned_after_days) for i in issues} | {str(i.days) for i in issues}
    spells |= {"1", "24"} if result.bursts else set()  # "近1小时", "近24小时"
    spells |= {"3", "5", "6", "14"} | {
        str((result.last_day - i.first_post_at.date()).days + 1) for i in issues
    }
    return {
        "%": {f"{int(100 * part / whole + 0.5)}" for part, whole in parts}
        # 109 of 120 right: 91 %, and Wilson's 95 % interval of it
        | {"91", "84", "95"},
        "小时": {str(int(h) if h < 72 else int(h) % 24) for h in hours},
        "天": {str(int(h) // 24) for h in hours} | spells,
        "个工作日": {str(d.working_days) for i in issues for d in i.deadlines}
        | {str(i.working_days) for i in issues},
        "人": {str(issue.voices) for issue in issues},
        "个百分点": points,
        "次": {str(demand.count.value) for issue in issues for demand in issue.demands}
        | {str(sum(len(issue.replies) for issue in issues))},
        "帖": counts
        | {"3", "10", str(result.method.spam), str(result.method.duplicates), str(result.method.local_sample)}
        | {str(issue.effect.n) for issue in issues if issue.effect},
    }


@pytest.mark.parametrize("name", ["rich", "busy", "weekly", "special"])
def test_every_other_number_is_worked_out_from_the_result(
    name: str, cover: Cover, request: pytest.FixtureRequest
) -> None:
    """The reading check: no number with a unit stands in the text that the result does not give."""
    rich: RunResult = request.getfixturevalue(name)
    said = text_of(build_brief(rich, cover))
    for text in free_texts(rich):
        said = said.replace(text, "")
    allowed = expected_numbers(rich)
    checked = 0
    for unit, numbers in allowed.items():
        for number in re.findall(rf"(\d+){unit}(?!半衰)", said):
            assert number in numbers, f"{number}{unit}"
            checked += 1
    assert checked > 30


def test_suggestions_come_from_the_closed_list(rich: RunResult, cover: Cover) -> None:
    brief = build_brief(rich, cover)
    advice = next(section for section in brief.sections if section.key == "advice")
    said = [plain(line) for line in lines(advice.blocks)]
    assert "答复：请生态环境分局答复“后洋村旁厂房工地夜间施工噪声”。" in said
    assert "督办：建议将“望海路口路灯不亮”列入督办，由主办单位（待定）办理。" in said
    assert len([line for line in said if re.match("答复|公布|核查|维修|督办|致谢", line)]) == len(
        rich.suggestions
    )


def test_a_quiet_long_standing_issue_gets_a_place(rich: RunResult, cover: Cover) -> None:
    brief = build_brief(rich, cover, focus=2)
    focus = next(section for section in brief.sections if section.key == "focus")
    titles = [block.title for block in focus.blocks if isinstance(block, IssueCard)]
    assert titles == ["中山街老药铺拆除与重建", "望海路口路灯不亮"]
    assert "另取长期未决1项" in plain(focus.note)


def test_what_is_left_out_is_said(many: RunResult, cover: Cover) -> None:
    brief = build_brief(many, cover)
    focus = next(section for section in brief.sections if section.key == "focus")
    others = next(section for section in brief.appendix if section.key == "others")
    assert "另有4995项，“其他事项”列出20项" in plain(focus.note)
    assert "其余4975项未列" in plain(others.note)


def test_the_table_of_categories_shows_the_most_first(rich: RunResult, cover: Cover) -> None:
    section = next(section for section in build_brief(rich, cover).sections if section.key == "distribution")
    [table] = [block for block in section.blocks if isinstance(block, Table)]
    assert table.headers[:4] == ("", "城乡建设", "环境保护", "交通运输")
    assert [plain(row[0].line) for row in table.rows] == ["古城街道", "东浦街道", "龙山镇"]
    turned = replace(
        rich.cross,
        districts=rich.cross.districts[::-1],
        categories=rich.cross.categories[::-1],
        cells=tuple(row[::-1] for row in rich.cross.cells[::-1]),
    )
    again = next(
        section
        for section in build_brief(replace(rich, cross=turned), cover).sections
        if section.key == "distribution"
    )
    [same] = [block for block in again.blocks if isinstance(block, Table)]
    assert same.headers[:4] == table.headers[:4]
    assert [plain(row[0].line) for row in same.rows] == ["古城街道", "东浦街道", "龙山镇"]


def test_a_purged_post_is_neither_quoted_nor_shown(rich: RunResult, cover: Cover) -> None:
    quoted = rich.issues[0].quotes[0].post_id
    gone = replace(rich.evidence[quoted], purged=True, text=None)
    brief = build_brief(replace(rich, evidence={**rich.evidence, quoted: gone}), cover)
    focus = next(section for section in brief.sections if section.key == "focus")
    card = focus.blocks[0]
    assert isinstance(card, IssueCard)
    assert card.quote is None
    entry = next(post for post in brief.register if post.post_id == quoted)
    assert (entry.title, entry.excerpt, entry.url) == ("（按要求删除）", "（按要求删除）", None)


def test_only_web_addresses_become_links(hostile: RunResult, cover: Cover) -> None:
    brief = build_brief(hostile, cover)
    addresses = [post.url for post in brief.register] + [span.url for span in spans(brief)]
    assert {address.split(":")[0] for address in addresses if address} == {"https"}
    assert None in [post.url for post in brief.register]


def test_invisible_characters_are_dropped(hostile: RunResult, cover: Cover) -> None:
    said = text_of(build_brief(hostile, cover))
    assert "\u202e" not in said
    assert "\x00" not in said
    assert "\ud800" not in said


@settings(max_examples=30)
@given(title=st.text(max_size=600))
def test_any_title_makes_a_brief(rich: RunResult, cover: Cover, title: str) -> None:
    first = replace(rich.issues[0], title=title)
    brief = build_brief(replace(rich, issues=(first, *rich.issues[1:])), cover)
    text_of(brief).encode()
    card = next(section for section in brief.sections if section.key == "focus").blocks[0]
    assert isinstance(card, IssueCard)
    assert len(card.title) <= 36


def test_a_table_of_more_days_than_the_run_says_so(rich: RunResult, cover: Cover) -> None:
    longer = replace(rich, cross=replace(rich.cross, days=14))
    said = [
        next(section for section in build_brief(one, cover).sections if section.key == "distribution")
        for one in (longer, rich)
    ]
    assert ["近14天" in "\n".join(plain(line) for line in lines(section)) for section in said] == [
        True,
        False,
    ]


def test_an_office_names_and_switches_off_sections(rich: RunResult, cover: Cover) -> None:
    layout = Layout(
        circulation="仅供领导参阅", titles={"praise": "群众点赞"}, hidden=frozenset({"distribution"})
    )
    brief = build_brief(rich, cover, layout=layout)
    assert [section.title for section in brief.sections] == [
        "概览",
        "重点关注",
        "回应情况",
        "群众点赞",
        "研判与建议",
    ]
    assert brief.masthead.circulation == "仅供领导参阅"
    assert not [entry for entry in brief.evidence if entry.key.startswith("cross.")]


def test_an_issue_left_out_is_named_with_the_reason(rich: RunResult, cover: Cover) -> None:
    left_out = Omission(issue_id=2, reason="另报专报")
    brief = build_brief(rich, replace(cover, omissions=(left_out,)))
    titles = [
        block.title for section in brief.sections for block in section.blocks if isinstance(block, IssueCard)
    ]
    assert "后洋村旁厂房工地夜间施工噪声" not in titles
    said = text_of(brief)
    assert "人工未列入：“后洋村旁厂房工地夜间施工噪声”，理由：另报专报。" in said
    assert said.count("后洋村") == 1


def test_a_topic_stands_in_the_masthead(special: RunResult, cover: Cover) -> None:
    assert build_brief(special, replace(cover, topic="老药铺")).masthead.title == "民意专报：老药铺"


def test_nothing_answered_is_said_in_words(rich: RunResult, cover: Cover) -> None:
    replies = replace(
        rich.replies, answered=Figure(key="replies.answered", value=0), median_hours=None, effects=()
    )
    said = text_of(build_brief(replace(rich, replies=replies), cover))
    assert "需要答复19项：没有已答复的，待答复4项，超过答复时限2项。" in said
    assert "尚无可以判断成效的答复。" in said


def test_answers_of_unknown_time_are_counted_beside_the_median(rich: RunResult, cover: Cover) -> None:
    lamp = rich.issues[0]
    replies = replace(
        rich.replies, untimed=Figure(key="replies.untimed", value=2, posts=lamp.posts.posts[:2])
    )
    told = replace(lamp, answer="answered", hours_open=None, hours_to_answer=None, time_unknown=True)
    brief = build_brief(replace(rich, replies=replies, issues=(told, *rich.issues[1:])), cover)
    assert "；另有2项已答复、用时不明，未计入时长和时限。" in text_of(brief)
    assert "时间不明的答复算已答复，不计入用时和时限" in text_of(brief)
    assert "时间不明的答复" not in text_of(build_brief(rich, cover))
    assert clock(told) == "用时不明"


def test_an_overdue_issue_without_new_posts_makes_the_headline(rich: RunResult, cover: Cover) -> None:
    night = replace(rich.issues[1], new_posts=Figure(key="x", value=0))
    brief = build_brief(replace(rich, issues=(night,)), cover)
    assert plain(brief.headlines[0]) == "后洋村旁厂房工地夜间施工噪声：已5天未答复。"


def test_a_department_gets_its_own_issues_alone(rich: RunResult, cover: Cover) -> None:
    brief = build_brief(rich, cover, layout=Layout(department="教育局"))
    titles = [
        block.title for section in brief.sections for block in section.blocks if isinstance(block, IssueCard)
    ]
    assert titles == ["实验小学课后托管名额"]
    assert brief.masthead.title == "民意日报：教育局"
    assert not [entry for entry in brief.evidence if entry.key.startswith(("overview", "cross", "replies"))]
    assert "后洋村" not in text_of(brief)


def test_unknown_section_keys_can_be_checked_by_the_configuration() -> None:
    assert {
        "overview",
        "focus",
        "distribution",
        "responses",
        "praise",
        "advice",
        "others",
        "method",
    } <= SECTIONS


def test_many_suggestions_are_cut_and_counted_focus_first(rich: RunResult, cover: Cover) -> None:
    quiet = tuple(Suggestion(action="inspect", issue_id=16, department=None) for _ in range(20))
    brief = build_brief(replace(rich, suggestions=(*quiet, *rich.suggestions)), cover)
    advice = next(section for section in brief.sections if section.key == "advice")
    said = [plain(line) for line in lines(advice.blocks)]
    assert any(line.startswith("答复：请生态环境分局") for line in said)
    assert "另有16条未列" in plain(advice.note)


def test_posts_that_the_result_does_not_describe_are_counted_as_more(rich: RunResult, cover: Cover) -> None:
    few = {post_id: rich.evidence[post_id] for post_id in list(rich.evidence)[:5]}
    brief = build_brief(replace(rich, evidence=few), cover)
    assert len(brief.register) <= 5
    entry = next(entry for entry in brief.evidence if entry.key == "overview.threads")
    assert len(entry.posts) == 104
    assert len(entry.shown) <= 5


def card_of(brief: Brief, issue_id: int) -> str:
    [card] = [
        block
        for section in brief.sections
        for block in section.blocks
        if isinstance(block, IssueCard) and block.issue_id == issue_id
    ]
    return "".join(plain(line) for line in card.lines)


def test_a_burst_comes_first_in_headline_and_card(busy: RunResult, cover: Cover) -> None:
    brief = build_brief(busy, cover)
    assert plain(brief.headlines[0]) == ("后洋村旁厂房工地夜间施工噪声：当日9帖，平时约2帖，已5天未答复。")
    assert card_of(brief, 2).startswith("突增：当日9帖，平时约2帖，11月22日 6:30起升温。累计30帖")


def test_a_weekly_says_on_which_day_a_burst_was(busy: RunResult, cover: Cover) -> None:
    """The last 24 hours of a week are no "近24小时" for somebody who reads it on Monday."""
    brief = build_brief(replace(busy, kind="weekly", first_day=LAST - timedelta(days=6)), cover)
    assert plain(brief.headlines[0]).startswith("后洋村旁厂房工地夜间施工噪声：11月22日当天9帖，平时约2帖")


def test_less_than_an_hour_has_not_passed_already(rich: RunResult) -> None:
    fresh = replace(rich.issues[1], answer="open", hours_open=0.4)
    assert clock(fresh) == "不足1小时"
    assert clock(replace(fresh, hours_open=5.2)) == "已5小时"


def test_the_office_clock_counts_working_days_and_says_where_they_are_guessed(
    busy: RunResult, cover: Cover
) -> None:
    brief = build_brief(busy, cover)
    assert "已6个工作日，超过“投诉”类5个工作日的时限（节假日安排未收录，按周末推算）。" in card_of(brief, 2)
    assert "用时8个工作日，超过“投诉”类5个工作日的时限。" in card_of(brief, 1)


def test_an_acknowledgement_is_no_answer_and_has_no_effect(busy: RunResult, cover: Cover) -> None:
    brief = build_brief(busy, cover)
    said = card_of(brief, 2)
    assert "生态环境分局11月20日 10:00受理：“您好，来信收悉，感谢关注。”" in said
    assert "（答复多为套话，没有谈到此前的2项提问和诉求。）" in said
    assert "办理：转办（11月22日，生态环境分局）。" in said
    assert "成效" not in said
    assert not [entry for entry in brief.evidence if entry.key.startswith("issue.2.effect")]


def test_an_effect_is_told_with_its_net_change(rich: RunResult, cover: Cover) -> None:
    brief = build_brief(rich, cover)
    assert plain(brief.headlines[0]) == "中山街老药铺拆除与重建：答复后好转，负面占比净降25个百分点。"
    assert (
        "答复成效：好转。负面帖占比答复前61%、答复后34%；"
        "扣除同期变化，净降25个百分点（95%区间−41至−9，120帖）。"
    ) in card_of(brief, 1)


def test_an_interval_that_ends_just_clear_of_zero_does_not_read_as_if_it_held_it(
    rich: RunResult, cover: Cover
) -> None:
    first = rich.issues[0]
    assert first.effect is not None
    close = replace(first, effect=replace(first.effect, interval=(-0.13, -0.004)))
    told = card_of(build_brief(replace(rich, issues=(close, *rich.issues[1:])), cover), 1)
    assert "95%区间−13至−0.4" in told


def test_the_daily_lists_quiet_issues_without_a_card(busy: RunResult, cover: Cover) -> None:
    sections = {
        focus: {section.key for section in build_brief(busy, cover, focus=focus).sections} for focus in (1, 5)
    }
    other = replace(busy.issues[-1], quiet=True)
    more = replace(busy, issues=(*busy.issues[:-1], other), quiet=(other.id,))
    assert "lasting" not in sections[5], "it has a card already"
    [section] = [entry for entry in build_brief(more, cover).sections if entry.key == "lasting"]
    assert other.title in "".join(plain(line) for line in lines(section.blocks))


def test_threads_that_are_no_matter_are_counted_and_can_be_seen(rich: RunResult, cover: Cover) -> None:
    assert "闲聊" not in text_of(build_brief(rich, cover))
    posts = rich.threads.posts[:7]
    aside = replace(
        rich, method=replace(rich.method, chatter=Figure(key="method.chatter", value=7, posts=posts))
    )
    brief = build_brief(aside, cover)
    assert "另有7个主题帖像是闲聊、买卖一类，计入帖数，未列为事项。" in text_of(brief)
    assert [entry.value for entry in brief.evidence if "未列为事项的主题帖" in entry.label] == ["7"]


def test_the_method_says_how_bursts_and_working_days_are_counted(busy: RunResult, cover: Cover) -> None:
    method = replace(busy.method, burst_rule="突增：近1小时对照前12小时。", holidays_guessed=True)
    said = text_of(build_brief(replace(busy, method=method), cover))
    assert "突增：近1小时对照前12小时。" in said
    assert "节假日安排未收录，工作日按周末推算。" in said


@pytest.mark.parametrize(("clock_time", "told"), [(time(0), True), (time(9, 30), False)])
def test_answers_with_a_day_alone_are_told_beside_the_durations(
    rich: RunResult, cover: Cover, clock_time: time, told: bool
) -> None:
    at = datetime.combine(rich.last_day, clock_time, ZoneInfo(rich.timezone))
    issues = tuple(
        replace(issue, replies=tuple(replace(reply, replied_at=at) for reply in issue.replies))
        for issue in (*rich.issues, *rich.praise)
    )
    brief = build_brief(replace(rich, issues=issues, praise=()), cover)
    assert ("从当天零点算，用时最多少算一天" in text_of(brief)) is told
