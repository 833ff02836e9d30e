"""上期交办: each instruction with its department, due date, what came of it; in every form."""

import io
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import docx
import pytest
from lxml import html as lxml_html

from analysis.results import Figure, InstructionResult, Reply, RunResult, StaffState
from reports.brief import Brief, Cover, Layout, build_brief
from reports.docx import render_docx
from reports.fonts import Fonts
from reports.html import render_html
from reports.model import Bullets, IssueCard
from reports.pdf import render_pdf
from reports.words import plain

ZONE = ZoneInfo("Asia/Shanghai")


def order(rich: RunResult, number: int, **changes: object) -> InstructionResult:
    issue = rich.issues[1]
    made = InstructionResult(
        id=number,
        issue_id=issue.id,
        title=issue.title,
        text="三日内查实，报结果。",
        department="生态环境分局",
        given_at=datetime(2026, 11, 19, 9, tzinfo=ZONE),
        due_on=date(2026, 11, 30),
        state="办理中",
        overdue=False,
        set_at=datetime(2026, 11, 20, 9, tzinfo=ZONE),
        new_posts=Figure(key=f"instruction.{number}.new_posts", value=2, posts=issue.posts.posts[:2]),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.fixture(params=["daily", "weekly"])
def told(request: pytest.FixtureRequest, rich: RunResult, weekly: RunResult, cover: Cover) -> Brief:
    whole = rich if request.param == "daily" else weekly
    reply = Reply(
        post_id=rich.issues[1].posts.posts[0],
        agency="生态环境分局",
        replied_at=datetime(2026, 11, 21, 10, tzinfo=ZONE),
        text="经查，已责令停工。",
    )
    after = Figure(key="instruction.3.posts_after", value=1, posts=rich.issues[1].posts.posts[:1])
    orders = (
        order(rich, 1, note="已派人", replies=(reply,)),
        order(rich, 2, due_on=date(2026, 11, 20), overdue=True, new_posts=Figure(key="none", value=0)),
        order(rich, 3, state="已办结", posts_after=after),
        order(rich, 4, due_on=None, department="城管局"),
    )
    return build_brief(replace(whole, instructions=orders), cover)


def items(brief: Brief) -> list[str]:
    (block,) = brief.sections[0].blocks
    assert isinstance(block, Bullets)
    return [plain(line) for line in block.items]


def test_a_brief_opens_with_them_the_overdue_first(told: Brief) -> None:
    assert told.sections[0].title == "上期交办"
    assert plain(told.sections[0].note) == "共4条，本期报办结1条，逾期1条"
    overdue, working, undated, done = items(told)
    assert "11月20日到期，已逾期2天" in overdue
    assert "交办以来没有新帖，未见答复。" in overdue
    assert "11月19日批示“三日内查实，报结果”，交生态环境分局，11月30日到期" in working
    assert "办理中（11月20日）：已派人。" in working
    assert "交办以来新增2帖，生态环境分局11月21日 10:00答复：“经查，已责令停工”。" in working
    assert "交城管局，未定期限" in undated
    assert "已办结（11月20日）。" in done
    assert "报办结后又有1帖反映。" in done


def test_its_numbers_lead_to_posts(told: Brief) -> None:
    (block,) = told.sections[0].blocks
    assert isinstance(block, Bullets)
    cited = {span.text: span.evidence for line in block.items for span in line if span.evidence}
    lists = {entry.number: entry for entry in told.evidence}
    assert {lists[number].key for number in cited.values()} >= {"instruction.3.posts_after"}
    assert all(int(lists[number].value) == len(lists[number].posts) for number in cited.values())


def test_every_form_tells_them(told: Brief, fonts: Fonts) -> None:
    page = "".join(lxml_html.document_fromstring(render_html(told, fonts)).text_content().split())
    word = docx.Document(io.BytesIO(render_docx(told, fonts)))
    written = "".join("".join(paragraph.text for paragraph in word.paragraphs).split())
    for text in (page, written):
        assert text.index("上期交办") < text.index("重点关注")
        assert "已逾期2天" in text
    assert render_pdf(told, fonts).startswith(b"%PDF-")


def test_without_instructions_there_is_no_word_of_them(rich: RunResult, cover: Cover) -> None:
    brief = build_brief(rich, cover)
    assert "instructions" not in {section.key for section in brief.sections}
    assert not any(section.key == "nothing" for section in brief.sections)


def test_many_are_cut_and_said_so(rich: RunResult, cover: Cover) -> None:
    orders = tuple(order(rich, number) for number in range(1, 31))
    brief = build_brief(replace(rich, instructions=orders), cover)
    assert len(items(brief)) == 10
    assert plain(brief.sections[0].note) == "共30条，另有20条未列"


def test_a_department_reads_its_own_alone(rich: RunResult, cover: Cover) -> None:
    orders = (order(rich, 1), order(rich, 2, department="城管局"))
    brief = build_brief(replace(rich, instructions=orders), cover, layout=Layout(department="城管局"))
    (item,) = items(brief)
    assert "交城管局" in item


def test_due_today_and_unmet_is_late_by_no_day(rich: RunResult, cover: Cover) -> None:
    today = order(rich, 1, due_on=rich.last_day, overdue=True)
    (item,) = items(build_brief(replace(rich, instructions=(today,)), cover))
    assert f"{rich.last_day.month}月{rich.last_day.day}日到期，当日未办结" in item


def test_words_are_never_markup(rich: RunResult, hostile: RunResult, cover: Cover, fonts: Fonts) -> None:
    evil = order(rich, 1, text=hostile.issues[0].title, department="<b>局</b>", note="#panic() $x$ =cmd|x")
    brief = build_brief(replace(rich, instructions=(evil,)), cover)
    page = render_html(brief, fonts)
    assert "<script>alert" not in page
    assert "<b>局</b>" not in page
    assert render_pdf(brief, fonts).startswith(b"%PDF-")
    assert render_docx(brief, fonts)


def test_a_card_says_how_staff_handle_it_and_that_it_came_back(rich: RunResult, cover: Cover) -> None:
    at = datetime(2026, 11, 20, 9, tzinfo=ZONE)
    state = StaffState(state="办结", set_at=at, department="城管局", note="已换灯")
    back = replace(rich.issues[0], answer="recurring", state=state)
    brief = build_brief(replace(rich, issues=(back, *rich.issues[1:])), cover)
    cards = [block for part in brief.sections for block in part.blocks if isinstance(block, IssueCard)]
    card = next(card for card in cards if card.issue_id == back.id)
    assert card.status.text == "办结后又现"
    assert "办理：办结（11月20日，城管局）：已换灯。" in [plain(line) for line in card.lines]
