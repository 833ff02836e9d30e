"""Which issues a run lists, and how fully it tells each."""

from collections.abc import Mapping, Sequence

from analysis.calendar import WorkCalendar
from analysis.groups import Groups
from analysis.heat import measure_heat
from analysis.instructions import DONE
from analysis.issue import Rules, Window, describe_issue
from analysis.overview import list_quiet
from analysis.posts import Posts
from analysis.results import Burst, IssueResult
from analysis.roles import Role, role_of
from analysis.settings import KnownIssues, Settings

IN_FULL = 120  # of the hottest issues, and of the quiet: nobody reads the quotes, aspects and demands of more


def find_roles(groups: Groups, window: Window) -> dict[int, Role]:
    """The roles of the issues in which somebody wrote lately."""
    return {
        number: role_of(groups.whole[number])
        for number, posts in groups.counted.items()
        if (posts.resident & (posts.day >= window.trend_first) & (posts.day <= window.last)).any()
    }


def list_issues(
    groups: Groups,
    roles: Mapping[int, Role],
    bursts: Sequence[Burst],
    control: Posts,
    window: Window,
    settings: Settings,
    known: KnownIssues,
) -> list[IssueResult]:
    """What is new, open or back among the issues with a role, by falling heat.

    The hottest, the quiet, those that rise and those staff or leaders look at are told in full.
    """
    rules = _rules(settings)
    rising = {burst.issue_id: burst for burst in reversed(bursts)}
    listed = [number for number, role in roles.items() if role != "chatter"]

    def describe(number: int, in_full: bool) -> IssueResult:
        return describe_issue(
            groups.names[number],
            groups.counted[number],
            groups.whole[number],
            control,
            window,
            rules,
            began=groups.began(number),
            asks=roles[number] == "matter",
            state=known.states.get(number),
            burst=rising.get(number),
            in_full=in_full,
        )

    full = {*_hottest(groups, listed, window), *rising, *_looked_at(known)}
    told = {number: describe(number, number in full) for number in listed}
    quiet = list_quiet(tuple(told.values()))[:IN_FULL]
    told |= {number: describe(number, True) for number in quiet if number not in full}
    return sorted(filter(_is_current, told.values()), key=lambda issue: (-issue.heat.value, issue.id))


def is_waiting(issue: IssueResult) -> bool:
    """Whether people wait for an answer, or for another one."""
    return issue.hours_open is not None or issue.answer == "recurring"


def _is_current(issue: IssueResult) -> bool:
    return bool(issue.new_posts.value) or is_waiting(issue)


def _looked_at(known: KnownIssues) -> set[int]:
    """The issues of which staff said how they stand, or a leader waits to hear."""
    return {*known.states, *(one.issue_id for one in known.instructions if one.state != DONE)}


def _rules(settings: Settings) -> Rules:
    return Rules(
        answer_hours=settings.answer_hours,
        unsure=settings.unsure,
        departments=settings.departments,
        calendar=WorkCalendar(settings.holidays),
        deadlines=settings.deadlines,
    )


def _hottest(groups: Groups, listed: Sequence[int], window: Window) -> list[int]:
    wholes = ((number, groups.whole[number]) for number in listed)
    heats = {
        number: measure_heat(posts.residents, posts.voiced, window.last, window.before).value
        for number, posts in wholes
    }
    return sorted(heats, key=lambda number: (-heats[number], number))[:IN_FULL]
