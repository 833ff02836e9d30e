import numpy as np
import pytest

from pipelines.scores import accuracy_by, score

TRUTH = np.array(["neg"] * 6 + ["neu"] * 3 + ["pos"])


def test_a_right_answer_scores_one() -> None:
    assert {figure.value for figure in score("x", TRUTH, TRUTH).values()} == {1.0}


def test_figures_are_those_of_the_definitions() -> None:
    said = np.array(["neg"] * 6 + ["neg", "neu", "neu"] + ["neu"])
    figures = score("x", TRUTH, said)
    assert figures["x: accuracy"].value == pytest.approx(0.8)
    assert figures["x: F1 of neg"].value == pytest.approx(12 / 13)
    assert figures["x: F1 of neu"].value == pytest.approx(4 / 6)
    assert figures["x: F1 of pos"].value == 0
    assert figures["x: macro F1"].value == pytest.approx((12 / 13 + 4 / 6) / 3)


def test_an_answer_that_is_no_label_here_is_wrong() -> None:
    said = np.where(TRUTH == "pos", "zzz", TRUTH)
    assert score("x", TRUTH, said)["x: accuracy"].value == pytest.approx(0.9)


def test_repeated_runs_are_averaged() -> None:
    wrong = np.full(len(TRUTH), "neu")
    assert score("x", TRUTH, TRUTH, wrong)["x: accuracy"].value == pytest.approx((1 + 0.3) / 2)


def test_intervals_hold_the_figure_and_narrow_with_more_items() -> None:
    said = np.where(np.arange(10) % 3 == 0, "neu", TRUTH)
    few = score("x", TRUTH, said)["x: accuracy"]
    many = score("x", np.tile(TRUTH, 50), np.tile(said, 50))["x: accuracy"]
    assert few.low <= few.value <= few.high
    assert many.high - many.low < few.high - few.low


def test_each_group_counts_alike_in_the_mean() -> None:
    groups = np.array(["big"] * 9 + ["small"])
    said = np.where(groups == "small", "neg", TRUTH)
    figures = accuracy_by(groups, TRUTH, said)
    assert figures["sentiment, big: accuracy"].value == 1
    assert figures["sentiment, small: accuracy"].value == 0
    assert figures["sentiment, mean of 2 public corpora: accuracy"].value == pytest.approx(0.5)
