"""Times and smilies as Discuz! writes them, against a frozen clock."""

from datetime import datetime, timedelta

import pytest

from minyi.demo.timetable import SHANGHAI
from minyi.demo.words import body_markup, plain_text, time_markup, time_words

NOW = datetime(2026, 3, 11, 12, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        (timedelta(0), "刚刚"),
        (timedelta(seconds=42), "42&nbsp;秒前"),
        (timedelta(minutes=5), "5&nbsp;分钟前"),
        (timedelta(minutes=31), "半小时前"),
        (timedelta(hours=4, minutes=59), "4&nbsp;小时前"),
        (timedelta(hours=12, minutes=1), "昨天&nbsp;23:59"),
        (timedelta(hours=36), "昨天&nbsp;00:00"),
        (timedelta(hours=37), "前天&nbsp;23:00"),
        (timedelta(days=3), "3&nbsp;天前"),
        (timedelta(days=7), "7&nbsp;天前"),
        (timedelta(days=8), None),
    ],
)
def test_words_for_a_time(ago: timedelta, expected: str | None) -> None:
    assert time_words(NOW - ago, NOW) == expected


def test_a_recent_time_keeps_the_exact_one_as_its_title() -> None:
    moment = datetime(2026, 3, 11, 8, 5, 9, tzinfo=SHANGHAI)
    assert time_markup(moment, NOW) == '<span title="2026-3-11 08:05">3&nbsp;小时前</span>'
    assert time_markup(moment, NOW, shown="day") == '<span title="2026-3-11">3&nbsp;小时前</span>'
    assert 'title="2026-3-11 08:05:09"' in time_markup(moment, NOW, shown="seconds")


def test_an_old_time_is_plain() -> None:
    moment = datetime(2026, 2, 3, 8, 5, 9, tzinfo=SHANGHAI)
    assert time_markup(moment, NOW, shown="seconds") == "2026-2-3 08:05:09"


def test_a_typed_smiley_becomes_an_image_and_vanishes_from_the_text() -> None:
    html = body_markup("好 :lol\n<b>走</b>")
    assert 'smilieid="12"' in html
    assert "<br />\n&lt;b&gt;" in html
    assert plain_text("好 :lol") == "好 "
