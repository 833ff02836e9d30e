"""`minyi train`: the shipped models (developers), or the local layer from an office's corrections."""

from pathlib import Path
from typing import Annotated

import typer

from minyi.cli.console import note, say
from minyi.errors import InputError, MinyiError
from minyi.workspace import Workspace


class TooFewCorrectionsError(MinyiError):
    """There is nothing yet to learn from; the DAG retrain knows it by this code."""

    exit_code = 4


def train(
    context: typer.Context,
    local: Annotated[
        bool, typer.Option("--local", help="只用本单位的校正训练本地修正层，并算出本地准确率")
    ] = False,
    data: Annotated[
        Path | None,
        typer.Option("--data", help="（开发用）带标注的数据文件夹，见 pipelines/models/MODEL_CARD.md"),
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="（开发用）模型写到哪个文件夹")] = Path(
        "pipelines/models"
    ),
    seed: Annotated[int, typer.Option("--seed", help="（开发用）随机种子")] = 0,
) -> None:
    """由人工校正训练本地修正层（--local），或重新训练随程序发布的模型（开发用）。"""
    if local:
        _train_locally(context.obj())
        return
    if data is None:
        raise InputError("请写 --local，或用 --data 指明带标注的数据文件夹（开发用）")
    from pipelines.train import train as train_models

    note("训练需要几分钟……")
    say(train_models(data, out, random_state=seed))


def _train_locally(workspace: Workspace) -> None:
    from minyi.local_training import train_locally

    layers = train_locally(workspace)
    if not layers:
        raise TooFewCorrectionsError("校正还不到 30 条，先用 minyi correct 多记一些")
    for task, layer in layers.items():
        say(f"{_NAMES[task]}：{layer}（随程序发布的模型 {layer.shipped:.0%}）")


_NAMES = {"sentiment": "情感", "intent": "意图", "category": "类别"}
