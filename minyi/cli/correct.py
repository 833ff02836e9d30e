"""`minyi correct`: a person's label for one post, stronger than any model's."""

from typing import Annotated

import typer

from minyi.cli.console import say
from minyi.errors import InputError
from minyi.workspace import Workspace


def correct(
    context: typer.Context,
    post: Annotated[str, typer.Argument(help="原帖网址（简报附页里有）或库中编号", metavar="帖子")],
    sentiment: Annotated[
        str | None, typer.Option("--sentiment", help="情感：neg 负面、neu 中性、pos 正面")
    ] = None,
    intent: Annotated[
        str | None, typer.Option("--intent", help="意图：投诉、求助、咨询、建议、表扬、其他")
    ] = None,
    category: Annotated[str | None, typer.Option("--category", help="类别：七类之一，如 环境保护")] = None,
) -> None:
    """校正一条帖子的判断（判断对了也可以确认）；以后以它为准，也用来衡量和改进本地准确率。"""
    from minyi.corrections import correct_post

    labels = {"sentiment": sentiment, "intent": intent, "category": category}
    given = {task: label for task, label in labels.items() if label is not None}
    if not given:
        raise InputError("请至少写一项：--sentiment、--intent 或 --category")
    workspace: Workspace = context.obj()
    correct_post(workspace, post, given, staff=workspace.staff)
    say("已记下；下次分析起以它为准。攒够 30 条可运行 minyi train --local。")
