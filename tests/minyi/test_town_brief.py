"""The brief follows the town: other seeds, other names, a story left out."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from analysis.results import IssueResult, RunResult
from minyi.briefs import make_brief
from minyi.demo.model import Town
from minyi.demo.town import build_town, town_places
from minyi.runs import result_of, run_analysis
from tests.minyi.demo_office import open_office, read_posts, store_site

TODAY = date(2026, 3, 11)
YESTERDAY = TODAY - timedelta(days=1)
NAMES = {
    "pharmacy": "万年青堂",
    "lamp_crossing": "虹桥路与青麦街路口",
    "lamp_corner": "青麦街路口",
    "lamp_road": "虹桥路",
    "lamp_street": "青麦街",
    "village": "柳浪村",
    "factory": "长岗机制砂厂",
}


def write_brief(folder: Path, town: Town, names: dict[str, str]) -> tuple[RunResult, str]:
    """Store, read, analyse and write down the town's yesterday: the results and the page."""
    workspace = open_office(folder, town, names)
    for site in town.sites:
        store_site(workspace, site)
    read_posts(workspace)
    run = run_analysis(workspace, YESTERDAY, YESTERDAY)
    made = make_brief(workspace, run)
    workspace.close()
    return result_of(run), Path(made["html"]).read_text(encoding="utf-8")


def about(result: RunResult, place: str) -> list[IssueResult]:
    """The issues whose posts name the place most, hottest first."""
    return [
        issue
        for issue in result.issues
        if sum(
            place in (result.evidence[post].text or "") + result.evidence[post].title
            for post in issue.threads.posts
        )
        * 2
        >= len(issue.threads.posts)
    ]


@pytest.mark.parametrize(("seed", "names"), [(2, {}), (3, NAMES)])
def test_the_stories_are_found_under_their_names(tmp_path: Path, seed: int, names: dict[str, str]) -> None:
    result, page = write_brief(tmp_path, build_town(seed, TODAY, places=names), names)
    places = town_places(names)
    focus = result.issues[:5]
    pharmacy, *_ = about(result, places["pharmacy"])
    assert pharmacy in focus
    assert pharmacy.threads.value >= 12
    assert pharmacy.replies
    assert pharmacy.answer == "answered"
    lamp, *_ = about(result, places["lamp_corner"])
    assert lamp in result.issues[:10]
    assert lamp.threads.value >= 4
    assert {reply.agency for reply in lamp.replies} == {lamp.department}, "routed to the office that answers"
    assert about(result, places["village"])[0] in result.issues[:10]
    titles = {issue.id: issue.title for issue in result.issues}
    assert [titles[number] for number in result.quiet if "护栏" in titles[number]], "three weeks unanswered"
    [back] = [issue for issue in result.issues if issue.returned_after_days]
    assert "公厕" in back.title
    assert (back.stage, back.answer) == ("returned", "recurring")
    assert any("志愿者" in issue.title or "红袖章" in issue.title for issue in result.praise)
    assert places["pharmacy"] in page
    for key, name in names.items():
        assert town_places()[key] not in page, f"{key} was renamed to {name}"


def test_a_story_left_out_is_not_in_the_brief(tmp_path: Path) -> None:
    places = town_places()
    town = build_town(2, TODAY, leave_out=("lamp", "pharmacy"))
    result, page = write_brief(tmp_path, town, {})
    assert about(result, places["pharmacy"]) == []
    assert about(result, places["lamp_corner"]) == []
    assert about(result, places["village"])
    assert "None" not in page
