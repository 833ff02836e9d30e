"""`minyi train`: a developer's command that makes the shipped models."""

from pathlib import Path
from typing import Annotated

import typer

from minyi.cli.console import note, say


def train(
    data: Annotated[
        Path, typer.Option("--data", help="带标注的数据文件夹（见 pipelines/models/MODEL_CARD.md）")
    ],
    out: Annotated[Path, typer.Option("--out", help="模型写到哪个文件夹")] = Path("pipelines/models"),
    seed: Annotated[int, typer.Option("--seed", help="随机种子")] = 0,
) -> None:
    """（开发用）重新训练随程序发布的模型，打印留出数据上的成绩。"""
    from pipelines.train import train as train_models

    note("训练需要几分钟……")
    say(train_models(data, out, random_state=seed))
