"""Tables an analyst hands over, as frames: masked, and without identifying columns."""

from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from minyi.errors import InputError
from pipelines.imports import parse_time
from pipelines.mask import mask_text
from pipelines.tables import defused, open_table
from reports.write import write_atomically


def read_frame(
    file: Path, needed: Sequence[str], times: str, texts: Sequence[str], zone: ZoneInfo
) -> pd.DataFrame:
    """The table with columns `needed`; `times` parsed as aware times, `texts` masked, all else text.

    Rows whose time cannot be read have NaT.  InputError when a column is missing.
    """
    table = open_table(file)
    if missing := [column for column in needed if column not in table.columns]:
        raise InputError(f"{file.name}：缺少列 {'、'.join(missing)}；现有：{'、'.join(table.columns)}")
    frame = pd.DataFrame(([row[column] for column in needed] for row in table.rows()), columns=list(needed))
    for column in texts:
        frame[column] = frame[column].map(mask_text)
    parsed = pd.Series([parse_time(cell, zone) for cell in frame[times]], index=frame.index, dtype=object)
    frame[times] = pd.to_datetime(parsed, utc=True).dt.tz_convert(zone)
    return frame


def write_frame(file: Path, frame: pd.DataFrame) -> None:
    """Write a CSV that spreadsheet programs open in the right encoding and without running anything."""
    write_atomically(file, frame.map(defused).to_csv(index=False).encode("utf-8-sig", "replace"))
