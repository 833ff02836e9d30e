"""The rubric judges a text by what it says, with its reasons."""

import pytest

from analysis.rubric import judge_reply

ASKED = ["重建方案什么时候公布？", "老匾额存放在哪里？"]
MATTER = "老药铺重建方案"
FULL = (
    "经核实，老药铺前厅将原址保护重建，重建方案已公布。根据《历史建筑保护条例》第十二条，构件逐件编号后落架保存，由区建设局负责。"
    "预计18个月后开工。老匾额、药柜存放在区博物馆库房。联系电话：〔电话〕。"
)
EMPTY = (
    "您好，来帖收悉。感谢您对我们工作的关心和支持，我们高度重视，将进一步加强工作，尽快答复，请您耐心等待。"
)


def test_an_answer_that_says_who_what_when_and_why_is_good_on_all_counts() -> None:
    rubric = judge_reply(FULL, ASKED, MATTER, 2.4)
    assert {
        rubric.relevance.level,
        rubric.completeness.level,
        rubric.grounds.level,
        rubric.timeliness.level,
    } == {"good"}
    assert rubric.relevance.reason == "对此前2项提问和诉求，谈到2项"
    assert "《历史建筑保护条例》" in rubric.grounds.reason
    assert (rubric.template, rubric.formulas) == (False, ())


def test_stock_phrases_are_named_and_lower_it() -> None:
    rubric = judge_reply(EMPTY, ASKED, MATTER, 2)
    assert rubric.template
    assert "高度重视" in rubric.formulas
    assert rubric.relevance.level == rubric.completeness.level == rubric.grounds.level == "poor"
    assert rubric.relevance.reason.endswith("套话占一半以上，降一级")


def test_one_courtesy_does_not_make_a_template() -> None:
    assert not judge_reply(f"您好，来帖收悉。{FULL}感谢您的关注！", ASKED, MATTER, 2).template


def test_an_answer_to_something_else_is_not_relevant() -> None:
    other = "经查，望星路口路灯线路故障，已于11月2日更换，由城管局负责，电话〔电话〕。"
    rubric = judge_reply(other, ASKED, MATTER, 2)
    assert (rubric.relevance.level, rubric.completeness.level) == ("poor", "good")


def test_half_an_answer_says_how_many_questions_it_met() -> None:
    rubric = judge_reply("老匾额、药柜存放在区博物馆库房。", [*ASKED, "过渡店面在哪里？"], MATTER, 2)
    assert (rubric.relevance.level, rubric.relevance.reason) == ("fair", "对此前3项提问和诉求，谈到1项")


@pytest.mark.parametrize(
    ("days", "level", "reason"),
    [
        (0, "good", "提出后3天以内"),
        (3, "good", "提出后3天以内"),
        (3.1, "good", "提出后7天以内"),
        (14, "fair", "提出后14天以内"),
        (30, "fair", "提出后30天以内"),
        (89, "poor", "提出后90天以内"),
        (200, "poor", "提出后200天，超过90天"),
    ],
)
def test_timeliness_goes_by_steps(days: float, level: str, reason: str) -> None:
    timeliness = judge_reply(FULL, (), MATTER, days).timeliness
    assert (timeliness.level, timeliness.reason) == (level, reason)


def test_an_empty_text_is_poor_and_breaks_nothing() -> None:
    rubric = judge_reply("", (), "", 1)
    assert rubric.relevance.level == rubric.completeness.level == "poor"
    assert not rubric.template
