"""The tables of the store. Suggestions, decisions and history only ever grow.

``articles`` and ``tags`` are what a list needs at once: the newest text, and the current state of
every tag. Both follow from the rows that only grow, and are rewritten in the transaction that adds one.
A change here needs a revision in ``desk/migrations/versions``; ``tests/test_store.py`` compares the two.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")

# Moments are ISO 8601 strings in UTC, which sort as they stand and read the same in every database.
MOMENT = String(32)
ARTICLE_ID = String(200)
NAME = String(80)
KEY = String(300)

articles = Table(
    "articles",
    metadata,
    Column("id", ARTICLE_ID, primary_key=True),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("published", Date),
    Column("source", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("search_key", Text, nullable=False),
    Column("added_at", MOMENT, nullable=False),
    Column("changed_at", MOMENT, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("suggestion_id", Integer),
    Column("primary_topic", KEY),
    Column("doubt", Float, nullable=False),
    Column("doubt_reason", String(32), nullable=False),
    Column("is_assessed", Boolean, nullable=False),
    Index("ix_articles_state_doubt", "state", "doubt", "id"),
    Index("ix_articles_published", "published"),
    Index("ix_articles_is_assessed", "is_assessed"),
)
"""``digest`` tells the text apart from an earlier one under the same id; ``revision`` counts changes."""

suggestions = Table(
    "suggestions",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("article_id", ARTICLE_ID, ForeignKey("articles.id"), nullable=False),
    Column("model", KEY, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("record", JSON, nullable=False),
    UniqueConstraint("article_id", "model", "digest"),
)
"""What a model said of a text, as ``nlp.records`` writes it, without the text."""

tags = Table(
    "tags",
    metadata,
    Column("article_id", ARTICLE_ID, ForeignKey("articles.id"), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("key", KEY, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("label", KEY, nullable=False),
    Column("search_key", KEY, nullable=False),
    Column("detail", Text, nullable=False),
    Column("score", Float),
    Column("band", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("unit", KEY, nullable=False, server_default=""),
    Index("ix_tags_kind_key", "kind", "key", "state", "article_id"),
)
"""``detail`` is an official's posts or a place's province, ``unit`` the code of an official's first post's unit
or ""; ``score`` is null where a person added the tag."""

decisions = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("article_id", ARTICLE_ID, ForeignKey("articles.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("action", String(16), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("key", KEY, nullable=False),
    Column("value", JSON, nullable=False),
    Column("reason", String(16), nullable=False),
    Column("user", NAME, nullable=False),
    Column("model", KEY, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("at", MOMENT, nullable=False),
    UniqueConstraint("article_id", "revision"),
    Index("ix_decisions_at", "at"),
)
"""``model`` made the suggestion that was decided on, ``digest`` is the text it was decided for."""

history = Table(
    "history",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", MOMENT, nullable=False),
    Column("user", NAME, nullable=False),
    Column("article_id", ARTICLE_ID, nullable=False),
    Column("action", String(16), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("key", KEY, nullable=False),
    Column("reason", String(16), nullable=False),
    Column("model", KEY, nullable=False),
    Index("ix_history_article_id", "article_id"),
    Index("ix_history_at", "at"),
)
"""Who did what to which article, when; ``user`` is "" where a model did it."""

users = Table(
    "users",
    metadata,
    Column("name", NAME, primary_key=True),
    Column("role", String(16), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("created_at", MOMENT, nullable=False),
    Column("disabled_at", MOMENT),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("name", NAME, primary_key=True),
    Column("role", String(16), nullable=False),
    Column("key_hash", String(64), nullable=False, unique=True),
    Column("created_at", MOMENT, nullable=False),
    Column("revoked_at", MOMENT),
)

secrets = Table(
    "secrets",
    metadata,
    Column("name", NAME, primary_key=True),
    Column("value", Text, nullable=False),
)
"""What signs sessions; made once a store."""

revisions = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32)),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""What Alembic notes a database's revision in: its own table, which our revisions don't make."""


def now() -> str:
    """This moment as the store writes it: UTC, to the microsecond, so that moments sort."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def clean(text: str) -> str:
    """A text that every database takes, in which each character still stands where it stood.

    PostgreSQL takes no NUL, and no database a lone surrogate; both become U+FFFD.
    """
    return _NOT_STORABLE.sub("\N{REPLACEMENT CHARACTER}", text)
