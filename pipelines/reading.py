"""What reading a post yields, for every later step."""

from dataclasses import dataclass
from typing import Literal

Sentiment = Literal["neg", "neu", "pos"]
Intent = Literal["投诉", "求助", "咨询", "建议", "表扬", "其他"]

CATEGORIES = ("城乡建设", "环境保护", "交通运输", "教育文体", "劳动和社会保障", "商贸旅游", "卫生计生")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One post, read by one model version.

    Probabilities are calibrated, in 0..1.  `places` are verbatim spans of the text,
    `district` the configured district they point to.  `tokens` are the segmented words
    of the cleaned text (title first), joined by single spaces.  Spam is left out of
    every count.  `sketch` is what near-identical texts have in common (pipelines.dedupe).
    """

    sentiment: Sentiment
    p_neg: float
    p_neu: float
    p_pos: float
    intent: Intent
    p_intent: float
    category: str
    p_category: float
    category_detail: str | None
    places: tuple[str, ...]
    district: str | None
    tokens: str
    spam: bool
    sketch: bytes | None = None
