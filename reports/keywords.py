"""Words used more, or less, than in the period before."""

from analysis.results import KeywordChange, RunResult
from reports.annex import FEW_SHOWN
from reports.draft import Draft
from reports.model import Cell, Chart, Section, Span, Table, cell
from reports.sections import nothing

TITLE = "词语变化"
MOST = 6  # of either direction


def drawn_keywords(result: RunResult) -> tuple[KeywordChange, ...]:
    """The strongest rises, then the strongest falls."""
    ordered = sorted(result.keywords, key=lambda entry: (-entry.change, entry.word))
    rises = [entry for entry in ordered if entry.change > 0][:MOST]
    falls = [entry for entry in ordered if entry.change <= 0][-MOST:]
    return (*rises, *falls)


def keywords(draft: Draft) -> Section:
    drawn = drawn_keywords(draft.result)
    if not drawn:
        return nothing(draft, "keywords", TITLE, "与{before}相比，没有用得明显更多或更少的词。")
    left = len(draft.result.keywords) - len(drawn)
    note = "提到该词的帖数，只列至少3个主题帖用到、增减明显的词" + (f"；另有{left}个未列" if left else "")
    table = Table(
        caption=TITLE,
        headers=("词", "上期", "本期", "主题帖"),
        rows=tuple(_row(draft, entry) for entry in drawn),
        numeric=(1, 2, 3),
    )
    said = "，".join(f"“{entry.word}”由{entry.before}帖到{entry.now.value}帖" for entry in drawn)
    chart = Chart(name="keywords", alt=f"词语变化：{said}。", table=table)
    return Section(key="keywords", title=TITLE, note=(Span(text=note),), blocks=(chart,))


def _row(draft: Draft, entry: KeywordChange) -> tuple[Cell, ...]:
    now = draft.book.cite(entry.now, f"“{entry.word}”：{draft.now}提到", most=FEW_SHOWN)
    return cell(entry.word), cell(str(entry.before)), Cell(line=(now,)), cell(str(entry.threads))
