"""The demo's configuration is one the program accepts, also for a town with other names."""

import tomllib
from pathlib import Path

from minyi.config import Config, parse_config
from minyi.demo.config import demo_config
from minyi.demo.model import Town
from minyi.demo.town import town_data, town_places

URLS = {"haiping": "http://127.0.0.1:8001/", "teahouse": "http://127.0.0.1:8002/"}


def parsed(text: str) -> Config:
    return parse_config(tomllib.loads(text), Path("minyi.toml"))


def test_the_configuration_has_the_addresses_and_everything_a_brief_needs() -> None:
    config = parsed(demo_config(URLS))
    assert [(source.name, source.url) for source in config.sources] == list(URLS.items())
    assert all(source.allow_private and source.delay == 0 for source in config.sources)
    assert len(config.districts) == 3
    assert len({department.category for department in config.departments}) == 7
    assert config.topics
    assert config.recipients[0].folder


def test_every_office_that_answers_and_every_place_is_configured(town: Town) -> None:
    config = parsed(demo_config(URLS))
    offices = {name.format(**town.places) for key, name in town_data()["offices"].items() if key != "admin"}
    assert set(config.accounts) == offices
    assert set(town_places().values()) - {town.places["town"]} == set(config.gazetteer)


def test_a_renamed_town_gets_a_configuration_in_its_own_names() -> None:
    renamed = {key: f"新{number}号地" for number, key in enumerate(town_places())}
    text = demo_config(URLS, places=renamed)
    config = parsed(text)
    assert [name for name in town_places().values() if name in text] == []
    assert renamed["pharmacy"] in config.gazetteer
    assert f"{renamed['town']}发布" in config.accounts
