"""`minyi purge`: takes out what stands at an address, at a resident's or a site's request."""

from dataclasses import asdict
from typing import Annotated

import typer

from minyi.cli.console import note, say, say_json
from minyi.errors import InputError
from minyi.workspace import Workspace


def purge(
    context: typer.Context,
    url: Annotated[str | None, typer.Argument(help="主题帖或某一楼的网址", metavar="网址")] = None,
    source: Annotated[str | None, typer.Option("--source", help="删去整个来源（写来源名）")] = None,
    reason: Annotated[str, typer.Option("--reason", help="为什么删，如“发帖人来电要求”")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只数会删去多少，什么也不改")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="结果写成一行 JSON")] = False,
) -> None:
    """按当事人或网站的要求彻底删去：帖子、判读、各次结果、简报文件，以后也不再采回来。"""
    from minyi.purge import purge_address, purge_source

    workspace: Workspace = context.obj()
    if (url is None) == (source is None):
        raise InputError("请写一个网址，或用 --source 写一个来源名")
    if not reason.strip() and not dry_run:
        raise InputError("请用 --reason 写明为什么删，会记入操作记录")
    if source is not None and not (dry_run or yes):
        typer.confirm(f"要删去来源“{source}”的全部内容，不能恢复。确定吗？", abort=True, err=True)
    do, what = (purge_address, url) if url is not None else (purge_source, source)
    done = do(workspace, what or "", reason.strip(), staff=workspace.staff, dry_run=dry_run)
    if as_json:
        say_json(asdict(done) | {"dry_run": dry_run})
        return
    verb = "会删去" if dry_run else "已删去"
    say(f"{verb}主题帖 {done.threads} 个、帖子 {done.posts} 条；涉及分析结果 {done.runs} 次、")
    say(
        f"事项标题 {done.issues} 个、工作记录 {done.notes} 处、简报文件 {done.files} 个、文件夹里的副本 {done.copies} 个。"
    )
    if dry_run and not (done.threads or done.posts):
        say("库中没有这个网址的内容，请核对网址；真删时只记下以后不再收。")
    if not dry_run:
        say("以后采集、导入和恢复备份都不会再收进来。")
    if done.unmade:
        note(f"没能重新写出、已直接删去的文件：{'、'.join(done.unmade)}；请用 minyi brief 重做")
    if done.sent:
        copies = "会改写" if dry_run else "已改写"
        say(f"这些简报曾经送出；文件夹里的副本{copies}，邮件和群消息要请您自行撤回或告知：")
        for line in done.sent:
            say(f"  {line}")
