"""Which sections each kind of brief has, in order."""

from collections.abc import Callable
from functools import partial

from analysis.results import BriefKind
from reports import alert, sections, special, weekly
from reports.course import aspects, course
from reports.draft import Draft
from reports.instructions import instructions
from reports.keywords import keywords
from reports.lasting import lasting, quiet
from reports.method import method
from reports.model import Section
from reports.overview import overview

Write = Callable[[Draft], Section]
Plan = tuple[tuple[str, Write], ...]

_DAILY: Plan = (
    ("instructions", instructions),
    ("overview", overview),
    ("focus", sections.focus),
    ("lasting", quiet),
    ("distribution", sections.distribution),
    ("responses", sections.responses),
    ("praise", sections.praise),
    ("advice", sections.advice),
)
_WEEKLY: Plan = (
    ("instructions", instructions),
    ("overview", overview),
    ("changes", weekly.changes),
    ("focus", sections.focus),
    ("lasting", lasting),
    ("distribution", sections.distribution),
    ("responses", weekly.answers),
    ("keywords", keywords),
    ("praise", sections.praise),
    ("advice", sections.advice),
)
_SPECIAL: Plan = (
    ("summary", special.summary),
    ("course", course),
    ("volume", special.volume),
    ("aspects", aspects),
    ("views", special.views),
    ("wants", special.wants),
    ("effects", special.effects),
    ("advice", special.options),
)
PLANS: dict[BriefKind, Plan] = {
    "daily": _DAILY,
    "weekly": _WEEKLY,
    "special": _SPECIAL,
    "alert": (("outbreaks", alert.outbreaks),),
}
_METHOD: Plan = (("method", method),)
APPENDICES: dict[BriefKind, Plan] = {
    "daily": (("others", sections.others), *_METHOD),
    "weekly": (("others", sections.others), *_METHOD),
    "special": (("others", partial(sections.others, title="其他相关事项")), *_METHOD),
    "alert": (),
}
SECTIONS = frozenset(key for plan in (*PLANS.values(), *APPENDICES.values()) for key, _ in plan)
# Sections that count everything, left out where one department's issues alone are shown.
TOTALS = frozenset(
    {"overview", "volume", "summary", "aspects", "views", "distribution", "responses", "keywords"}
)
