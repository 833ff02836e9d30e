"""Verbatim quotes that represent a view: the sentences nearest to the centre of what was said."""

import re
from collections import Counter

from analysis.posts import Posts
from analysis.results import Quote, Sentiment

LONGEST = 60
SHORTEST = 8
_MOST = 400  # sentences compared
_ENDS = re.compile(r"[^。！？!?；;\n…]+[。！？!?；;…]*")
# What masking leaves, and what may name a person: never quoted.
_UNQUOTABLE = re.compile(
    r"[*×█■〔〕\[\]【】<>]|https?:|www\.|@|\d{5,}|(?:某|老师|师傅|先生|女士|小姐|书记|市长|县长|主任|局长|经理|老板|同学)"
)
_CIVILITY = re.compile(r"^(?:您好|你好|尊敬的|敬爱的|谢谢|感谢领导|此致|敬礼|各位领导|领导)")


def split_sentences(text: str) -> list[str]:
    """The sentences of a text, trimmed, with their closing marks."""
    return [sentence for found in _ENDS.findall(text) if (sentence := found.strip(" \t　，,、"))]


def choose_quotes(posts: Posts) -> tuple[Quote, ...]:
    """At most one quote of each view held by residents, the commonest view first."""
    residents = posts.residents
    views = Counter(view for view in residents.sentiment if view in ("neg", "pos"))
    order = [view for view, _ in views.most_common()] or ["neu"]
    quotes = [_quote(residents, view) for view in order]
    return tuple(quote for quote in quotes if quote is not None)


def _quote(residents: Posts, view: Sentiment) -> Quote | None:
    held = residents.take(residents.sentiment == view)
    spoken = [
        (int(post_id), sentence)
        for post_id, text in zip(held.post_id, held.text, strict=True)
        for sentence in split_sentences(text)
        if is_quotable(sentence)
    ][-_MOST:]
    if not spoken:
        return None
    post_id, text = spoken[central([sentence for _, sentence in spoken])]
    return Quote(post_id=post_id, text=text, sentiment=view)


def is_quotable(sentence: str) -> bool:
    """Whether a sentence can stand alone, names nobody and holds nothing masked."""
    fits = SHORTEST <= len(sentence) <= LONGEST
    return fits and not _UNQUOTABLE.search(sentence) and not _CIVILITY.search(sentence)


def central(sentences: list[str]) -> int:
    """The index of the sentence that shares most with the others, by character pairs; the first of equals."""
    pairs = [bigrams(sentence) for sentence in sentences]
    common = Counter(pair for own in pairs for pair in own)
    scores = [sum(common[pair] - 1 for pair in own) / (len(own) + 8) for own in pairs]
    return max(range(len(scores)), key=lambda row: (scores[row], -row))


def bigrams(text: str) -> frozenset[str]:
    """The overlapping pairs of letters and characters of a text."""
    plain = re.sub(r"\W+", "", text)
    return frozenset(plain[place : place + 2] for place in range(len(plain) - 1))
