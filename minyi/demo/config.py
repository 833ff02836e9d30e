"""The configuration that fits the demo forums, with the addresses they were given."""

from collections.abc import Mapping
from importlib.resources import files

from minyi.demo.town import town_places


def demo_config(urls: Mapping[str, str], *, places: Mapping[str, str] | None = None) -> str:
    """The text of a working minyi.toml; `urls` by forum key, `places` as given to `build_town`."""
    text = (files("minyi.demo") / "minyi.toml").read_text("utf-8")
    for key, url in urls.items():
        text = text.replace(f"http://{key}.invalid/", url)
    old, new = town_places(), town_places(places)
    # Longer names first: a street's name is part of its crossing's.
    for key in sorted(old, key=lambda key: len(old[key]), reverse=True):
        text = text.replace(old[key], f"{{{key}}}")
    for key, name in new.items():
        text = text.replace(f"{{{key}}}", name)
    return text
