"""What the pages show, and what their forms do."""

import html
import re
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select

from minyi.briefs import make_brief
from minyi.portal.visitors import Role
from minyi.topics import Limits, run_topic
from pipelines.schema import metadata

TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()


def text_of(page: str) -> str:
    """What a reader sees of a page, on one line."""
    body = re.sub(r"<svg.*?</svg>|<head>.*?</head>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_today_shows_the_head_of_the_newest_brief(office: Any, yesterday: date) -> None:
    said = text_of(office.page("/"))
    whole = text_of(office.page("/briefs/2/html"))
    assert f"{yesterday.month}月{yesterday.day}日" in said
    for words in ("主题帖", "负面占比", "在办事项", "超过答复时限", "重点关注"):
        assert words in said
    headline = re.search(r'<div class="headlines"><p>(.*?)</p>', office.page("/"))
    assert headline
    assert text_of(headline[1]).replace(" ", "") in whole.replace(" ", "")
    assert "昨天的日报还没有做出来" not in said
    assert "日报 2026年第" in said or "日报 20" in said


def test_every_number_of_today_leads_to_its_posts(office: Any) -> None:
    numbers = re.findall(r'href="(/briefs/\d+)\?e=(\d+)"', office.page("/"))
    assert len(numbers) > 5
    page = office.page(f"{numbers[0][0]}/html?frame=1")
    for _, evidence in numbers:
        assert f'id="e{evidence}"' in page


def test_briefs_are_found_by_kind_day_and_number(office: Any, yesterday: date) -> None:
    def shown(query: str) -> int:
        return len(set(re.findall(r'href="/briefs/(\d+)"', office.page(f"/briefs?{query}"))))

    assert shown("") == 2
    assert shown("kind=daily") == 2
    assert shown("kind=weekly") == 0
    assert shown(f"day={yesterday}") == 1
    assert shown(f"day={yesterday + timedelta(days=1)}") == 0
    assert shown("number=2") == 1
    assert office.client.get("/briefs?day=gestern").status_code == 400
    assert office.client.get("/briefs?kind=secret").status_code == 422


def test_a_brief_is_a_document_without_script_or_origin(office: Any) -> None:
    answer = office.client.get("/briefs/2/html?frame=1")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-popups allow-popups-to-escape-sandbox;")
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "attachment" not in answer.headers.get("content-disposition", "")
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in office.page("/briefs/2")
    for form, kind in (("html", "text/html"), ("pdf", "application/pdf"), ("json", "application/json")):
        answer = office.client.get(f"/briefs/2/{form}")
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["content-type"].startswith(kind)
    for form in ("exe", "%2e%2e%2fminyi.toml", "html%00"):
        assert office.client.get(f"/briefs/2/{form}").status_code == 404


def test_issues_are_filtered_by_what_they_are_about_and_never_by_author(office: Any) -> None:
    page = office.page("/issues")
    names = set(re.findall(r'<select name="(\w+)"', page))
    assert names == {"state", "answer", "district", "category", "department"}
    assert "author" not in page
    every = len(re.findall(r'<li>\s*<h2 class="h3">', page))
    for field in names:
        for value in re.findall(rf'<select name="{field}">(.*?)</select>', page, re.DOTALL):
            for option in re.findall(r'<option value="([^"]+)"', value):
                shown = office.client.get("/issues", params={field: html.unescape(option)}).text
                assert 0 < len(re.findall(r'<li>\s*<h2 class="h3">', shown)) <= every, (field, option)
    assert "没有符合条件的事项" in office.client.get("/issues", params={"district": "月球"}).text


def test_a_long_list_of_issues_has_pages(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from minyi.portal.routes import issues

    def shown(page: str) -> list[str]:
        return re.findall(r'<h2 class="h3"><a href="/issues/(\d+)"', page)

    monkeypatch.setattr(issues, "PAGE", 1000)
    every = shown(office.page("/issues"))
    monkeypatch.setattr(issues, "PAGE", 15)
    found, path = [], "/issues?answer="
    while path:
        page = office.page(path)
        found += shown(page)
        onward = re.search(r'href="([^"]+)">下一页', page)
        path = html.unescape(onward[1]) if onward else ""
    assert found == every
    assert len(every) > 15
    last = office.page("/issues?page=999")
    assert shown(last) == every[(len(every) - 1) // 15 * 15 :]
    assert "上一页" in last


def test_an_issue_shows_its_days_threads_answers_and_demands(office: Any) -> None:
    said = text_of(page := office.page(f"/issues/{office.issue()}"))
    for words in ("诉求与缺口", "答复与成效", "原帖", "经过", "批示", "办理", "最早的帖子", "最新的帖子"):
        assert words in said
    assert page.count("<svg") == 2
    assert "style=" not in page
    assert 'rel="noopener noreferrer nofollow"' in page
    assert office.client.get("/issues/999999").status_code == 404
    for wrong in ("/issues/x", f"/issues/{9**30}", f"/briefs/{9**30}", "/issues/all?before=9e9"):
        assert office.client.get(wrong).status_code == 422, wrong


def test_what_only_says_that_it_was_received_is_not_called_an_answer(office: Any) -> None:
    received = {
        row["thread_id"]
        for row in office.rows("posts")
        if row["agency"] and "收悉" in str(row["text"]) and "调研" in str(row["text"])
    }
    [issue] = {row["issue_id"] for row in office.rows("issue_threads") if row["thread_id"] in received}
    said = text_of(office.page(f"/issues/{issue}"))
    assert "超时未答复" in said
    assert "只说已受理，不算答复" in said
    assert "市教育局受理" in said
    assert "市教育局答复" not in said


def test_staff_say_how_an_issue_stands(office: Any) -> None:
    office.be(Role.STAFF, "王敏")
    issue = office.issue()
    assert office.post(f"/issues/{issue}/state", state="转办", department="市住建局", note="请查") == 303
    said = text_of(office.page(f"/issues/{issue}?said=state"))
    assert "已记下这件事的状态" in said
    assert "转办：市住建局" in said
    assert "王敏" in said
    assert "转办" in text_of(office.client.get("/issues", params={"state": "转办"}).text)
    (record,) = office.rows("audit")
    assert (record["staff"], record["action"], record["subject"]) == ("王敏", "issue.state", f"issue {issue}")


def test_a_wrong_state_is_refused_in_words(office: Any) -> None:
    answer = office.client.post(
        f"/issues/{office.issue()}/state", data={"csrf": office.token(), "state": "消失"}
    )
    assert answer.status_code == 400
    assert "没有“消失”这个状态" in answer.text
    assert office.rows("issue_states") == []


def test_issues_are_renamed_split_merged_and_taken_apart(office: Any) -> None:
    issue = office.issue()
    page = office.page(f"/issues/{issue}")
    assert office.post(f"/issues/{issue}/title", title="桥头的药铺") == 303
    assert "桥头的药铺" in office.page(f"/issues/{issue}")
    assert "桥头的药铺" in office.page("/issues"), "not only after the next analysis"
    thread = re.findall(r'name="thread" value="(\d+)"', page)[0]
    answer = office.client.post(
        f"/issues/{issue}/split", data={"csrf": office.token(), "thread": thread, "title": "单独一件"}
    )
    part = int(re.findall(r"/issues/(\d+)", answer.headers["location"])[0])
    assert "单独一件" in office.page(f"/issues/{part}")
    assert office.post(f"/issues/{issue}/merge", other=str(part)) == 303
    assert office.client.get(f"/issues/{part}").headers["location"] == f"/issues/{issue}"
    assert f"/issues/{part}/unmerge" in office.page(f"/issues/{issue}")
    assert office.post(f"/issues/{part}/unmerge") == 303
    assert "单独一件" in office.page(f"/issues/{part}")
    done = [record["action"] for record in office.rows("audit")]
    assert done == ["issue.rename", "issue.split", "issue.merge", "issue.unmerge"]


def test_chatter_is_listed_apart_found_by_its_words_and_taken_up_by_staff(office: Any) -> None:
    apart = office.page("/issues/all?chatter=true")
    count = int(re.findall(r"共 (\d+) 件，不列为事项", apart)[0])
    number, title = re.findall(r'/issues/(\d+)">([^<]+)</a>', apart)[0]
    every = office.page("/issues/all")
    assert f"{count} 件</a>没有列出" in every
    assert f'/issues/{number}"' not in every
    assert f'/issues/{number}"' in office.client.get("/issues/all", params={"q": title}).text
    assert office.post(f"/issues/{number}/state", state="已阅") == 303
    assert f'/issues/{number}"' not in office.page("/issues/all?chatter=true")
    assert f"{count - 1} 件</a>没有列出" in office.page("/issues/all")


def test_staff_merge_or_refuse_what_may_be_one(office: Any) -> None:
    office.suggest((1, 2), (1, 3), (2, 3), (3, 4))
    office.be(Role.LEADER)
    assert "可能是同一件事" not in office.page("/issues")
    office.be(Role.STAFF, "王敏")
    said = text_of(page := office.page("/issues"))
    for words in ("可能是同一件事", "都在望海路，说法相近", "另有 1 组", "不是同一件事"):
        assert words in said
    assert page.count('/apart">') == page.count('/merge">') == 4
    assert "可能是同一件事" not in office.page("/issues?answer=open")
    assert office.post("/issues/1/apart", other="2") == 303
    assert "不再提示" in office.page("/issues?said=apart")
    assert office.page("/issues").count('/apart">') == 3
    assert office.post("/issues/1/merge", other="3") == 303
    assert office.page("/issues").count('/apart">') == 1  # 1 and 4, which 3 was like
    deeds = [(row["staff"], row["action"], row["details"]) for row in office.rows("audit")]
    assert deeds == [("王敏", "issue.apart", {"other": 2}), ("王敏", "issue.merge", {"merged": 3})]


def test_an_instruction_goes_from_the_issue_to_the_list_to_done(office: Any) -> None:
    issue, due = office.issue(), TODAY + timedelta(days=30)
    fields = {"text": "请住建局三日内回复", "department": "市住建局", "due_on": due.isoformat()}
    assert office.post(f"/issues/{issue}/instruction", **fields) == 303
    assert "请住建局三日内回复" in office.page("/")
    assert "请住建局三日内回复" in office.page("/instructions")
    assert office.post("/instructions/1", state="已办结", note="已修好") == 303
    assert "请住建局三日内回复" not in office.page("/")
    done = text_of(office.page("/instructions?done=true"))
    assert "请住建局三日内回复" in done
    assert "已修好" in done
    assert office.post(f"/issues/{issue}/instruction", text="", department="") in (400, 422)


def test_a_topic_is_counted_saved_run_and_forgotten(office: Any) -> None:
    found = office.client.post("/topics/count", data={"csrf": office.token(), "query": "橘春堂 重建"})
    assert found.status_code == 200
    assert re.search(r"<b>[\d,]+</b> 个主题帖", found.text)
    assert "<html" not in found.text
    few = office.client.post("/topics/count", data={"csrf": office.token(), "query": "绝无此词"})
    assert "没有找到" in few.text
    assert office.post("/topics/save", name="药铺 & 地铁", query="橘春堂 重建") == 303
    page = office.client.get("/topics", params={"name": "药铺 & 地铁"}).text
    assert "橘春堂 重建</textarea>" in page
    assert office.post("/topics/run", name="药铺 & 地铁", query="橘春堂 重建") == 303
    job, visitor = office.jobs.started[-1]
    assert (job.kind, job.params["topic"], job.params["query"]) == ("topic", "药铺 & 地铁", "")
    assert visitor.name == "林晓"
    assert office.post("/topics/run", name="药铺 & 地铁", query="橘春堂 地铁") == 303
    assert office.jobs.started[-1][0].params["query"] == "橘春堂 地铁"
    assert office.post("/topics/forget", name="药铺 & 地铁") == 303
    assert office.client.get("/topics", params={"name": "药铺 & 地铁"}).status_code == 404


@pytest.mark.parametrize("query", ["", "   ", "(", '"没有结束', "a " * 1500, "\x00", "source:没有这个"])
def test_a_query_that_cannot_be_read_is_explained(office: Any, query: str) -> None:
    for path in ("/topics/count", "/topics/run", "/topics/try"):
        answer = office.client.post(path, data={"csrf": office.token(), "query": query})
        assert answer.status_code == 400, (path, answer.text)
        assert "没有做成" in answer.text
    assert office.jobs.started == []


def test_days_in_the_wrong_order_or_to_come_are_refused(office: Any) -> None:
    late = (TODAY + timedelta(days=40)).isoformat()
    wrong = (("2026-03-02", "2026-03-01"), (late, late), ("gestern", "heute"), (late, ""), ("", late))
    for first, last in (*wrong, ("0001-01-01", ""), ("", "9999-12-31")):
        fields = {"csrf": office.token(), "query": "路灯", "first_day": first, "last_day": last}
        answer = office.client.post("/topics/run", data=fields)
        assert answer.status_code == 400, (first, last)
        assert "--" not in text_of(answer.text)
    assert office.jobs.started == []
    assert office.post("/topics/run", query="路灯", first_day="2026-03-01", last_day="") == 303
    assert office.jobs.started[-1][0].params["first_day"] == "2026-03-01"


def test_a_topic_is_made_again_over_other_days_and_compared(office: Any, yesterday: date) -> None:
    """From the brief of a query that was never saved, and of a saved one narrowed to a district."""
    workspace = office.open()
    query = '"橘春堂" 非 广告'
    days = [Limits(last=yesterday - timedelta(days=n), district="镜河街道") for n in (2, 0)]
    runs = [run_topic(workspace, query, staff="test", limits=limits) for limits in days]
    office.post("/topics/save", name="药铺", query="橘春堂")
    runs.append(run_topic(workspace, "药铺", staff="test", limits=Limits(source="haiping")))
    made = [make_brief(workspace, run)["brief"] for run in runs]

    page = office.page("/topics")
    diff = f"/runs/diff?left={runs[0].id}&right={runs[1].id}"
    assert [html.unescape(each) for each in re.findall(r'href="([^"]+)">与上一次比较', page)] == [diff]
    assert "日期范围不同" in text_of(office.page(diff))
    assert f'href="/briefs/{made[0]}"' in office.page(diff)

    again = re.search(r'href="([^"]+)">换个日期再做', office.page(f"/briefs/{made[1]}"))
    assert again
    form = office.page(html.unescape(again[1]))
    assert f"{html.escape(query, quote=False)}</textarea>" in html.unescape(form)
    assert f'name="last_day" value="{yesterday}"' in form
    assert '<option value="镜河街道" selected>' in form

    own = office.client.get("/topics", params={"name": "药铺"}).text
    assert f'href="/briefs/{made[2]}"' in own
    assert f'href="/briefs/{made[1]}"' not in own
    assert "name=%E8%8D%AF%E9%93%BA" in own
    assert "source=haiping" in own
    versions = office.page(f"/briefs/{made[0]}")
    assert "这个专题分析过 2 次" in text_of(versions)


def test_any_two_runs_are_chosen_and_compared(office: Any) -> None:
    page = office.page("/runs?kind=daily")
    assert re.findall(r'name="left" value="(\d+)" checked', page) == ["1"]
    assert re.findall(r'name="right" value="(\d+)" checked', page) == ["2"]
    assert 'href="/runs"' in office.page("/briefs")
    assert "没有这样的分析" in office.page("/runs?kind=weekly")
    same = office.client.get("/runs/diff?left=2&right=2")
    assert (same.status_code, "同一次分析" in same.text) == (400, True)


def test_a_refusal_names_no_option_and_no_command(office: Any) -> None:
    issue, csrf = office.issue(), office.token()
    for path, fields in (
        (f"/issues/{issue}/state", {"state": "转办", "department": " "}),
        (f"/issues/{issue}/instruction", {"text": " ", "department": " "}),
        (f"/issues/{issue}/apart", {"other": "99999"}),
        (f"/issues/{issue}/split", {"thread": "99999"}),
        ("/topics/forget", {"name": "没有这个"}),
        ("/approval/99/note", {"text": "请看"}),
        ("/corrections/1", {"task": "sentiment", "label": "糟"}),
    ):
        answer = office.client.post(path, data={"csrf": csrf} | fields)
        assert answer.status_code == 400, path
        assert not re.search(r"--|minyi |（\s*）", text_of(answer.text)), (path, text_of(answer.text))
    answer = office.client.get("/runs/diff?left=1&right=99")
    assert "没有第 99 次分析。" in text_of(answer.text)


def test_a_sources_times_pace_and_switch_are_set(office: Any) -> None:
    assert office.post("/sources/haiping", times="06:30、18:00", delay="9", enabled="off") == 303
    said = text_of(office.page("/sources"))
    assert "每天 06:30、18:00" in said
    assert "已停用" in said
    assert "林晓" in said
    assert office.post("/sources/haiping", minutes="30") == 303
    assert "每 30 分钟" in text_of(office.page("/sources"))
    assert office.post("/sources/haiping") == 303
    assert office.rows("source_settings") == []
    for wrong in (
        {"times": "25:99"},
        {"delay": "schnell"},
        {"times": "06:30", "minutes": "30"},
        {"delay": "nan"},
    ):
        assert office.post("/sources/haiping", **wrong) == 400, wrong
    assert office.post("/sources/nirgends", times="06:30") == 400


def test_a_source_is_crawled_at_once(office: Any) -> None:
    assert (
        office.client.post("/sources/haiping/run", data={"csrf": office.token()}).headers["location"]
        == "/jobs/1"
    )
    assert office.jobs.started[-1][0].params == {"source": "haiping"}
    assert "做完了" in office.page("/jobs/1")
    assert office.client.get("/jobs/2").status_code == 404


def test_sources_say_their_thirty_days_in_words(office: Any) -> None:
    page = office.page("/sources")
    assert "近30天：1天正常。" in text_of(page)
    assert page.count('<li class="ok" title=') == 2
    assert "一格一天，右边是今天： 正常 没采全或没有做完 失败或被拒绝 没有采集" in text_of(page)


def test_the_briefs_times_are_set(office: Any) -> None:
    assert office.post("/schedule", daily="07:15", weekly="08:00", weekly_day="2") == 303
    assert "日报每天 07:15，周报每周二 08:00" in text_of(office.page("/sources"))
    assert office.post("/schedule", daily="25:00", weekly="08:00", weekly_day="2") == 400


def test_a_draft_is_noted_shortened_and_approved(office: Any) -> None:
    issue = office.issue()
    assert office.post("/approval/2/note", text="请<b>重点</b>看第一项") == 303
    assert office.post("/approval/2/omit", issue=str(issue), reason="已另行专报") == 303
    draft = office.page("/approval/2")
    assert "请&lt;b&gt;重点&lt;/b&gt;看第一项" in draft
    assert "已另行专报" in draft
    assert (
        f'href="/issues/{issue}"' not in office.page("/").split('id="focus-title"')[1].split("</section>")[0]
    )
    assert approve(office, 2) == 303
    assert "林晓审定" in office.page("/briefs")
    assert "已审" in text_of(office.page("/"))
    assert "请&lt;b&gt;重点&lt;/b&gt;看第一项" in office.page("/briefs/2/html")
    assert office.post("/approval/99/approve") == 400
    assert office.client.get("/approval/99").status_code == 404


def approve(office: Any, brief: int, page: str = "") -> int:
    """Send the form of the draft's page."""
    found = re.search(r'name="seen" value="(\w+)"', page or office.page(f"/approval/{brief}"))
    return int(office.post(f"/approval/{brief}/approve", seen=found[1] if found else ""))


def test_nobody_approves_what_somebody_else_wrote_meanwhile(office: Any) -> None:
    for path, fields in (
        ("/approval/2/note", {"text": "请核对第一项"}),
        ("/approval/2/omit", {"issue": str(office.issue()), "reason": "已另行专报"}),
        ("/approval/2/unnote", {}),
    ):
        opened = office.page("/approval/2")
        office.be(Role.STAFF, "同事")
        assert office.post(path, **fields) == 303
        office.be(Role.ADMIN)
        assert approve(office, 2, opened) == 400, path
    assert office.post("/approval/2/approve") == 400
    opened = office.page("/approval/2")
    assert approve(office, 2, opened) == 303
    office.be(Role.STAFF, "同事")
    assert approve(office, 2, opened) == 400
    assert [row["approved_by"] for row in office.rows("briefs") if row["id"] == 2] == ["林晓"]


def test_a_saved_topic_is_not_replaced_unseen(office: Any) -> None:
    assert office.post("/topics/save", name="照明", query="路灯") == 303
    assert office.post("/topics/save", name="照明", query="停车") == 400
    page = office.client.get("/topics", params={"name": "照明"}).text
    loaded = re.search(r'name="loaded" value="([^"]*)"', page)
    assert loaded
    assert office.post("/topics/save", name="照明", query="路灯 或 照明", loaded=loaded[1]) == 303
    assert office.post("/topics/save", name="照明", query="停车", loaded=loaded[1]) == 400
    assert [row["query"] for row in office.rows("topics") if row["name"] == "照明"] == ["路灯 或 照明"]


def test_corrections_take_the_least_certain_first_and_leave_out_what_was_labelled(office: Any) -> None:
    page = office.page("/corrections")
    certainty = [int(share) for share in re.findall(r"把握 (\d+)%", page)]
    assert len(certainty) == 20
    assert certainty == sorted(certainty)
    post = re.findall(r'action="/corrections/(\d+)"', page)[0]
    assert office.post(f"/corrections/{post}", task="sentiment", label="pos") == 303
    assert f'action="/corrections/{post}"' not in office.page("/corrections")
    assert "已校正 1" in text_of(office.page("/corrections"))
    (row,) = office.rows("corrections")
    assert (row["post_id"], row["task"], row["label"]) == (int(post), "sentiment", "pos")
    assert [record["action"] for record in office.rows("audit")] == ["correct"]
    for task, label in (("sentiment", "wütend"), ("author", "neg"), ("intent", "neg")):
        assert office.post(f"/corrections/{post}", task=task, label=label) == 400


def test_whoever_may_not_correct_is_told_who_may(office: Any) -> None:
    assert "需要“分析员”权限" not in office.page("/corrections")
    office.be(Role.STAFF)
    assert "需要“分析员”权限" in office.page("/corrections")


def test_method_says_how_and_what_is_kept(office: Any) -> None:
    said = text_of(office.page("/method"))
    for words in ("热度", "模型与词表版本", "本地准确率", "看事，不看人", "按要求删除"):
        assert words in said


def test_an_empty_office_says_what_to_do(folder: Any, office: Any) -> None:
    with office.engine.begin() as connection:
        for table in ("briefs", "runs", "issue_threads", "issues", "readings", "posts", "threads", "crawls"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    for path in ("/", "/issues", "/issues/all", "/briefs", "/topics", "/sources", "/corrections", "/method"):
        office.page(path)
    assert "还没有日报" in office.page("/")
    assert "还没有分析结果" in office.page("/issues")
    assert "还没有简报" in office.page("/briefs")
    assert "没有符合条件的简报" in office.page("/briefs?kind=weekly")
    assert "的 0 帖" not in office.page("/corrections")


def test_a_form_that_was_not_filled_in_says_what_is_missing(office: Any) -> None:
    """In the words of the page, not of the command line."""
    issue = office.issue()
    asked = {
        f"/issues/{issue}/split": ({}, "请先在“原帖”里勾选要拆出的主题帖，再点“拆分”。"),
        f"/issues/{issue}/merge": ({"other": "999999"}, "没有第 999999 号事项；编号写在事项页标题的上方。"),
        "/topics/save": ({"query": "路灯"}, "请写好查询，并给专题起个名字，再保存。"),
        "/approval/1/omit": ({"issue": str(issue)}, "请写明略去的原因；它会印在简报的说明里。"),
    }
    for path, (fields, words) in asked.items():
        answer = office.client.post(path, data={"csrf": office.token(), **fields})
        assert answer.status_code == 400, path
        said = text_of(answer.text)
        assert words in said
        assert "请用浏览器的返回键" in said
        assert "--" not in said
    assert office.rows("audit") == []


def test_a_page_that_is_not_there_still_leads_home(office: Any) -> None:
    answer = office.client.get("/nothing")
    assert answer.status_code == 404
    assert 'class="brand"><a href="/">民意</a>' in answer.text
    assert "请用浏览器的返回键" not in answer.text


def test_an_alert_names_its_issue_once(office: Any) -> None:
    issue = office.issue()
    with office.engine.begin() as connection:
        connection.execute(
            insert(metadata.tables["alerts"]).values(
                cause=f"burst:{issue}", kind="burst", issue_id=issue, message="望潮路水管爆裂：近1小时24帖",
                raised_at=datetime.now(ZoneInfo("Asia/Shanghai")), last_seen_at=datetime.now(ZoneInfo("Asia/Shanghai")),
            )
        )  # fmt: skip
    [said] = re.findall(rf'<p><a href="/issues/{issue}">(望潮路[^<]*)</a></p>', office.page("/"))
    assert said == "望潮路水管爆裂：近1小时24帖"


def test_who_took_an_alert_up_is_no_one_who_settled_it(office: Any) -> None:
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    said = {"cause": "blind:x", "kind": "blind", "source": "x", "message": "来源“x”取不到内容"}
    taken = {"acknowledged_by": "周科", "acknowledged_at": now, "raised_at": now, "last_seen_at": now}
    with office.engine.begin() as connection:
        connection.execute(insert(metadata.tables["alerts"]).values(said | taken))
    assert "周科已知悉" in office.page("/")


def test_a_day_analysed_again_keeps_its_brief_until_that_is_made_anew(office: Any, yesterday: date) -> None:
    runs = metadata.tables["runs"]
    with office.engine.begin() as connection:
        newest = select(runs).where(runs.c.kind == "daily").order_by(runs.c.last_day.desc()).limit(1)
        row = dict(connection.execute(newest).mappings().one())
        again = row | {"id": None, "inputs_hash": "again", "made_at": row["made_at"] + timedelta(hours=1)}
        connection.execute(insert(runs).values(again))
    page = text_of(office.page("/"))
    assert "还没有日报" not in page
    assert "重点关注" in page
    assert f"这一天后来又分析过一次，下面的日报还没有照新的结果重做（minyi brief --day {yesterday}）" in page


def test_an_issue_younger_than_the_newest_analysis_is_not_called_forgotten(office: Any) -> None:
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    young = {"id": 9999, "title": "望潮路水管爆裂", "first_post_at": now, "first_seen_at": now}
    with office.engine.begin() as connection:
        connection.execute(insert(metadata.tables["issues"]).values(young))
    page = text_of(office.page("/issues/9999"))
    assert "这件事是最近一期分析" in page
    assert "近两周没有人再提" not in page


def test_the_numbers_of_an_issue_lead_to_its_posts(office: Any) -> None:
    page = office.page(f"/issues/{office.issue()}")
    assert re.search(r'<a href="#evidence">\d+ 个主题帖、\d+ 帖</a>', page)
    assert 'id="evidence"' in page
