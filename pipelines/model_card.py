"""The card that travels with the shipped models."""

from collections.abc import Mapping
from pathlib import Path
from string import Template

CARD = "MODEL_CARD.md"

_TEMPLATE = Template(
    """# Model card: how Minyi reads a post

Written by `minyi train`; the scores below are those of the run that made the files beside it.

## Data

Texts by third parties, collected from public repositories; redistribution is not stated for most, so none of
them is shipped, only weights of hashed n-grams. Mobile and ID numbers are masked in the sources.

- 112,801 texts of nine public sentiment corpora (hotels, takeaway, shopping, microblogs, a car forum): neg, neu, pos.
- 1,835 civic, campus and microblog posts, one annotator: sentiment and intent.
- 7,807 messages to leaders as words without stop words: one of seven categories.
- 4,326 messages without labels: which words the makers of the token file dropped.
- Held out from every training decision: 198 posts on which two annotators agree, 405 raw messages with a category.
  The shipped models learn from them too, after the scores below were taken.

## Method

$method

## Scores

On texts that the scored model had not seen; in brackets the interval that holds 95 of 100 resamples of the items.

| what | score |
|---|---|
$scores

## What helped and what did not

$ideas

## Limits

- Written for posts and messages of residents in simplified Chinese. Irony, dialect, Uyghur and Cantonese are read poorly.
- Praise is rare in the civic data (36 posts): its figures move by points with one post.
- A category is always one of seven; chatter about none of them gets a low probability, which the reading keeps.
- Public corpora disagree about what is neutral: the probabilities are calibrated on the civic posts.

## Intended use

Counting and finding issues: what is wrong, where, whose job it is. Never people: the models know no authors, and
nothing they say may be used to judge, rank or profile whoever wrote a post. A label below the "unsure" threshold
is to be treated as a guess; people correct it with `minyi correct`.
"""
)


def write_card(folder: Path, scores: Mapping[str, object], method: str, ideas: str) -> None:
    """Write the card into the folder of models."""
    rows = "\n".join(f"| {name} | {score} |" for name, score in scores.items())
    card = _TEMPLATE.substitute(method=method.strip(), scores=rows, ideas=ideas.strip())
    (folder / CARD).write_text(card, encoding="utf-8")
