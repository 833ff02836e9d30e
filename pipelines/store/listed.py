"""Ids as a subquery: thousands of parameters are more than a statement takes."""

import json
from collections.abc import Sequence

from sqlalchemy import Connection, TextClause, text


def listed(connection: Connection, ids: Sequence[int]) -> TextClause:
    """These ids, for `column.in_(…)`."""
    if connection.dialect.name == "sqlite":
        return text("SELECT value FROM json_each(:listed)").bindparams(listed=json.dumps(list(ids)))
    return text("SELECT unnest(CAST(:listed AS BIGINT[]))").bindparams(listed=list(ids))
