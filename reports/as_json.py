"""A brief for other systems: `brief.json`, described by `templates/brief.schema.json`."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from reports.model import Block, Brief, Section

FORMAT = "minyi-brief/1"


def render_json(brief: Brief) -> str:
    """The whole brief with all post ids behind each number; times in ISO 8601 with zone."""
    content = {
        "format": FORMAT,
        "kind": brief.kind,
        "first_day": brief.result.first_day.isoformat(),
        "last_day": brief.result.last_day.isoformat(),
        "timezone": brief.result.timezone,
        "cover": asdict(brief.cover),
        "masthead": asdict(brief.masthead),
        "warnings": _plain(brief.warnings),
        "headlines": _plain(brief.headlines),
        "sources": _plain(brief.sources),
        "sections": [_section(section) for section in brief.sections],
        "appendix": [_section(section) for section in brief.appendix],
        "evidence": _plain(brief.evidence),
        "register": _plain(brief.register),
    }
    return json.dumps(content, ensure_ascii=False, indent=1, default=_time) + "\n"


def _section(section: Section) -> dict[str, Any]:
    blocks = [{"kind": type(block).__name__} | _block(block) for block in section.blocks]
    return {"key": section.key, "title": section.title, "note": _plain(section.note), "blocks": blocks}


def _block(block: Block) -> dict[str, Any]:
    return asdict(block)


def _plain(parts: tuple[Any, ...]) -> list[Any]:
    return [_plain(part) if isinstance(part, tuple) else asdict(part) for part in parts]


def _time(value: datetime) -> str:
    """datetime and date, the only values JSON does not know."""
    return value.isoformat()
