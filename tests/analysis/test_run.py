"""A whole run over small towns: counts, issues that keep their id, edges of time, and evidence."""

from collections.abc import Callable
from datetime import datetime, timedelta
from math import log1p

import pytest
from pydantic import TypeAdapter

from analysis.results import Figure, RunResult, Share, StaffState
from analysis.run import Analysis, analyse
from analysis.settings import KnownIssues, Settings
from pipelines.clean import clean_text
from pipelines.dedupe import sketches

from .conftest import LAST, ZONE, Town, at, figures

Run = Callable[..., Analysis]

LAMP = (
    ("望星路口路灯不亮了", "望星路口的路灯坏了三天，晚上一片漆黑，走路看不清。"),
    ("望星路口那盏路灯还是黑的", "望星路口路灯报修了还是不亮，晚上漆黑一片。"),
    ("请修一修望星路口的路灯", "晚上走过望星路口，路灯不亮，看不清路，漆黑得怕人。"),
)
NOISE = (
    ("北岭村机器夜里太吵", "北岭村旁边的厂房机器整夜轰鸣，吵得睡不着。"),
    ("北岭村旁边厂房夜间噪声", "厂房机器二十四小时开，北岭村的人夜里睡不着，太吵。"),
)
OTHERS = (
    ("出一辆自行车", "九成新自行车，三百元，自提。"),
    ("捡到一只小狗", "在河边捡到一只小狗，白色，失主请联系。"),
    ("周末去哪里玩", "想带孩子出去玩，大家推荐个地方。"),
)


def build(town: Town) -> None:
    for number, (title, text) in enumerate(LAMP):
        town.thread(title, text, at(6 - 2 * number), category_detail="照明")
    for number, (title, text) in enumerate(NOISE):
        town.thread(
            title, text, at(3 - 3 * number), category="环境保护", category_detail="噪声", district="北岭镇"
        )
    for number, (title, text) in enumerate(OTHERS):
        town.thread(
            title, text, at(number), intent="其他", sentiment="neu", p_neg=0.1, board="闲聊", category=None
        )


def test_same_matter_is_one_issue_and_others_stay_apart(town: Town, run: Run) -> None:
    build(town)
    found = run(town.frame)
    labels = found.issue_threads
    assert labels[1] == labels[2] == labels[3]
    assert labels[4] == labels[5] != labels[1]
    assert len({labels[thread] for thread in range(1, 9)}) == 5


def test_chatter_is_no_issue_and_departments_follow_the_detail(town: Town, run: Run) -> None:
    build(town)
    issues = {issue.title: issue for issue in run(town.frame).result.issues}
    assert {issue.department for issue in issues.values()} == {"城管局", "生态环境分局"}
    assert not any("自行车" in title or "小狗" in title for title in issues)


def test_what_is_left_out_as_chatter_is_counted_with_its_posts(town: Town, run: Run) -> None:
    build(town)
    found = run(town.frame, LAST - timedelta(days=2), LAST)
    chatter = found.result.method.chatter
    assert chatter is not None
    assert [found.result.evidence[post].title for post in chatter.posts] == [
        *("周末去哪里玩", "捡到一只小狗", "出一辆自行车"),
    ]
    assert found.result.threads.value == chatter.value + 2


def test_only_what_nobody_will_look_for_a_matter_in_is_set_aside(town: Town, run: Run) -> None:
    build(town)
    quiet = {"intent": "其他", "sentiment": "neu", "p_neg": 0.2, "board": "闲聊", "category": None}
    town.thread("雨天", "一下雨小区门口就成河", at(1), **quiet)
    town.thread("求购缝纫机", "蝴蝶牌的最好，私聊", at(1), **quiet | {"intent": "求助"})
    stored = {record["title"]: record["chatter"] for record in run(town.frame).issues}
    assert stored.pop("出一辆自行车")
    assert not stored.pop("雨天")
    assert not stored.pop("求购缝纫机"), "somebody asks"
    assert not any(aside for title, aside in stored.items() if "路灯" in title or "机器" in title)


def test_same_input_gives_the_same_result(town: Town, run: Run) -> None:
    build(town)
    assert run(town.frame) == run(town.frame.sample(frac=1, random_state=3))


def test_ids_stay_as_days_pass_and_staff_titles_are_kept(town: Town, run: Run) -> None:
    build(town)
    frame = town.frame
    yesterday = frame[frame["dated_at"] < at(2)]
    before = run(yesterday, LAST - timedelta(days=3), LAST - timedelta(days=3))
    lamp = before.issue_threads[1]
    known = KnownIssues(
        threads=before.issue_threads,
        titles={lamp: "望星路口照明"},
        next_id=max(before.issue_threads.values()) + 1,
    )
    after = run(frame, known=known)
    assert {thread: after.issue_threads[thread] for thread in before.issue_threads} == before.issue_threads
    assert after.issue_threads[3] == lamp
    assert {record["title"] for record in after.issues if record["id"] == lamp} == {"望星路口照明"}


def test_the_age_of_an_issue_survives_the_cut_of_its_history(town: Town, run: Run) -> None:
    build(town)
    whole = run(town.frame)
    lamp = whole.issue_threads[1]
    known = KnownIssues(
        threads=whole.issue_threads,
        first_posts={record["id"]: record["first_post_at"] for record in whole.issues},
        next_id=max(whole.issue_threads.values()) + 1,
    )
    cut = run(town.frame[town.frame["dated_at"] >= at(4, 0)], known=known)
    began = {
        (issue.first_post_at, issue.hours_open)
        for one in (whole, cut)
        for issue in one.result.issues
        if issue.id == lamp
    }
    assert [first for first, _ in began] == [at(6)]
    assert [record["first_post_at"] for record in cut.issues if record["id"] == lamp] == [at(6)]


def test_working_days_follow_the_offices_own_holidays(town: Town) -> None:
    build(town)
    friday = LAST - timedelta(days=2)
    waited = []
    for holidays in ({}, {friday: "rest"}, {LAST: "work"}):
        settings = Settings(holidays=holidays)  # type: ignore[arg-type]
        found = analyse(
            town.frame,
            KnownIssues(),
            settings,
            kind="daily",
            first_day=LAST,
            last_day=LAST,
            sources=(),
        )
        lamp = next(issue for issue in found.result.issues if issue.id == found.issue_threads[1])
        waited.append((lamp.working_days, found.result.method.holidays_guessed))
    assert waited == [(4, False), (3, False), (5, False)]


def test_a_stored_first_post_that_left_the_issue_does_not_count(town: Town, run: Run) -> None:
    build(town)
    whole = run(town.frame)
    lamp = whole.issue_threads[1]
    known = KnownIssues(
        threads=whole.issue_threads,
        first_posts={lamp: at(6)},
        next_id=max(whole.issue_threads.values()) + 1,
    )
    town.thread("早先的一帖", "很久以前的闲话。", at(9), board="闲聊", intent="其他", sentiment="neu")
    left = run(town.frame[town.frame["thread_id"] != 1], known=known)
    assert [issue.first_post_at for issue in left.result.issues if issue.id == lamp] == [at(4)]


def test_every_figure_has_its_own_key_and_counts_its_posts(town: Town, run: Run) -> None:
    build(town)
    town.reply(1, "您好，路灯已修复，感谢反映。", at(1), agency="城管局", intent="其他", sentiment="neu")
    result = run(town.frame).result
    found = figures(result)
    keys = [figure.key for figure in found]  # type: ignore[attr-defined]
    assert len(keys) == len(set(keys))
    for figure in found:
        assert isinstance(figure, Figure | Share)
        assert len(figure.posts) == (figure.value if isinstance(figure, Figure) else figure.part)
        assert set(figure.posts) <= result.evidence.keys()


def test_officials_spam_hidden_floors_and_copies_are_not_residents_posts(town: Town, run: Run) -> None:
    thread = town.thread(*LAMP[0], at(0))
    town.reply(thread, "已安排维修。", at(0, 11), agency="城管局")
    town.reply(thread, "加微信领红包，名额有限先到先得。", at(0, 11), spam=True)
    town.reply(thread, "", at(0, 11), hidden="shielded")
    town.thread(*LAMP[0], at(0, 12), source="other")
    result = run(town.frame).result
    assert (result.posts.value, result.negative.whole) == (1, 1)
    assert (result.method.spam, result.method.duplicates) == (1, 1)


@pytest.mark.parametrize("again", [LAMP[0][1], f"顶一下！{LAMP[0][1]}"])
def test_a_text_copied_to_other_threads_is_one_post_of_several_voices(
    town: Town, run: Run, again: str
) -> None:
    for hour, text in enumerate((LAMP[0][1], again, again), start=9):
        town.thread(LAMP[0][0], text, at(0, hour), sketch=sketches([clean_text(text)])[0])
    issue = run(town.frame).result.issues[0]
    assert (issue.voices, issue.posts.value, issue.threads.value, len(issue.posts.posts)) == (3, 1, 1, 1)
    assert dict(issue.heat.terms)["发言者"] == round(2 * log1p(3), 2)
    assert dict(issue.heat.terms)["主题帖"] == round(3 * log1p(1), 2)


def test_a_text_repeated_by_one_voice_in_one_thread_is_one_voice(town: Town, run: Run) -> None:
    thread = town.thread(*LAMP[0], at(0, 9), voice="a")
    town.reply(thread, LAMP[0][1], at(0, 10), voice="a")
    town.reply(thread, LAMP[0][1], at(0, 11), voice="a")
    issue = run(town.frame).result.issues[0]
    assert (issue.voices, issue.posts.value, issue.threads.value) == (1, 1, 1)


def test_voices_of_offices_and_of_spam_do_not_count(town: Town, run: Run) -> None:
    thread = town.thread(*LAMP[0], at(0, 9))
    town.reply(thread, LAMP[0][1], at(0, 10), agency="城管局")
    town.reply(thread, LAMP[0][1], at(0, 11), spam=True)
    assert run(town.frame).result.issues[0].voices == 1


def test_an_answer_stops_the_clock_and_a_new_complaint_reopens_it(town: Town, run: Run) -> None:
    thread = town.thread(*LAMP[0], at(5, 8))
    town.reply(thread, "经查，线路故障已修复。", at(5, 20), agency="城管局", intent="其他", sentiment="neu")
    answered = run(town.frame).result.issues
    assert [(issue.answer, issue.hours_to_answer) for issue in answered] in ([("answered", 12.0)], [])
    town.thread(*LAMP[1], at(0))
    (issue,) = run(town.frame).result.issues
    assert (issue.answer, issue.hours_to_answer) == ("recurring", 12.0)


FIXED = "经查，线路故障已修复。"


def test_an_answer_of_unknown_time_is_one_and_measures_nothing(town: Town, run: Run) -> None:
    """Nor does one of the very moment, or day, of its question, nor one to a question without a time."""
    official = {"agency": "城管局", "intent": "其他", "sentiment": "neu"}
    thread = town.thread(*LAMP[0], at(5, 8))
    town.reply(thread, FIXED, at(5, 8), untimed=True, seen_at=at(0, 9), **official)
    town.thread(*LAMP[1], at(0))
    thread = town.thread(*NOISE[0], at(0, 8))
    town.reply(thread, FIXED, at(0, 8), **official)
    thread = town.thread("东门停车场收费太高", "东门停车场一小时收费二十元，太贵了。", at(0, 8), untimed=True)
    town.reply(thread, FIXED, at(0, 9), **official)
    result = run(town.frame).result
    # The lamp was complained of again within a day of the last moment at which it may have been answered.
    assert [issue.answer for issue in result.issues] == ["answered"] * 3
    assert {issue.hours_to_answer for issue in result.issues} == {None}
    assert [issue.deadlines for issue in result.issues] == [()] * 3
    [lamp] = [issue for issue in result.issues if issue.threads.value == 2]
    assert (lamp.answered_at, lamp.effect, lamp.replies[0].replied_at) == (None, None, None)
    assert not any(key.kind == "answer" for key in lamp.key_posts)
    assert (result.replies.answered.value, result.replies.median_hours) == (3, None)
    assert result.replies.untimed is not None
    assert result.replies.untimed.value == 3
    assert sum(stats.untimed.value for stats in result.departments if stats.untimed) == 3
    assert result.evidence[lamp.replies[0].post_id].untimed


def test_an_acknowledgement_without_a_time_leaves_the_clock_of_the_answer(town: Town, run: Run) -> None:
    thread = town.thread(*LAMP[0], at(0, 8))
    town.reply(thread, "已收悉，转交城管局。", at(0, 8), untimed=True, agency="信访局", intent="其他")
    town.reply(thread, FIXED, at(0, 18), agency="城管局", intent="其他")
    (issue,) = run(town.frame).result.issues
    assert (issue.hours_to_answer, issue.acknowledged_at) == (10.0, None)
    assert (issue.time_unknown, issue.effect is None, len(issue.deadlines)) == (False, False, 2)


def test_a_complaint_after_an_undated_answer_was_seen_reopens_it(town: Town, run: Run) -> None:
    thread = town.thread(*LAMP[0], at(8, 8))
    town.reply(thread, FIXED, at(8, 8), untimed=True, seen_at=at(4), agency="城管局", intent="其他")
    town.thread(*LAMP[1], at(0))
    (issue,) = run(town.frame).result.issues
    assert (issue.answer, issue.hours_to_answer, issue.time_unknown) == ("recurring", None, True)


def test_silence_is_overdue_after_two_days(town: Town, run: Run) -> None:
    town.thread(*LAMP[0], at(0, 8))
    town.thread(*NOISE[0], at(2, 8))
    states = {issue.title: issue.answer for issue in run(town.frame).result.issues}
    assert sorted(states.values()) == ["open", "overdue"]
    assert next(state for title, state in states.items() if "北岭" in title) == "overdue"


def test_praise_has_its_own_list(town: Town, run: Run) -> None:
    town.thread("感谢东门停车志愿者", "东门的志愿者帮忙停车，真热心。", at(0), intent="表扬", sentiment="pos")
    result = run(town.frame).result
    assert [issue.title for issue in result.praise] == ["感谢东门停车志愿者"]
    assert not result.issues
    assert {suggestion.action for suggestion in result.suggestions} == {"thank"}


def test_a_day_ends_at_midnight_in_shanghai(town: Town, run: Run) -> None:
    midnight = datetime(LAST.year, LAST.month, LAST.day, tzinfo=ZONE)
    town.thread(*LAMP[0], midnight - timedelta(seconds=1))
    town.thread(*NOISE[0], midnight)
    town.thread(*OTHERS[0], midnight + timedelta(days=1))
    result = run(town.frame).result
    assert result.posts.posts == (2,)
    assert [(row.day, row.posts) for row in result.trend][-2:] == [(LAST - timedelta(days=1), 1), (LAST, 1)]


@pytest.mark.parametrize("days", [-400, 0, 400])
def test_empty_days_are_empty(town: Town, run: Run, days: int) -> None:
    build(town)
    day = LAST + timedelta(days=days or 400)
    frame = town.frame.head(0) if days == 0 else town.frame
    result = run(frame, day, day).result
    assert (result.posts.value, result.negative.value, result.threads.value) == (0, None, 0)


def test_hidden_floors_alone_make_no_issue(town: Town, run: Run) -> None:
    town.thread("看不到的帖子", "", at(0), hidden="locked")
    result = run(town.frame).result
    assert not result.issues
    assert result.posts.value == 0


def test_results_survive_the_store(town: Town, run: Run) -> None:
    build(town)
    result = run(town.frame).result
    adapter = TypeAdapter(RunResult)
    assert adapter.validate_json(adapter.dump_json(result)) == result


def test_a_cell_below_three_threads_is_hidden(town: Town, run: Run) -> None:
    for number, (title, text) in enumerate(LAMP):
        town.thread(title, text, at(0, 9 + number))
    town.thread(*NOISE[0], at(0), category="环境保护", district="北岭镇")
    cross = run(town.frame).result.cross
    shown = [figure.value for row in cross.cells for figure in row if figure]
    assert (shown, cross.hidden) == ([3], 1)


def test_the_cross_table_of_one_day_counts_the_days_of_the_trend(town: Town, run: Run) -> None:
    for number, (title, text) in enumerate(LAMP):
        town.thread(title, text, at(3 * number))
    town.thread(*NOISE[0], at(20))
    daily = run(town.frame).result.cross
    shown = [figure.value for row in daily.cells for figure in row if figure]
    assert (shown, daily.hidden, daily.days) == ([3], 0, 14)
    weekly = run(town.frame, LAST - timedelta(days=6)).result.cross
    assert weekly.days is None


def test_results_stored_before_a_field_was_added_still_load(town: Town, run: Run) -> None:
    build(town)
    town.reply(1, "您好，路灯已修复，感谢反映。", at(1), agency="城管局", intent="其他", sentiment="neu")
    stored = TypeAdapter(RunResult).dump_python(run(town.frame).result, mode="json")
    for name in ("bursts", "quiet", "departments", "keywords", "views", "instructions", "topic", "query"):
        del stored[name]
    for issue in stored["issues"]:
        for name in (
            "deadlines",
            "aspects",
            "key_posts",
            "burst",
            "kind",
            "reopened_at",
            "department_options",
        ):
            del issue[name]
        for reply in issue["replies"]:
            del reply["rubric"]
    loaded = TypeAdapter(RunResult).validate_python(stored)
    assert (loaded.views, loaded.issues[0].aspects) == ((), ())


def test_an_issue_with_a_staff_state_is_told_in_full_however_cold(
    town: Town, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.listing.IN_FULL", 0)
    town.thread(*LAMP[0], at(0, 9))
    before = run(town.frame)
    [issue] = before.result.issues
    state = StaffState(state="处理中", set_at=at(0, 10))
    known = KnownIssues(
        threads=before.issue_threads, states={issue.id: state}, next_id=max(before.issue_threads.values()) + 1
    )
    [told] = run(town.frame, known=known).result.issues
    assert not issue.key_posts
    assert told.key_posts
