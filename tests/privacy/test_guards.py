"""Issues, never people: nothing that would make Minyi a tool against residents may appear by accident."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from typer.main import get_command

from analysis.results import Action, PostRef, Quote
from crawlers import settings
from minyi.cli.app import app
from minyi.config import Config
from pipelines.identifying import is_identifying
from pipelines.schema import metadata

ROOT = Path(__file__).parents[2]
PACKAGES = ("crawlers", "pipelines", "analysis", "reports", "minyi", "dags")
PERSON = re.compile(r"author|user(?!_agent)|nick|uid|voice|account_?name|resident|person|poster|profile")
# Words with which a post could be written, hidden, reported or deleted on its forum.
WRITES_TO_A_FORUM = re.compile(
    r"FormRequest|from_response\(|method\s*=\s*[\"'](?:POST|PUT|DELETE|PATCH)|requests\.post|httpx\.post"
    r"|action=(?:newthread|reply|edit|report)|mod=(?:post|report|topicadmin|logging|register)\b",
    re.IGNORECASE,
)


def sources(*packages: str) -> Iterator[tuple[Path, str]]:
    for package in packages:
        for file in (ROOT / package).rglob("*.py"):
            yield file, file.read_text(encoding="utf-8")


def commands(command: Any, path: str = "minyi") -> Iterator[tuple[str, Any]]:
    yield path, command
    for name, child in getattr(command, "commands", {}).items():
        yield from commands(child, f"{path} {name}")


def test_no_command_and_no_option_takes_a_person() -> None:
    for path, command in commands(get_command(app)):
        assert not PERSON.search(path), path
        for parameter in command.params:
            assert not PERSON.search(parameter.name or ""), f"{path} {parameter.name}"


def test_no_table_has_a_column_for_a_person() -> None:
    for table in metadata.tables.values():
        assert not PERSON.search(table.name), table.name
        for column in table.columns:
            known = (table.name, column.name) == ("posts", "voice")
            assert known or not PERSON.search(column.name), f"{table.name}.{column.name}"
            assert not is_identifying(column.name) or column.name == "name", f"{table.name}.{column.name}"


def test_a_voice_cannot_be_looked_up_across_threads() -> None:
    indexes = metadata.tables["posts"].indexes
    assert not [index.name for index in indexes if "voice" in {column.name for column in index.columns}]


@pytest.mark.parametrize("kind", [PostRef, Quote])
def test_evidence_names_nobody(kind: Any) -> None:
    assert not [name for name in kind.__dataclass_fields__ if PERSON.search(name)]


def test_the_configuration_lists_nobody_but_agencies() -> None:
    assert not [name for name in Config.model_fields if PERSON.search(name) and name != "author_key_file"]


def test_what_a_brief_may_suggest_concerns_no_post_and_no_poster() -> None:
    assert set(get_args(Action)) == {"answer", "publish", "inspect", "repair", "escalate", "thank"}


def test_nothing_writes_to_a_forum() -> None:
    found = [
        f"{file.relative_to(ROOT)}: {match[0]}"
        for file, code in sources("crawlers", "pipelines", "analysis", "dags")
        for match in WRITES_TO_A_FORUM.finditer(code)
    ]
    assert not found


def test_raw_pages_and_items_are_kept_nowhere() -> None:
    assert settings.HTTPCACHE_ENABLED is False
    assert settings.LOG_LEVEL == "CRITICAL"
    assert not hasattr(settings, "JOBDIR")
    assert not hasattr(settings, "FEEDS")
    assert settings.EXTENSIONS["scrapy.extensions.feedexport.FeedExporter"] is None
    for file, code in sources(*PACKAGES):
        assert "JOBDIR" not in code, file
        assert not re.search(r"HTTPCACHE_ENABLED\W+True", code), file


def test_no_crawl_goes_round_a_block() -> None:
    assert settings.ROBOTSTXT_OBEY is True
    assert (
        settings.DOWNLOADER_MIDDLEWARES["scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware"] is None
    )
    assert settings.DOWNLOADER_MIDDLEWARES["scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware"] is None
    assert "Mozilla" not in settings.USER_AGENT
    for file, code in sources("crawlers", "minyi"):
        assert not re.search(r"Mozilla/|AppleWebKit|user_agents?_list|ROTATING|meta\[.proxy.\]", code), file
