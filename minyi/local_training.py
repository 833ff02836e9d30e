"""Training the local layer from corrections, and the accuracy it measured."""

from dataclasses import replace
from pathlib import Path

from analysis.results import RunResult
from minyi.workspace import Workspace
from pipelines.classify import TASKS
from pipelines.corrections import LEAST, LocalLayer, fit_layer, load_layers, save_layers
from pipelines.reader import Document
from pipelines.store.corrections import corrected_posts
from pipelines.store.database import reading

SHOWN_TASK = "sentiment"


def train_locally(workspace: Workspace) -> dict[str, LocalLayer]:
    """Fit a layer for each task with enough corrections and keep them for later readings."""
    reader = workspace.shipped_reader
    layers = {}
    for task in TASKS:
        with reading(workspace.engine).connect() as connection:
            posts = corrected_posts(connection, task)
        if len(posts) < LEAST:
            continue
        documents = [Document(title=post.title if post.is_first else "", text=post.text) for post in posts]
        labels, shares = reader.shipped_shares(task, documents)
        layers[task] = fit_layer(labels, shares, [post.label for post in posts])
    if layers:
        save_layers(workspace.layers_file, layers)
    return layers


def with_local_accuracy(result: RunResult, layers_file: Path) -> RunResult:
    """The result with the accuracy measured on this office's own corrections, where there is one."""
    layer = load_layers(layers_file).get(SHOWN_TASK)
    if layer is None:
        return result
    method = replace(result.method, local_accuracy=layer.accuracy, local_sample=layer.count)
    return replace(result, method=method)
