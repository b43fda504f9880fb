"""The record of which posts are tied to a name, and the words that may stand before one."""

from __future__ import annotations

from dataclasses import dataclass, field

from nlp.officials.namelists import HONORIFIC, Name
from nlp.officials.positions import Post

TITLES = rf"(?:{HONORIFIC}[\s.,:]+)"
"""One honorific, rank or degree, with what parts it from the name."""


@dataclass(slots=True)
class Bond:
    """The posts tied to one occurrence of a name."""

    name: Name
    before: list[Post] = field(default_factory=list)
    after: list[Post] = field(default_factory=list)
    told: list[Post] = field(default_factory=list)

    @property
    def posts(self) -> list[Post]:
        """All posts: those beside the name in the order of the text, then those told farther off."""
        return [*self.before, *self.after, *self.told]
