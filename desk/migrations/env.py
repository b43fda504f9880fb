"""Alembic's entry: runs revisions on the connection that ``desk.engines.migrate`` opened."""

from __future__ import annotations

from alembic import context

from desk.schema import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True
)
# The caller holds the transaction, so that two processes never migrate at once.
context.run_migrations()
