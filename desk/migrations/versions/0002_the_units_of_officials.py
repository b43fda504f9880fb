"""The unit of an official beside the posts, by which the register tells persons of one name apart."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Articles read at once.
_CHUNK = 500


def upgrade() -> None:
    """Go to this revision; the units come from the suggestions that the articles rest on."""
    op.add_column("tags", sa.Column("unit", sa.String(length=300), nullable=False, server_default=""))
    articles = sa.table("articles", sa.column("id"), sa.column("suggestion_id"))
    suggestions = sa.table("suggestions", sa.column("id"), sa.column("record", sa.JSON))
    tags = sa.table("tags", sa.column("article_id"), sa.column("kind"), sa.column("key"), sa.column("unit"))
    change = (
        sa.update(tags)
        .where(tags.c.article_id == sa.bindparam("at_id"), tags.c.kind == "official")
        .where(tags.c.key == sa.bindparam("at_key"))
        .values(unit=sa.bindparam("unit"))
    )
    chunk = (
        sa.select(articles.c.id, suggestions.c.record)
        .join(suggestions, suggestions.c.id == articles.c.suggestion_id)
        .where(articles.c.id > sa.bindparam("last"))
        .order_by(articles.c.id)
        .limit(_CHUNK)
    )
    connection = op.get_bind()
    last = ""
    while True:
        rows = connection.execute(chunk, {"last": last}).all()
        found = [
            {"at_id": row.id, "at_key": official["name"], "unit": official["unit"]}
            for row in rows
            for official in row.record["officials"]
            if official.get("unit")
        ]
        if found:
            connection.execute(change, found)
        if len(rows) < _CHUNK:
            return
        last = rows[-1].id


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_column("tags", "unit")
