"""Every scheduled moment leads to one crawl, however the scheduler's ticks fall."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.schedule import RETRIES, Attempt, Schedule, ScheduleError, is_due, make_schedule

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 11, 20, tzinfo=UTC)
TICK = timedelta(minutes=10)

# Three hundred numbers drawn one by one take far longer than what is tested with them.
a_byte_each_tick = st.binary(min_size=300, max_size=300)
schedules = st.one_of(
    st.builds(
        lambda minutes: make_schedule([f"{each // 60:02}:{each % 60:02}" for each in minutes]),
        st.lists(st.integers(0, 1439), min_size=1, max_size=5),
    ),
    st.integers(10, 3000).map(make_schedule),
)
moments = st.integers(0, 2 * 365 * 86400).map(lambda seconds: START + timedelta(seconds=seconds))


@given(schedules, moments)
def test_now_lies_between_the_last_moment_and_the_next(schedule: Schedule, now: datetime) -> None:
    latest, following = schedule.latest(now, SHANGHAI), schedule.following(now, SHANGHAI)
    assert latest <= now < following
    assert schedule.latest(following, SHANGHAI) == following
    assert schedule.latest(following - timedelta(microseconds=1), SHANGHAI) == latest
    assert schedule.following(schedule.one_before_latest(now, SHANGHAI), SHANGHAI) == latest


@given(schedules, moments)
def test_times_of_day_are_the_offices_own(schedule: Schedule, now: datetime) -> None:
    latest = schedule.latest(now, SHANGHAI).astimezone(SHANGHAI)
    assert schedule.minutes is not None or latest.time() in schedule.times


@given(schedules, a_byte_each_tick)
def test_each_moment_leads_to_exactly_one_crawl(schedule: Schedule, jitter: bytes) -> None:
    done: list[Attempt] = []
    for number, late in enumerate(jitter):
        now = START + number * TICK + timedelta(seconds=2 * late)
        if is_due(schedule, now, SHANGHAI, done):
            done.append(Attempt(now, "done"))
    for before, after in pairwise(done):
        assert schedule.latest(before.started_at, SHANGHAI) < schedule.latest(after.started_at, SHANGHAI)
    last_tick = START + (len(jitter) - 1) * TICK
    seen = {schedule.latest(each.started_at, SHANGHAI) for each in done}
    moment = schedule.following(START, SHANGHAI)
    while moment < last_tick - TICK:
        # Missed only when the next moment came before any tick did.
        ticked = schedule.following(moment, SHANGHAI) - moment > 2 * TICK
        assert moment in seen or not ticked
        moment = schedule.following(moment, SHANGHAI)


@given(schedules, a_byte_each_tick)
def test_a_failed_crawl_is_tried_again_at_the_next_ticks_and_then_left(
    schedule: Schedule, outcomes: bytes
) -> None:
    attempts: list[Attempt] = []
    for number, byte in enumerate(outcomes):
        now = START + number * TICK
        moment = schedule.latest(now, SHANGHAI)
        since = [each.outcome for each in attempts if each.started_at >= moment]
        due = is_due(schedule, now, SHANGHAI, attempts)
        assert due == ("done" not in since and len(since) <= RETRIES)
        if due:
            attempts.append(Attempt(now, "failed" if byte % 2 else "done"))


@given(schedules, moments)
def test_nothing_is_due_while_a_crawl_runs(schedule: Schedule, now: datetime) -> None:
    assert is_due(schedule, now, SHANGHAI, [])
    assert not is_due(schedule, now, SHANGHAI, [Attempt(now - timedelta(hours=3), "running")])


def test_times_missed_while_the_machine_was_off_are_made_up_once() -> None:
    schedule = make_schedule(["05:30", "12:00", "18:00"])
    attempts = [Attempt(datetime(2026, 11, 20, 5, 30, tzinfo=SHANGHAI), "done")]
    back = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
    assert is_due(schedule, back, SHANGHAI, attempts)
    attempts.append(Attempt(back, "done"))
    assert not is_due(schedule, back + TICK, SHANGHAI, attempts)


@pytest.mark.parametrize("times", [[], ["25:00"], ["6"], ["早上"], ["06:30"] * 25, 9, 99999, ["06:30:15"]])
def test_times_that_cannot_be_kept_are_refused(times: list[str] | int) -> None:
    with pytest.raises(ScheduleError):
        make_schedule(times)


def test_times_are_kept_in_order_and_once() -> None:
    schedule = make_schedule(["18:00", "6:30", "06:30", "7：05"])
    assert schedule.times == (time(6, 30), time(7, 5), time(18, 0))
    assert make_schedule(schedule.plain()) == schedule
    assert schedule.words() == "每天 06:30、07:05、18:00"
    assert make_schedule(60).words() == "每 60 分钟"
