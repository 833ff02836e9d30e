"""Heat: our own published formula, in which one viral thread cannot bury ten small complaints.

heat = (3·ln(1+T) + 2·ln(1+V) + 1.5·ln(1+D) + ln(1+R)) · 2^(-age/7)

T threads, V voices (those of copies too), D days on which somebody wrote, R residents' replies,
all of the last 30 days; age is the number of days since a resident last wrote.  Logarithms let the
tenth thread count less than the second; days lift what is quiet but persistent.
"""

from math import log1p

from analysis.posts import Posts, count_voices
from analysis.results import Heat

WEIGHTS = (("主题帖", 3.0), ("发言者", 2.0), ("天数", 1.5), ("回帖", 1.0))
FORMULA = (
    "热度＝（3×ln(1＋主题帖)＋2×ln(1＋发言者)＋1.5×ln(1＋有人反映的天数)＋ln(1＋回帖)）×时间衰减，"
    "按近30天计数，距最后一次有人反映每过7天减半。"
)
WINDOW = 30
HALF_LIFE = 7.0


def measure_heat(residents: Posts, voiced: Posts, day: int, before: int) -> Heat:
    """Heat of an issue at the end of `day`, and of the day `before` (ordinals), from residents' posts.

    `voiced` are these and their copies, which count for their voices alone.
    """
    value, terms = _heat_on(residents, voiced, day)
    known = len(residents) > 0 and int(residents.day[0]) <= before
    earlier = round(_heat_on(residents, voiced, before)[0], 2) if known else None
    return Heat(value=round(value, 2), before=earlier, terms=terms)


def _heat_on(residents: Posts, voiced: Posts, day: int) -> tuple[float, tuple[tuple[str, float], ...]]:
    counted = residents.between(day - WINDOW + 1, day)
    if not len(counted):
        return 0.0, ()
    numbers = (
        len(set(counted.thread_id.tolist())),
        count_voices(voiced.between(day - WINDOW + 1, day)),
        len(counted.days),
        int((~counted.is_first).sum()),
    )
    values = [weight * log1p(number) for (_, weight), number in zip(WEIGHTS, numbers, strict=True)]
    decay = 0.5 ** ((day - int(counted.day[-1])) / HALF_LIFE)
    terms = [(name, round(value, 2)) for (name, _), value in zip(WEIGHTS, values, strict=True)]
    return sum(values) * decay, (*terms, ("时间衰减", round(decay, 3)))
