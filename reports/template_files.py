"""Where templates come from: an office's own folder first, then ours."""

from functools import cache
from pathlib import Path

import jinja2

TEMPLATES = Path(__file__).parent / "templates"
SHADE_LEVELS = 5  # of a heat table


def template_folders(own: Path | None) -> tuple[Path, ...]:
    return (own, TEMPLATES) if own else (TEMPLATES,)


def find_template(name: str, own: Path | None = None) -> Path:
    """The office's file of that name, or ours."""
    return next(folder / name for folder in template_folders(own) if (folder / name).is_file())


@cache
def page_templates(own: Path | None = None) -> jinja2.Environment:
    """Jinja with every value escaped; `block | kind` names a block's class."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(template_folders(own)),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["kind"] = lambda block: type(block).__name__
    environment.filters["level"] = shade_level
    return environment


def shade_level(shade: float) -> int:
    """1 (lightest) … SHADE_LEVELS; a shade is in 0..1."""
    return max(1, min(SHADE_LEVELS, round(shade * SHADE_LEVELS + 0.4)))
