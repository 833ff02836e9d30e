"""How right the shipped reading is: `python -m bench.accuracy [LABELLED.jsonl|LABELLED.csv …]`.

Each file has a column text (title, if any, before it) and any of sentiment, intent and
category (`label` is taken as sentiment or category by its values).  Items that the models
were trained on flatter them: the figures to be believed for the development files are those
of the held-out runs in pipelines/models/MODEL_CARD.md.  SnowNLP stands beside our sentiment.

Without a file: `bench/terse.csv`, 200 invented posts of at most 19 characters, as phones send them.  They
were written before those that the models learn from (pipelines/examples/terse.csv), of other things in other words.
"""

import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from pipelines.classify import ANYWHERE
from pipelines.places import PlaceFinder
from pipelines.reader import Document, Reader, load_models
from pipelines.reading import CATEGORIES, Reading
from pipelines.scores import score
from pipelines.segment import Segmenter
from pipelines.tables import open_table

_TASKS = ("sentiment", "intent", "category")
_TERSE = Path(__file__).with_name("terse.csv")


def read_rows(path: Path) -> list[dict[str, str]]:
    """The labelled rows, `label` renamed after what it holds."""
    rows = list(open_table(path).rows())
    name = "category" if {row.get("label") for row in rows} & set(CATEGORIES) else "sentiment"
    return [{**row, name: row["label"]} if "label" in row else row for row in rows]


def snownlp_sentiments(texts: Sequence[str]) -> list[str]:
    """What SnowNLP says: above .6 pos, below .4 neg, neu between."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from snownlp import SnowNLP
    chances = [SnowNLP(text).sentiments if text.strip() else 0.5 for text in texts]
    return ["pos" if chance > 0.6 else "neg" if chance < 0.4 else "neu" for chance in chances]


def judge(path: Path, reader: Reader) -> list[tuple[str, str]]:
    """Rows of the table for one file."""
    rows = read_rows(path)
    documents = [Document(title=row.get("title", ""), text=row["text"]) for row in rows]
    readings = reader.read(documents, residents=ANYWHERE)
    answers = {task: _answers(task, readings) for task in _TASKS}
    answers["sentiment, SnowNLP"] = snownlp_sentiments([row["text"] for row in rows])
    lines: list[tuple[str, str]] = []
    for name, said in answers.items():
        task = name.partition(",")[0]
        if task in rows[0]:
            figures = score(f"{path.name}: {name}", np.array([row[task] for row in rows]), np.array(said))
            lines += [(title, str(figure)) for title, figure in figures.items()]
    return lines


def _answers(task: str, readings: Sequence[Reading]) -> list[str]:
    return [getattr(reading, task) for reading in readings]


def main() -> None:
    """Print the table."""
    reader = Reader(load_models(), Segmenter(), PlaceFinder({}), unsure=0.5)
    table = Table(title=f"Models {reader.version}")
    table.add_column("what")
    table.add_column("score", justify="right")
    for path in list(map(Path, sys.argv[1:])) or [_TERSE]:
        for name, figure in judge(path, reader):
            table.add_row(name, figure)
    Console().print(table)


if __name__ == "__main__":
    main()
