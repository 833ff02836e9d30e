"""Verbatim quotes that represent a view: the sentences nearest to the centre of what was said."""

import re
from collections import Counter

from analysis import role_words as words
from analysis.phrases import ASIDE, GREETING, bigrams, split_sentences
from analysis.posts import Posts
from analysis.results import Quote, Sentiment

LONGEST = 60
SHORTEST = 8
_MOST = 400  # sentences compared
# What masking leaves, and what may name a person: never quoted.
_UNQUOTABLE = re.compile(
    r"[*×█■〔〕\[\]【】<>]|https?:|www\.|@|\d{5,}|(?:某|老师|师傅|先生|女士|小姐|书记|市长|县长|主任|局长|经理|老板|同学)"
)
_CHEER = re.compile("顶|收到|笑")
_RELIEF = re.compile(
    r"放心|踏实|满意|支持|高兴|谢谢|感谢|辛苦|值得|不错|修好|补好|干净|及时|解决|落地|终于|服气|真快|好消息|理解|实在|方便多了"
)


def choose_quotes(posts: Posts) -> tuple[Quote, ...]:
    """At most one quote of each view held by residents, the commonest view first."""
    residents = posts.residents
    views = Counter(view for view in residents.sentiment if view in ("neg", "pos"))
    found = tuple(quote for view, _ in views.most_common() for quote in quote_view(residents, view))
    return found or quote_view(residents, "neu")


def quote_view(residents: Posts, view: Sentiment, most: int = 1) -> tuple[Quote, ...]:
    """Quotes of one view, each of another thread, the nearest to the centre first."""
    held = residents.take(residents.sentiment == view)
    # Opening posts tell the matter; thanks come in replies.
    openings = held.take(held.is_first)
    spoken = (_spoken(openings, view) if view != "pos" else _praising(held)) or _spoken(held, view)
    threads = dict(zip(held.post_id.tolist(), held.thread_id.tolist(), strict=True))
    quotes: list[Quote] = []
    while spoken and len(quotes) < most:
        post_id, text = spoken[central([sentence for _, sentence in spoken])]
        quotes.append(Quote(post_id=post_id, text=text, sentiment=view))
        spoken = [(post, said) for post, said in spoken if threads[post] != threads[post_id]]
    return tuple(quotes)


def _spoken(posts: Posts, view: Sentiment) -> list[tuple[int, str]]:
    """The latest sentences fit to be quoted, with their posts."""
    return [
        (int(post_id), sentence)
        for post_id, text in zip(posts.post_id, posts.text, strict=True)
        for sentence in split_sentences(text)
        if is_quotable(sentence) and _to_the_point(sentence, view)
    ][-_MOST:]


def _praising(posts: Posts) -> list[tuple[int, str]]:
    """Of what is said well of somebody, the sentences that say of whom."""
    return [(post, said) for post, said in _spoken(posts, "pos") if words.MERIT.search(said)]


def _to_the_point(sentence: str, view: Sentiment) -> bool:
    """Whether a sentence speaks of the matter, not among neighbours, and sounds like its view."""
    public = words.PUBLIC.search(sentence) is not None
    if (
        ASIDE.search(sentence)
        or _CHEER.search(sentence)
        or (view == "pos" and words.TROUBLE.search(sentence))
    ):
        return False
    if view == "pos":
        return words.PRAISE.search(sentence) is not None or _RELIEF.search(sentence) is not None
    moved = any(kind.search(sentence) for kind in (words.TROUBLE, words.ASKING, words.PERSISTENT))
    return moved and (public or view == "neg")


def is_quotable(sentence: str) -> bool:
    """Whether a sentence can stand alone, names nobody and holds nothing masked."""
    fits = SHORTEST <= len(sentence) <= LONGEST
    return fits and not _UNQUOTABLE.search(sentence) and not GREETING.search(sentence)


def central(sentences: list[str]) -> int:
    """The index of the sentence that shares most with the others, by character pairs; the first of equals."""
    pairs = [bigrams(sentence) for sentence in sentences]
    common = Counter(pair for own in pairs for pair in own)
    scores = [sum(common[pair] - 1 for pair in own) / (len(own) + 8) for own in pairs]
    return max(range(len(scores)), key=lambda row: (scores[row], -row))
