"""A brief in plain words: for readers and channels that show nothing but text."""

from reports import words
from reports.model import Block, Brief, Bullets, Cards, IssueCard, Line, Paragraph


def core_of(brief: Brief) -> str:
    """The sentence that says most: a special has its own at the head of its summary."""
    if brief.headlines:
        return words.plain(brief.headlines[0])
    if brief.kind != "special":
        return ""
    first = next((block for section in brief.sections for block in section.blocks), None)
    said = words.plain(first.line) if isinstance(first, Paragraph) else ""
    return f"{said.partition('。')[0]}。" if "。" in said else said


def block_lines(block: Block) -> list[Line]:
    """Lines of text; none for what only a picture or a table can say."""
    match block:
        case Cards():
            return [_numbers(block)]
        case Paragraph():
            return [block.line]
        case Bullets():
            return list(block.items)
        case IssueCard():
            return _issue(block)
        case _:
            return []


def _numbers(block: Cards) -> Line:
    said = [f"{card.label}{card.number.text}（{words.plain(card.note)}）" for card in block.cards]
    return words.fill("{said}。", said="；".join(said))


def _issue(card: IssueCard) -> list[Line]:
    title = words.fill("{rank}. {title}（{state}）", rank=card.rank, title=card.title, state=state_of(card))
    body = tuple(span for line in card.lines for span in line)
    return [title, card.meta, body, *([card.quote] if card.quote else [])]


def state_of(card: IssueCard) -> str:
    """Answered or not, and the clock."""
    return "，".join(filter(None, (card.status.text, card.clock)))
