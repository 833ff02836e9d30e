"""Alembic's entry: runs migrations on the connection that the store hands over."""

from alembic import context

from pipelines.schema import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    user_module_prefix="",
    render_as_batch=True,
    include_name=lambda name, kind, _parents: kind != "table" or name in metadata.tables,
)
with context.begin_transaction():
    context.run_migrations()
