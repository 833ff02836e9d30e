"""A brief as a short text for a chat group: what matters, and where to read the whole."""

from reports import words
from reports.model import Brief, IssueCard

MAX_CARDS = 8


def render_chat(brief: Brief, link: str | None = None) -> str:
    """Plain lines: masthead, warnings, headlines, sources, the issues in focus, the link."""
    head = brief.masthead
    lines = [f"{head.title} {head.issue}（{head.state}）", f"{head.office} {head.period}"]
    lines += [words.plain(line) for line in (*brief.warnings, *brief.headlines, brief.sources)]
    cards = [block for section in brief.sections for block in section.blocks if isinstance(block, IssueCard)]
    lines += [_card(card) for card in cards[:MAX_CARDS]]
    if len(cards) > MAX_CARDS:
        lines.append(f"另有 {len(cards) - MAX_CARDS} 项，见简报。")
    if link is not None:
        lines.append(f"全文：{link}")
    return "\n".join(words.clean(line) for line in lines if line)


def _card(card: IssueCard) -> str:
    state = "，".join(filter(None, (card.status.text, card.clock)))
    return f"{card.rank}. {card.title}（{state}）"
