"""What a town promises for any seed and date: enough of it, the same each time, in the words it was given."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from minyi.demo.model import Town
from minyi.demo.timetable import SHANGHAI
from minyi.demo.town import build_town, story_lines, town_data, town_places

DAY = date(2026, 3, 11)
LINES = {"lamp", "machines", "litter", "pharmacy", "parking", "afterschool", "small", "chatter"}
OLDER = {"guardrail", "toilet"}
SIGNS = {
    "lamp": "{lamp_corner}",
    "machines": "{factory}",
    "litter": "保洁",
    "pharmacy": "{pharmacy}",
    "parking": "红袖章",
    "afterschool": "课后服务",
    "guardrail": "急弯",
    "toilet": "公厕",
}


def words(town: Town) -> str:
    titles = "\n".join(thread.title for thread in town.threads)
    authors = "\n".join(post.author or "" for post in town.posts)
    return "\n".join([titles, authors, *(post.text for post in town.posts), *(b.name for b in town.boards)])


@pytest.mark.parametrize("seed", [1, 2, 77])
def test_any_seed_makes_a_town_of_the_promised_size(seed: int) -> None:
    main = build_town(seed, DAY).site("haiping")
    midnight = datetime.combine(DAY, time(0), SHANGHAI)
    assert len(main.boards) == 4
    assert len(main.threads) >= 150
    assert sum(post.posted_at < midnight for post in main.posts) >= 900
    assert len(town_data()["districts"]) == 3


def test_every_line_is_told_and_two_of_them_in_both_forums(town: Town) -> None:
    assert story_lines() == LINES | OLDER
    assert {thread.line for thread in town.site("haiping").threads} == LINES | OLDER
    assert {"pharmacy", "machines"} <= {thread.line for thread in town.site("teahouse").threads}


def test_the_posts_fill_the_two_weeks_before_today(town: Town) -> None:
    recent = (thread for thread in town.threads if thread.line not in OLDER)
    days = Counter((DAY - post.posted_at.date()).days for thread in recent for post in thread.posts)
    assert set(days) == set(range(15))
    assert all(days[day] >= 40 for day in range(1, 14))
    assert 0 < days[0] < days[1]


def test_times_ascend_within_a_thread_and_post_numbers_within_a_forum(town: Town) -> None:
    for thread in town.threads:
        times = [post.posted_at for post in thread.posts]
        assert times == sorted(times)
        assert all(moment.tzinfo is SHANGHAI for moment in times)
    for site in town.sites:
        posts = sorted(
            (post for thread in site.threads for post in thread.posts), key=lambda post: post.posted_at
        )
        numbers = [post.pid for post in posts]
        assert numbers == sorted(set(numbers))


def test_a_quote_refers_to_an_earlier_post_of_the_same_thread(town: Town) -> None:
    quotes = 0
    for thread in town.threads:
        for post in thread.posts:
            if post.quotes:
                quotes += 1
                assert post.quotes in {
                    other.pid for other in thread.posts[: post.floor - 1] if not other.deleted
                }
    assert quotes > 100


def test_nobody_repeats_another_except_in_the_one_cross_post(town: Town) -> None:
    twice = [text for text, count in Counter(post.text for post in town.posts).items() if count > 1]
    assert len(twice) == 1
    assert "旧物市集" in twice[0] or "一百多个摊" in twice[0]


def test_the_same_seed_and_date_make_the_same_town() -> None:
    assert build_town(5, DAY) == build_town(5, DAY)
    assert build_town(5, DAY) != build_town(6, DAY)


def test_another_date_moves_every_time_and_the_dates_people_write() -> None:
    early, late = build_town(5, DAY), build_town(5, DAY + timedelta(days=30))
    moved = [replace(post, posted_at=post.posted_at + timedelta(days=30)).posted_at for post in early.posts]
    assert moved == [post.posted_at for post in late.posts]
    assert "3月31日前" in words(early)
    assert "4月30日前" in words(late)


def test_renamed_places_appear_and_the_old_names_do_not() -> None:
    renamed = {key: f"新{number}号地" for number, key in enumerate(town_places())}
    said = words(build_town(3, DAY, places=renamed))
    assert [name for name in town_places().values() if name in said] == []
    assert [name for name in renamed.values() if name not in said and name != renamed["old_district"]] == []


def test_no_placeholder_is_left_unfilled(town: Town) -> None:
    assert not set("{}") & set(words(town))


@pytest.mark.parametrize("line", sorted(SIGNS))
def test_a_line_left_out_is_gone_and_the_others_stay(line: str) -> None:
    whole, without = build_town(3, DAY), build_town(3, DAY, leave_out=[line])
    sign = SIGNS[line].format(**whole.places)
    assert sign in words(whole)
    assert sign not in words(without)
    kept = {thread.title for thread in whole.threads if thread.line != line}
    assert {thread.title for thread in without.threads} == kept


def test_unknown_lines_and_places_are_refused() -> None:
    with pytest.raises(ValueError, match="no story line 'ufo'"):
        build_town(1, DAY, leave_out=["ufo"])
    with pytest.raises(ValueError, match="no place 'moon'"):
        build_town(1, DAY, places={"moon": "月亮"})


def test_the_lamp_is_reported_five_times_and_answered_once(town: Town) -> None:
    threads = [thread for thread in town.threads if thread.line == "lamp"]
    answers = [post for thread in threads for post in thread.posts if post.author == "海平城管"]
    assert len(threads) == 5
    assert len(answers) == 1
    assert "已报修" in answers[0].text


def test_the_noise_by_the_village_is_never_answered_and_grows(town: Town) -> None:
    threads = [thread for thread in town.threads if thread.line == "machines"]
    offices = {name.format(**town.places) for name in town_data()["offices"].values()}
    assert not offices & {post.author for thread in threads for post in thread.posts}
    ages = [(DAY - post.posted_at.date()).days for thread in threads for post in thread.posts]
    assert sum(1 <= age <= 5 for age in ages) > 1.5 * sum(6 <= age <= 10 for age in ages)


def test_the_plan_is_asked_for_until_it_is_shown_three_days_before_today(town: Town) -> None:
    posts = [post for thread in town.threads if thread.line == "pharmacy" for post in thread.posts]
    plan = next(post for post in posts if post.author == "海平发布")
    asked = [
        post for post in posts if "方案" in post.text and "公布" in post.text and post.author != plan.author
    ]
    assert (DAY - plan.posted_at.date()).days == 3
    assert sum(post.posted_at < plan.posted_at for post in asked) >= 10
    assert sum(post.posted_at > plan.posted_at for post in asked) <= 2


def test_the_broken_guardrail_waits_for_three_weeks_without_an_answer(town: Town) -> None:
    threads = [thread for thread in town.threads if thread.line == "guardrail"]
    offices = {name.format(**town.places) for name in town_data()["offices"].values()}
    assert not offices & {post.author for thread in threads for post in thread.posts}
    days = {(DAY - post.posted_at.date()).days for thread in threads for post in thread.posts}
    assert max(days) >= 20 > 7 >= min(days)


def test_the_toilet_is_closed_again_yesterday_after_it_was_said_to_be_repaired(town: Town) -> None:
    first, again = sorted(
        (thread for thread in town.threads if thread.line == "toilet"), key=lambda thread: thread.tid
    )
    assert "海平城管" in {post.author for post in first.posts}
    assert (DAY - first.posts[-1].posted_at.date()).days > 20
    assert {(DAY - post.posted_at.date()).days for post in again.posts} == {1}


def test_care_after_school_is_asked_about_in_twenty_threads(town: Town) -> None:
    threads = [thread for thread in town.threads if thread.line == "afterschool"]
    assert len(threads) == 20
    assert len({thread.title for thread in threads}) == 20


def test_fake_personal_data_and_an_advertisement_are_planted(town: Town) -> None:
    said = words(town)
    assert "138 0000 1234" in said
    assert "minyi_demo_0001" in said
    assert "我叫" in said
    assert "百家乐" in said
