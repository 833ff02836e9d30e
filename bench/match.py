"""Whose answer is it: accuracy on pairs that are known, `python -m bench.match PAIRS.csv`.

The file has message_id, posted_at, title, text, reply, replied_at, one pair a row.  The
weights are fitted anew on two thirds of the replies and tried on the rest, three times;
then those that `analysis.match` ships are tried, also with most of the replies missing.
"""

import sys
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from rich.console import Console
from rich.table import Table

from analysis.match import WEIGHTS, rank_pairs, weigh_pairs

FOLDS = 3
_STEPS = 120
_RATE = 0.15

Evidence = npt.NDArray[np.float32]
Weights = npt.NDArray[np.float64]


def read_evidence(path: Path) -> Evidence:
    """Replies × messages × kinds of evidence; reply and message of the same row belong together."""
    pairs = pd.read_csv(path)
    messages = pairs[["message_id", "title", "text", "posted_at"]]
    replies = pairs[["reply", "replied_at"]].rename(columns={"reply": "text"})
    blocks = [np.stack(list(found.values()), axis=-1) for _, found in weigh_pairs(messages, replies)]
    return np.concatenate(blocks).astype(np.float32)


def fit(evidence: Evidence, right: npt.NDArray[np.int64]) -> Weights:
    """The weights under which the right messages are likeliest (multinomial logit, Adam)."""
    scale = evidence.std(axis=(0, 1))
    scaled = evidence / scale
    weights = np.array(list(WEIGHTS.values())) * scale
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    wanted = scaled[np.arange(len(right)), right].mean(axis=0)
    for step in range(1, _STEPS + 1):
        points = scaled @ weights.astype(np.float32)
        shares = np.exp(points - points.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        slope = np.tensordot(shares, scaled, axes=([0, 1], [0, 1])) / len(right) - wanted
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        weights -= _RATE * mean / (1 - 0.9**step) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return np.asarray(weights / scale, dtype=np.float64)


def rank(evidence: Evidence, weights: Weights) -> list[list[int]]:
    """The rows of the likeliest messages of each reply."""
    kinds = dict(zip(WEIGHTS, np.moveaxis(evidence.astype(float), -1, 0), strict=True))
    replies, messages, _ = evidence.shape
    by_kind = dict(zip(WEIGHTS, weights.tolist(), strict=True))
    return [
        [row for row, _ in best]
        for best in rank_pairs([(slice(0, replies), kinds)], replies, messages, by_kind)
    ]


def recall(ranked: list[list[int]], right: npt.NDArray[np.int64], at: int) -> float:
    """The share of replies whose message is among the first `at`."""
    return float(np.mean([row in found[:at] for row, found in zip(right.tolist(), ranked, strict=True)]))


def cross_validate(evidence: Evidence) -> list[list[int]]:
    """The ranking of each reply by weights that were fitted on others."""
    folds = np.random.default_rng(0).integers(0, FOLDS, len(evidence))
    ranked: list[list[int]] = [[] for _ in range(len(evidence))]
    for fold in range(FOLDS):
        rows = np.flatnonzero(folds != fold)
        fitted = fit(evidence[rows], rows)
        print(dict(zip(WEIGHTS, fitted.round(2).tolist(), strict=True)))
        found = rank(evidence, fitted)
        for row in np.flatnonzero(folds == fold):
            ranked[row] = found[row]
    return ranked


def main(arguments: list[str]) -> None:
    """Print how many of the known pairs are found."""
    if not arguments:
        Console().print(
            "bench.match：需要信件与答复的对照表（message_id, posted_at, title, text, reply, replied_at），跳过。"
        )
        return
    start = time.perf_counter()
    evidence = read_evidence(Path(arguments[0]))
    shipped = np.array(list(WEIGHTS.values()))
    every = np.arange(len(evidence))
    rows = [("shipped weights", rank(evidence, shipped), every)]
    took = time.perf_counter() - start
    third = np.sort(np.random.default_rng(1).choice(every, len(every) // 3, replace=False))
    rows.append(("a third of the replies", rank(evidence[third], shipped), third))
    rows.append((f"fitted on others, {FOLDS} folds", cross_validate(evidence), every))
    table = Table("what", "R@1", "R@5", caption=f"{len(evidence)} pairs, {took:.0f} s")
    for what, ranked, right in rows:
        table.add_row(what, f"{recall(ranked, right, 1):.3f}", f"{recall(ranked, right, 5):.3f}")
    Console().print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
