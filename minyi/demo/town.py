"""Builds a town from a seed and a date: the same boards, threads and posts every time."""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from minyi.demo.model import Board, Post, Site, Thread, Town
from minyi.demo.scripts import PostScript, ThreadScript, read_scripts
from minyi.demo.timetable import post_times

_PLACE_OR_DATE = re.compile(r"\{(d[+-]\d+|\w+)\}")


@cache
def town_data() -> dict[str, Any]:
    """The town's standing data: places, forums with their boards, offices, nicknames."""
    return tomllib.loads((files("minyi.demo") / "town.toml").read_text("utf-8"))


def town_places(renamed: Mapping[str, str] | None = None) -> dict[str, str]:
    """Place key -> name, with some renamed; ValueError for a key the town does not have."""
    places: dict[str, str] = dict(town_data()["places"])
    if unknown := set(renamed or ()) - set(places):
        raise ValueError(f"the town has no place {sorted(unknown)[0]!r}; it has {', '.join(places)}")
    return places | dict(renamed or {})


def story_lines() -> frozenset[str]:
    """The names `leave_out` understands."""
    return frozenset(script.line for script in read_scripts())


def build_town(
    seed: int, today: date, *, places: Mapping[str, str] | None = None, leave_out: Collection[str] = ()
) -> Town:
    """The town of that seed as it stands on the evening of `today`; ValueError for an unknown place or line."""
    if unknown := set(leave_out) - story_lines():
        raise ValueError(
            f"no story line {sorted(unknown)[0]!r}; there are {', '.join(sorted(story_lines()))}"
        )
    wording = _Wording(today, town_places(places))
    drafts = _draft_threads(seed, today, leave_out)
    sites = tuple(
        _build_site(key, forum, [draft for draft in drafts if draft.script.forum == key], wording, seed)
        for key, forum in town_data()["forums"].items()
    )
    return Town(seed=seed, today=today, places=wording.places, sites=sites)


@dataclass(frozen=True, slots=True)
class _Wording:
    """Fills the names and dates of the town into a text."""

    today: date
    places: dict[str, str]

    def fill(self, text: str) -> str:
        return _PLACE_OR_DATE.sub(self._value, text)

    def _value(self, found: re.Match[str]) -> str:
        name = found[1]
        if name[1] in "+-":
            day = self.today + timedelta(days=int(name[1:]))
            return f"{day.month}月{day.day}日"
        return self.places[name]


@dataclass(frozen=True, slots=True)
class _Draft:
    """A thread of this town whose numbers are not given out yet."""

    script: ThreadScript
    posts: tuple[PostScript, ...]
    lines: tuple[int, ...]
    times: tuple[datetime, ...]
    dice: Random


def _draft_threads(seed: int, today: date, leave_out: Collection[str]) -> list[_Draft]:
    # Every thread has dice of its own: leaving a line out must not change what the others say.
    drafts = [
        _draft_thread(script, today, Random(f"{seed} {number} {script.titles[0]}"))
        for number, script in enumerate(read_scripts())
        if script.line not in leave_out
    ]
    return sorted(drafts, key=lambda draft: draft.times[0])


def _draft_thread(script: ThreadScript, today: date, dice: Random) -> _Draft:
    said = [(n, post) for n, post in enumerate(script.posts, 1) if not post.optional or dice.random() < 0.6]
    posts = tuple(post for _, post in said)
    times = post_times(script, posts, today, dice)
    return _Draft(script, posts, tuple(number for number, _ in said), tuple(times), dice)


def _build_site(key: str, forum: dict[str, Any], drafts: list[_Draft], wording: _Wording, seed: int) -> Site:
    dice = Random(f"{seed} {key}")
    order = sorted((moment, i, j) for i, draft in enumerate(drafts) for j, moment in enumerate(draft.times))
    numbers = _ascending(forum["first_pid"], dice)
    pids = {(i, j): next(numbers) for _, i, j in order}
    tids = _ascending(forum["first_tid"], dice)
    threads = tuple(
        _build_thread(draft, next(tids), [pids[i, j] for j in range(len(draft.posts))], wording)
        for i, draft in enumerate(drafts)
    )
    boards = tuple(Board(fid=int(fid), name=wording.fill(name)) for fid, name in forum["boards"].items())
    return Site(key=key, name=wording.fill(forum["name"]), boards=boards, threads=threads)


def _ascending(first: int, dice: Random) -> Iterator[int]:
    while True:
        yield first
        first += dice.choice((1, 1, 1, 2, 3, 5))


def _build_thread(draft: _Draft, tid: int, pids: list[int], wording: _Wording) -> Thread:
    script, dice = draft.script, draft.dice
    by_line = dict(zip(draft.lines, pids, strict=True))
    voices = _Voices(dice, wording)
    posts = tuple(
        _build_post(post, tid, pid, floor, moment, by_line, voices)
        for floor, (post, pid, moment) in enumerate(zip(draft.posts, pids, draft.times, strict=True), 1)
    )
    return Thread(
        tid=tid,
        fid=script.board,
        title=wording.fill(dice.choice(script.titles)),
        line=script.line,
        posts=posts,
        views=dice.randint(25, 240) + len(posts) * dice.randint(9, 38),
        kind=script.kind,
        sticky=script.sticky,
        closed=script.closed,
    )


def _build_post(
    script: PostScript,
    tid: int,
    pid: int,
    floor: int,
    moment: datetime,
    by_line: dict[int, int],
    voices: "_Voices",
) -> Post:
    author, uid = voices.name(script.voice)
    later = moment + timedelta(minutes=voices.dice.randint(3, 40))
    return Post(
        pid=pid,
        tid=tid,
        floor=floor,
        author=author,
        uid=uid,
        posted_at=moment,
        text=voices.wording.fill(voices.dice.choice(script.wordings)),
        quotes=by_line.get(script.quotes) if script.quotes else None,
        edited_at=later if script.edited else None,
        deleted=script.deleted,
    )


class _Voices:
    """Who speaks in one thread: residents picked by the dice, offices by their account."""

    def __init__(self, dice: Random, wording: _Wording) -> None:
        self.dice, self.wording = dice, wording
        self._free: list[int] = dice.sample(
            range(len(town_data()["nicknames"])), k=len(town_data()["nicknames"])
        )
        self._known: dict[str, int] = {}

    def name(self, voice: str | None) -> tuple[str | None, int]:
        """The display name (None when anonymous) and the member number."""
        if voice == "*":
            return None, 0
        if voice and voice.startswith("#"):
            offices = town_data()["offices"]
            return self.wording.fill(offices[voice[1:]]), 2 + list(offices).index(voice[1:])
        number = self._free.pop() if voice is None else self._number(voice)
        return town_data()["nicknames"][number], 101 + number * 7

    def _number(self, voice: str) -> int:
        if voice not in self._known:
            self._known[voice] = self._free.pop()
        return self._known[voice]
