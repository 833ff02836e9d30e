"""Stages, returns with the earlier answer, quiet persistence, and the posts at which an issue turned."""

from collections.abc import Callable
from datetime import timedelta

from analysis.results import IssueResult, StaffState
from analysis.run import Analysis, analyse
from analysis.settings import KnownIssues, Settings

from .conftest import LAST, Town, at

Run = Callable[..., Analysis]

LAMP = "望星路口路灯不亮了"
TEXT = "望星路口的路灯又坏了，晚上一片漆黑，走路看不清，请修一修。"
CHATTER = {"intent": "其他", "sentiment": "neu", "p_neg": 0.1, "board": "闲聊", "category": None}
ANSWER = "经查，线路故障已修复，由城管局负责，如再不亮请致电〔电话〕。"


def lamp_of(found: Analysis) -> IssueResult:
    return next(issue for issue in found.result.issues if issue.id == found.issue_threads[1])


def kinds(issue: IssueResult) -> list[str]:
    return [key.kind for key in issue.key_posts]


def test_an_issue_that_comes_back_says_after_how_long_and_shows_the_earlier_answer(
    town: Town, run: Run
) -> None:
    thread = town.thread(LAMP, TEXT, at(40))
    answer = town.reply(thread, ANSWER, at(39), agency="城管局", intent="其他", sentiment="neu")
    town.reply(thread, "修好了，谢谢。", at(38), intent="其他", sentiment="pos")
    again = town.thread("望星路口路灯又不亮了", TEXT + "才修过。", at(0))
    issue = lamp_of(run(town.frame))
    assert issue.stage == "returned"
    assert issue.returned_after_days == 38
    assert issue.earlier_answer == answer
    assert issue.answer == "recurring"
    assert issue.reopened_at == at(0)
    assert kinds(issue) == ["first", "answer", "reopened"]
    assert issue.key_posts[-1].post_id == again + 2  # ids of posts, not of threads
    assert all(key.post_id in run(town.frame).result.evidence for key in issue.key_posts)


def test_a_short_silence_is_no_return(town: Town, run: Run) -> None:
    town.thread(LAMP, TEXT, at(10))
    town.thread("望星路口路灯还是不亮", TEXT + "还是黑的。", at(0))
    issue = lamp_of(run(town.frame))
    assert (issue.returned_after_days, issue.earlier_answer) == (None, None)


def test_small_unanswered_and_long_lasting_is_quiet(town: Town, run: Run) -> None:
    thread = town.thread(LAMP, TEXT, at(30))
    for days in (20, 10, 1):
        town.reply(thread, f"过了{days}天还是黑的，没人来修。", at(days))
    result = run(town.frame).result
    assert result.quiet == (result.issues[0].id,)
    assert result.issues[0].quiet
    town.reply(thread, ANSWER, at(0), agency="城管局", intent="其他", sentiment="neu")
    assert run(town.frame).result.quiet == ()


def test_loud_or_young_issues_are_not_quiet(town: Town, run: Run) -> None:
    young = town.thread(LAMP, TEXT, at(5))
    for days in (4, 3, 1):
        town.reply(young, f"过了{days}天还是黑的，没人来修。", at(days))
    loud = town.thread("北岭村机器夜里太吵", "北岭村旁边的厂房机器整夜轰鸣，吵得睡不着。", at(30))
    for number in range(20):
        town.reply(loud, f"第{number}个人说：机器整夜轰鸣，睡不着。", at(20 - number))
    assert run(town.frame).result.quiet == ()


def test_several_voices_under_an_old_thread_reopen_it_and_one_does_not(town: Town, run: Run) -> None:
    thread = town.thread(LAMP, TEXT, at(9))
    town.reply(thread, ANSWER, at(8), agency="城管局", intent="其他", sentiment="neu")
    town.reply(thread, "今晚又黑了，到底修没修？", at(3))
    assert lamp_of(run(town.frame, LAST - timedelta(days=6))).answer == "answered"
    for number in range(2):
        town.reply(thread, f"第{number}晚了还是黑的，白修了。", at(2, 10 + number))
    issue = lamp_of(run(town.frame, LAST - timedelta(days=6)))
    assert (issue.answer, issue.reopened_at) == ("recurring", at(3))


def staffed(town: Town, state: StaffState) -> IssueResult:
    known = KnownIssues(threads={1: 1}, states={1: state}, next_id=2)
    settings = Settings(deadlines={"投诉": 5})
    found = analyse(town.frame, known, settings, kind="daily", first_day=LAST, last_day=LAST, sources=())
    return lamp_of(found)


def test_closed_by_staff_stops_the_clock_and_new_complaints_reopen_it(town: Town) -> None:
    town.thread(LAMP, TEXT, at(9))
    closed = StaffState(state="办结", set_at=at(5))
    town.reply(1, "等着看。", at(0), sentiment="neu", intent="其他")
    issue = staffed(town, closed)
    assert (issue.answer, issue.answered_at, issue.state) == ("answered", at(5), closed)
    town.thread("望星路口路灯还是不亮", TEXT + "办结了也没修。", at(1))
    town.rows[-1]["thread_id"] = 2
    again = analyse(
        town.frame,
        KnownIssues(threads={1: 1, 2: 1}, states={1: closed}, next_id=2),
        Settings(),
        kind="daily",
        first_day=LAST,
        last_day=LAST,
        sources=(),
    )
    assert (lamp_of(again).answer, lamp_of(again).reopened_at) == ("recurring", at(1))


def test_reopened_by_staff_is_recurring(town: Town) -> None:
    town.thread(LAMP, TEXT, at(9))
    town.reply(1, ANSWER, at(8), agency="城管局", intent="其他", sentiment="neu")
    town.reply(1, "等着看。", at(0), sentiment="neu", intent="其他")
    assert staffed(town, StaffState(state="重开", set_at=at(2))).reopened_at == at(2)


def test_deadlines_follow_the_kind_of_the_issue(town: Town) -> None:
    town.thread(LAMP, TEXT, at(2))
    issue = staffed(town, StaffState(state="已阅", set_at=at(1)))
    assert issue.kind == "投诉"
    assert {deadline.limit: deadline.overdue for deadline in issue.deadlines} == {
        "24h": True,
        "48h": True,
        "office": False,
    }


def test_departments_add_up_to_all_that_ask(town: Town, run: Run) -> None:
    """What is nobody's yet is counted last: a reader who adds the rows up finds the total."""
    town.thread(LAMP, TEXT, at(0, 8), category_detail="照明")
    town.thread("医院挂号要排一上午", "医院挂号窗口只开一个，排了一上午，没人管。", at(0, 9), category=None)
    result = run(town.frame).result
    assert [stats.department for stats in result.departments] == ["城管局", None]
    assert sum(stats.asking.value for stats in result.departments) == result.replies.asking.value == 2


def test_a_run_counts_departments_bursts_and_views_that_can_be_traced(town: Town, run: Run) -> None:
    for days in range(20, 0, -1):
        town.thread("捡到一只小狗", f"第{days}天捡到一只小狗，失主请联系。", at(days), **CHATTER)
    thread = town.thread(LAMP, TEXT, at(0, 8), category_detail="照明")
    for number in range(30):
        town.reply(thread, f"第{number}个人：路灯坏了没人管，摔了一跤。", at(0, 9, number))
    result = run(town.frame).result
    assert [(stats.department, stats.asking.value) for stats in result.departments] == [("城管局", 1)]
    assert sum(day.posts for day in result.departments[0].daily) == 31
    assert {(burst.window, burst.issue_id) for burst in result.bursts} == {
        ("day", None),
        ("day", result.issues[0].id),
    }
    assert result.issues[0].burst is not None
    assert result.issues[0].burst.observed.value == 31
    (view,) = result.views
    assert (view.sentiment, view.share.part, view.share.whole) == ("neg", 31, 31)
    assert view.quotes
    assert "突增" in result.method.burst_rule
