"""The store: the only modules, with `pipelines.schema` and the migrations, that know the database.

Every function takes a SQLAlchemy connection; the caller decides what is one transaction.
"""

from pipelines.store.database import StoreError, check_schema, open_database, upgrade

__all__ = ["StoreError", "check_schema", "open_database", "upgrade"]
