"""Whether an issue is a matter (asked, complained of, suggested), praise, or plain chatter."""

from typing import Literal

from analysis.posts import Posts

Role = Literal["matter", "praise", "chatter"]

_OPENING = 3.0  # how much more a thread's first post says than a reply
_ENOUGH = 0.5


def role_of(posts: Posts) -> Role:
    """The role that most of what residents wrote speaks for, opening posts above all."""
    residents = posts.residents
    weights = 1.0 + (_OPENING - 1.0) * residents.is_first
    total = float(weights.sum())
    if not total:
        return "chatter"
    asking = float(weights[residents.asking].sum()) / total
    praising = float(weights[residents.intent == "表扬"].sum()) / total
    if praising > asking and praising + asking >= _ENOUGH:
        return "praise"
    return "matter" if asking + praising >= _ENOUGH else "chatter"
