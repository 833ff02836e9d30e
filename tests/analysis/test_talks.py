"""Talks on the demo town: stories whose wording turns are one issue each, small troubles stay apart."""

from collections import Counter
from datetime import date

import pandas as pd
import pytest

from analysis.issues import IssueGrouper
from analysis.posts import read_posts
from analysis.profiles import ThreadText
from analysis.talks import find_talks
from analysis.threads import read_threads
from minyi.demo.timetable import SHANGHAI
from minyi.demo.town import build_town

TODAY = date(2026, 11, 23)
LINES = ("lamp", "machines", "pharmacy", "afterschool", "litter", "parking", "guardrail", "toilet")
RENAMED = {
    "pharmacy": "广德药局",
    "village": "上坪村",
    "scenic": "白沙湾",
    "lamp_road": "建设路",
    "lamp_street": "杏花巷",
    "lamp_crossing": "建设路与杏花巷交叉口",
    "lamp_corner": "杏花巷口",
    "old_estate": "翠湖新村",
}


@pytest.mark.parametrize(("seed", "places"), [(1, {}), (2, {}), (3, RENAMED)])
def test_each_story_of_the_town_is_one_issue(seed: int, places: dict[str, str]) -> None:
    threads, lines = _town_threads(seed, places)
    labels = IssueGrouper().fit(threads).labels_
    assert {line: _f1(line, lines, labels) >= 0.85 for line in LINES} == dict.fromkeys(LINES, True)
    sizes = Counter(labels[thread] for thread, line in lines.items() if line not in LINES)
    assert sum(size for size in sizes.values() if size > 1) <= 0.15 * sizes.total()


def test_a_new_thread_of_a_talk_joins_the_stored_issue() -> None:
    threads, lines = _town_threads(1, {})
    first = IssueGrouper().fit(threads)
    known = {thread: issue for thread, issue in first.labels_.items() if thread % 3}
    again = IssueGrouper(known=known, next_id=max(known.values()) + 1).fit(threads).labels_
    assert all(again[thread] == issue for thread, issue in known.items())
    assert all(_f1(line, lines, again) >= 0.85 for line in ("pharmacy", "afterschool"))


def test_one_kind_of_trouble_at_many_places_is_no_talk() -> None:
    estates = ["春晖苑", "翠屏园", "金桂府", "临江阁", "望湖轩", "听涛居"]
    threads = [
        _thread(number, f"{estate}烧烤摊油烟扰民", f"{estate}的烧烤摊没有烟道，油烟直排，夜里也不停。")
        for number, estate in enumerate(estates)
    ]
    assert len(set(IssueGrouper().fit(threads).labels_.values())) == len(estates)


def test_days_without_new_threads_are_not_looked_at() -> None:
    threads, _ = _town_threads(1, {})
    assert find_talks(threads, set()) == []


def _thread(number: int, title: str, text: str) -> ThreadText:
    return ThreadText(
        thread_id=number,
        title=title,
        text=text,
        text_hash=f"{title}{text}",
        places=(),
        day=739_000,
        replies=("我家也是", "有没有人管"),
    )


def _town_threads(seed: int, places: dict[str, str]) -> tuple[list[ThreadText], dict[int, str]]:
    """The town's threads as the analysis reads them, and the story of each."""
    rows: list[dict[str, object]] = []
    lines: dict[int, str] = {}
    for site in build_town(seed, TODAY, places=places).sites:
        for thread in site.threads:
            number = len(lines)
            lines[number] = thread.line
            rows += [
                {
                    "post_id": number * 1000 + floor,
                    "thread_id": number,
                    "source": site.key,
                    "title": thread.title,
                    "text": post.text,
                    "dated_at": post.posted_at,
                    "is_first": floor == 0,
                }
                for floor, post in enumerate(thread.posts)
                if not post.deleted
            ]
    frame = pd.DataFrame(rows)
    for name in ("hidden", "url", "voice", "agency", "sentiment", "intent", "category"):
        frame[name] = None
    frame["p_category"] = frame["p_neg"] = 0.0
    frame["spam"], frame["text_hash"] = False, frame["text"]
    frame["places"] = pd.Series([()] * len(frame), dtype=object)
    frame["dated_at"] = frame["seen_at"] = pd.to_datetime(frame["dated_at"], utc=True)
    return read_threads(frame, read_posts(frame, SHANGHAI, TODAY)), lines


def _f1(line: str, lines: dict[int, str], labels: dict[int, int]) -> float:
    """The best single issue against the story."""
    own = [thread for thread in labels if lines[thread] == line]
    sizes = Counter(labels.values())
    return max(
        2 * hits / (sizes[issue] + len(own))
        for issue, hits in Counter(labels[thread] for thread in own).items()
    )
