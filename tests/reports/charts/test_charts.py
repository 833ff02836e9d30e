"""Charts: labels and data, not pixels."""

import math
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.text import Text

from analysis.results import RunResult
from reports.charts.departments import plot_departments
from reports.charts.effect import plot_effect
from reports.charts.funnel import plot_funnel
from reports.charts.heat import plot_heat
from reports.charts.keywords import plot_keywords
from reports.charts.style import INK, PALE, chart_style, inline_svg, new_chart, to_png, to_svg
from reports.charts.timeline import plot_timeline
from reports.charts.trend import plot_trend
from reports.fonts import Fonts
from reports.interval import wilson


def labels(axes: Axes) -> list[str]:
    figure = axes.figure
    figure.draw_without_rendering()
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def test_the_trend_names_its_last_and_highest_values(rich: RunResult, fonts: Fonts) -> None:
    with chart_style(fonts):
        _, axes = new_chart(17, 5)
        said = labels(plot_trend(rich, axes))
    assert "负面占比\n38%" in said
    assert "52%" in said
    assert "主题帖\n104" in said
    assert "127" in said
    assert "20日18时 住房和城乡建设局答复" in said
    assert {f"{day}日" for day in range(10, 23)} | {"9日\n11月"} <= set(said)


def test_both_panels_start_at_zero_and_bars_are_the_counts(rich: RunResult, fonts: Fonts) -> None:
    with chart_style(fonts):
        _, axes = new_chart(17, 5)
        plot_trend(rich, axes)
    shares, volumes = axes.child_axes
    assert shares.get_ylim()[0] == 0
    assert volumes.get_ylim()[0] == 0
    assert [bar.get_height() for bar in volumes.patches] == [row.threads for row in rich.trend]
    assert list(shares.lines[0].get_ydata()) == [row.negative_share for row in rich.trend]


def test_a_day_without_posts_is_a_gap(rich: RunResult, fonts: Fonts) -> None:
    trend = (replace(rich.trend[0], posts=0, negative=0), *rich.trend[1:])
    with chart_style(fonts):
        _, axes = new_chart(17, 5)
        plot_trend(replace(rich, trend=trend), axes)
    assert math.isnan(axes.child_axes[0].lines[0].get_ydata()[0])


@pytest.mark.parametrize("days", [1, 2, 31, 92])
def test_day_labels_never_crowd(rich: RunResult, fonts: Fonts, days: int) -> None:
    trend = tuple(rich.trend[n % 14] for n in range(days))
    with chart_style(fonts):
        _, axes = new_chart(8.6, 5)
        plot_trend(replace(rich, trend=trend), axes)
    assert 1 <= len(axes.child_axes[1].get_xticks()) <= 8


@pytest.mark.parametrize("run", ["rich", "hostile"])
def test_every_character_drawn_is_in_the_font(run: str, fonts: Fonts, request: pytest.FixtureRequest) -> None:
    result: RunResult = request.getfixturevalue(run)
    titled = tuple(replace(issue, title=f"😀👩‍👧𠮷{issue.title}") for issue in result.issues)
    rich = replace(result, issues=titled, marks=tuple(replace(mark, label="😀𠮷") for mark in result.marks))
    with chart_style(fonts):
        font = get_font(findfont(FontProperties(), fallback_to_default=False))
        for plot, size in (
            (plot_trend, (17, 5)),
            (plot_heat, (17, 8)),
            (plot_funnel, (17, 3)),
            (plot_effect, (17, 3)),
        ):
            _, axes = new_chart(*size)
            for label in labels(plot(rich, axes)):
                missing = [char for char in label if char != "\n" and not font.get_char_index(ord(char))]
                assert not missing, label
    assert font.family_name == fonts.sans


def test_text_is_outlines_and_dates_are_left_out(rich: RunResult, fonts: Fonts) -> None:
    documents = []
    for _ in range(2):
        with chart_style(fonts):
            figure, axes = new_chart(17, 5)
            plot_trend(rich, axes)
            documents.append(to_svg(figure))
    assert documents[0] == documents[1]
    assert "<text" not in documents[0]
    assert "<dc:date>" not in documents[0]
    assert "matplotlib.org" not in inline_svg(documents[0], "trend")


def test_inline_drawings_share_no_identifier(rich: RunResult, fonts: Fonts) -> None:
    found = []
    for name in ("one", "two"):
        with chart_style(fonts):
            figure, axes = new_chart(3, 1)
            plot_timeline(rich.issues[0].daily, [], axes)
            found.append(set(re.findall(r'id="([^"]+)"', inline_svg(to_svg(figure), name))))
    assert found[0]
    assert not found[0] & found[1]


def test_heat_is_compared_with_the_period_before(rich: RunResult, fonts: Fonts) -> None:
    with chart_style(fonts):
        figure, axes = new_chart(17, 8)
        said = labels(plot_heat(rich, axes))
    assert [bar.get_width() for bar in axes.patches] == sorted(
        (i.heat.value for i in rich.issues), reverse=True
    )[:5]
    assert axes.get_xlim()[0] == 0
    assert "上期4.2" in said
    assert to_png(figure).startswith(b"\x89PNG")


def test_the_funnel_counts_issues_from_zero(rich: RunResult, fonts: Fonts) -> None:
    with chart_style(fonts):
        _, axes = new_chart(17, 3)
        said = labels(plot_funnel(rich, axes))
    assert [bar.get_width() for bar in axes.patches] == [19, 15, 4, 2]
    assert {"需要答复", "19", "已答复", "15", "待答复", "4", "超过答复时限", "2"} <= set(said)


def test_effects_show_intervals_around_both_shares(rich: RunResult, fonts: Fonts) -> None:
    with chart_style(fonts):
        _, axes = new_chart(17, 3)
        said = labels(plot_effect(rich, axes))
    assert {"中山街老药铺拆除与重建", "答复前61%", "答复后34%", "好转", "0%", "100%"} <= set(said)
    ends = [tuple(line.get_xdata()) for line in axes.lines if len(line.get_xdata()) == 2]
    assert wilson(50, 82) in ends
    assert wilson(13, 38) in ends


def test_a_sparse_issue_is_dots_not_a_line(rich: RunResult, fonts: Fonts) -> None:
    lamp = next(issue for issue in rich.issues if issue.id == 3)
    with chart_style(fonts):
        _, axes = new_chart(3, 1)
        plot_timeline(lamp.daily, [lamp.replies[0].replied_at.date()], axes)
    dots = next(line for line in axes.lines if line.get_marker() == "o")
    assert list(dots.get_xdata()) == [n for n, row in enumerate(lamp.daily) if row.posts]
    assert not axes.collections


def test_intervals_are_wilsons() -> None:
    low, high = wilson(38, 100)
    assert (round(low, 3), round(high, 3)) == (0.291, 0.478)
    assert wilson(0, 4)[0] == 0
    assert all(math.isnan(end) for end in wilson(0, 0))


def test_marks_outside_the_days_drawn_are_left_out(rich: RunResult, fonts: Fonts) -> None:
    late = replace(rich.marks[0], at=rich.marks[0].at + timedelta(days=60), label="以后的答复")
    with chart_style(fonts):
        _, axes = new_chart(17, 5)
        said = labels(plot_trend(replace(rich, marks=(*rich.marks, late)), axes))
    assert not [label for label in said if "以后的答复" in label]
    assert "20日18时 住房和城乡建设局答复" in said


@pytest.mark.parametrize("width", [8.8, 17.2])
def test_labels_stay_inside_the_picture(rich: RunResult, fonts: Fonts, width: float) -> None:
    late = tuple(replace(mark, label="很长的机关名称答复" * 3) for mark in rich.marks)
    moved = (replace(late[0], at=rich.marks[0].at - timedelta(days=4)), late[1])
    with chart_style(fonts):
        figure, axes = new_chart(width, 5)
        plot_trend(replace(rich, marks=moved), axes)
        figure.draw_without_rendering()
        edges = [text.get_window_extent() for text in figure.findobj(Text) if text.get_text()]
    assert min(edge.x0 for edge in edges) >= 0
    assert max(edge.x1 for edge in edges) <= figure.bbox.x1
    assert max(edge.y1 for edge in edges) <= figure.bbox.y1


@pytest.mark.parametrize("width", [8.8, 17.2])
def test_numbers_and_verdicts_have_room_on_a_phone_too(rich: RunResult, fonts: Fonts, width: float) -> None:
    effect = rich.issues[0].effect
    assert effect is not None
    turned = replace(rich, issues=(replace(rich.issues[0], effect=replace(effect, verdict="unchanged")),))
    for plot, result in ((plot_heat, rich), (plot_effect, turned)):
        with chart_style(fonts):
            figure, axes = new_chart(width, 7)
            plot(result, axes)
            figure.draw_without_rendering()
            boxes = [text.get_window_extent() for text in figure.findobj(Text) if text.get_text()]
        assert max(box.x1 for box in boxes) <= figure.bbox.x1
        assert not [
            (one, other)
            for n, one in enumerate(boxes)
            for other in boxes[:n]
            if one.shrunk(1, 0.7).overlaps(other)
        ]


@pytest.mark.parametrize("width", [8.8, 17.2])
def test_the_newest_answers_are_named_beside_their_lines_and_the_others_pale(
    rich: RunResult, fonts: Fonts, width: float
) -> None:
    first = replace(rich.marks[0], label="住房和城乡建设局答复“中山街老药铺拆除与重建”")
    marks = tuple(replace(first, at=first.at - timedelta(days=2 * n)) for n in range(4))
    with chart_style(fonts):
        figure, axes = new_chart(width, 5)
        said = [label for label in labels(plot_trend(replace(rich, marks=marks), axes)) if "时 住" in label]
        named = [text for text in figure.findobj(Text) if "时 住" in text.get_text()]
        lines = [line for line in axes.child_axes[0].lines if line.get_linestyle() != "-"]
        places = axes.child_axes[0].transData.transform([(line.get_xdata()[0], 0) for line in lines])[:, 0]
    assert len(said) == 2
    assert all(label.count("“") == label.count("”") for label in said)
    assert [line.get_color() for line in lines] == [PALE, PALE, INK, INK]
    for text, place in zip(named, places[-2:], strict=True):
        box = text.get_window_extent()
        assert place <= box.x0 or box.x1 <= place


def test_departments_share_one_scale_and_are_named(weekly: RunResult, fonts: Fonts) -> None:
    with chart_style(fonts):
        _, axes = new_chart(17, 5)
        said = labels(plot_departments(weekly, axes))
    assert {panel.get_ylim() for panel in axes.child_axes} == {(0.0, 1.5 * 26)}
    assert [bar.get_height() for bar in axes.child_axes[1].patches] == [
        row.posts for row in weekly.departments[1].daily
    ]
    assert {"住房和城乡建设局", "需答复3　已答复1", "超时1", "生态环境分局", "26", "9"} <= set(said)
    assert "超时0" not in said


@pytest.mark.parametrize("width", [17.2, 8.8])
@pytest.mark.parametrize(
    "plot", [plot_trend, plot_heat, plot_funnel, plot_effect, plot_departments, plot_keywords]
)
def test_no_word_leaves_the_picture(weekly: RunResult, fonts: Fonts, plot: Any, width: float) -> None:
    """On a phone what leaves it is cut off by the edge of the screen."""
    with chart_style(fonts):
        figure, axes = new_chart(width, 6)
        plot(weekly, axes)
        figure.draw_without_rendering()
        for text in figure.findobj(Text):
            box = text.get_window_extent()
            inside = box.x0 >= -1 and box.x1 <= figure.bbox.width + 1
            assert inside or not text.get_text() or not text.get_visible(), text.get_text()


def test_words_are_numbered_at_both_ends(weekly: RunResult, fonts: Fonts) -> None:
    with chart_style(fonts):
        _, axes = new_chart(17, 3)
        said = labels(plot_keywords(weekly, axes))
    assert said == ["打桩", "18", "上期2", "噪声", "9", "上期4", "拆除", "3", "上期21"]
    ends = [tuple(line.get_xdata()) for line in axes.lines if len(line.get_xdata()) == 2][1:]
    assert ends == [(2, 18), (4, 9), (21, 3)]


def test_the_labels_of_two_answers_close_together_do_not_overlap(rich: RunResult, fonts: Fonts) -> None:
    first = rich.marks[0]
    both = (first, replace(first, at=first.at + timedelta(hours=3)))
    with chart_style(fonts):
        figure, axes = new_chart(8.8, 5)
        plot_trend(replace(rich, marks=both), axes)
        figure.draw_without_rendering()
        boxes = [text.get_window_extent() for text in figure.findobj(Text) if "答复" in text.get_text()]
    assert len(boxes) == 2
    assert not boxes[0].overlaps(boxes[1])
