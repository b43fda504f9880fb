"""Lists that come page by page: the queue, the register of officials, the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

MAX_PER_PAGE = 200

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Some of the items of a list; ``total`` counts them all."""

    items: tuple[T, ...]
    total: int
    page: int
    per_page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.per_page))


@dataclass(frozen=True, slots=True)
class Window:
    """Which items a page shows, whatever was asked for: pages count from 1 and have a largest size.

    >>> window = Window(page=0, per_page=1000)
    >>> window.page, window.per_page, window.offset
    (1, 200, 0)
    """

    page: int
    per_page: int

    def __post_init__(self) -> None:
        """Bring both into their ranges."""
        object.__setattr__(self, "page", max(self.page, 1))
        object.__setattr__(self, "per_page", min(max(self.per_page, 1), MAX_PER_PAGE))

    @property
    def offset(self) -> int:
        """How many items stand before the page."""
        return (self.page - 1) * self.per_page

    def of(self, items: Sequence[T], total: int) -> Page[T]:
        """The page with its items."""
        return Page(items=tuple(items), total=total, page=self.page, per_page=self.per_page)
