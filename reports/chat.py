"""A brief as a short text for a chat group: what matters, and where to read the whole."""

from reports import words
from reports.as_text import block_lines, state_of
from reports.model import Brief, Bullets, Cards, IssueCard, Line, Paragraph

MAX_CARDS = 8
MAX_FACTS = 7  # of an alert: the title of its first issue and what is known of it


def render_chat(brief: Brief, link: str | None = None) -> str:
    """Plain lines: masthead, warnings, headlines, sources, the matter itself, the link."""
    head = brief.masthead
    lines = [f"{head.title} {head.issue}（{head.state}）", f"{head.office} {head.period}"]
    lines += [words.plain(line) for line in (*brief.warnings, *brief.headlines, brief.sources)]
    lines += [words.plain(line) for line in _matter(brief)]
    cards = [block for section in brief.sections for block in section.blocks if isinstance(block, IssueCard)]
    lines += [f"{card.rank}. {card.title}（{state_of(card)}）" for card in cards[:MAX_CARDS]]
    if len(cards) > MAX_CARDS:
        lines.append(f"另有{len(cards) - MAX_CARDS}项，见简报。")
    if link is not None:
        lines.append(f"全文：{link}")
    return "\n".join(words.clean(line) for line in lines if line)


def _matter(brief: Brief) -> list[Line]:
    """The numbers of a daily or weekly, the summary of a special, the facts of an alert."""
    blocks = [block for section in brief.sections for block in section.blocks]
    if brief.kind in ("daily", "weekly"):
        return [line for block in blocks if isinstance(block, Cards) for line in block_lines(block)]
    words_only = [block for block in blocks[:2] if isinstance(block, Paragraph | Bullets)]
    if brief.kind == "special":
        return block_lines(words_only[0]) if words_only else []
    return [line for block in words_only for line in block_lines(block)][:MAX_FACTS]
