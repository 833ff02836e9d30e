"""Work too long for a page: begun here, done elsewhere, looked at on a page of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Literal, Protocol
from uuid import uuid4

from starlette.requests import Request

from minyi.errors import InputError
from minyi.portal.visitors import Visitor

Kind = Literal["topic", "crawl"]
State = Literal["running", "done", "failed"]

LAST_LINES = 12
# Each topic's run holds its posts and their analysis in memory.
MOST_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be done: a topic's run (topic or query, first_day, last_day, …), or a source's crawl (source)."""

    kind: Kind
    title: str
    params: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is; `words` are its last lines, `address` where its whole log is, `brief` what it made."""

    title: str
    state: State
    words: str = ""
    address: str | None = None
    brief: int | None = None


class Jobs(Protocol):
    """Who does the work: a command of ours, or Airflow."""

    def start(self, job: Job, visitor: Visitor, request: Request) -> str:
        """Begin; the job's id."""

    def look(self, job_id: str, visitor: Visitor, request: Request) -> Progress | None:
        """How far it is, or None when there is no such job."""


@dataclass(slots=True)
class CommandJobs:
    """One `minyi` command a job, of this process: what `minyi serve` does."""

    config: Path
    folder: Path
    _running: dict[str, tuple[Job, "subprocess.Popen[bytes]"]] = field(default_factory=dict)
    _starting: Lock = field(default_factory=Lock)  # two clicks at once are one job

    def start(self, job: Job, visitor: Visitor, request: Request) -> str:
        with self._starting:
            return self._start(job, visitor)

    def _start(self, job: Job, visitor: Visitor) -> str:
        others = [other for other, process in self._running.values() if process.poll() is None]
        if job in others:
            raise InputError(f"“{job.title}”正在进行，请等它做完")
        if len(others) >= MOST_AT_ONCE:
            titles = "".join(f"“{other.title}”" for other in others)
            raise InputError(f"正在运行{titles}，请稍后再试：同时最多运行 {MOST_AT_ONCE} 项")
        job_id = uuid4().hex
        try:
            self._running[job_id] = (job, self._command_of(job, job_id, visitor))
        except OSError as error:  # no room on the disk, no memory
            raise InputError(f"“{job.title}”没有开始（{error.strerror}），请稍后再试") from error
        return job_id

    def _command_of(self, job: Job, job_id: str, visitor: Visitor) -> "subprocess.Popen[bytes]":
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._log(job_id).open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "minyi", "--config", str(self.config), *_command(job)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=os.environ | {"MINYI_STAFF": visitor.name},
            )

    def look(self, job_id: str, visitor: Visitor, request: Request) -> Progress | None:
        if job_id not in self._running or not self._log(job_id).exists():
            return None
        job, process = self._running[job_id]
        code = process.poll()
        state: State = "running" if code is None else "failed" if code else "done"
        lines = self._log(job_id).read_text(encoding="utf-8", errors="replace").splitlines()
        if code is not None and code < 0:
            lines.append(f"运行被强行结束（信号 {-code}），可能是内存不够；没有做完，请再试一次")
        if state == "done" and job.kind == "topic":
            made = json.loads(lines[-1])
            return Progress(job.title, state, "\n".join(made["headline"]), brief=made["brief"])
        return Progress(job.title, state, "\n".join(lines[-LAST_LINES:]))

    def _log(self, job_id: str) -> Path:
        return self.folder / f"{job_id}.log"

    def stop(self) -> None:
        """End what still runs; each command saves its work."""
        for _, process in self._running.values():
            if process.poll() is None:
                process.terminate()
        for _, process in self._running.values():
            process.wait()


def _command(job: Job) -> list[str]:
    if job.kind == "crawl":
        return ["crawl", job.params["source"]]
    options = [f"--{_OPTIONS[name]}={value}" for name, value in job.params.items() if value]
    return ["topic", "run", "--json", *options]


_OPTIONS = {
    "topic": "topic",
    "query": "query",
    "first_day": "from",
    "last_day": "to",
    "source": "source",
    "district": "district",
    "forms": "forms",
}
