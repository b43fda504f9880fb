"""Who holds which post of which unit, in one article and over many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlp.doors import door

if TYPE_CHECKING:
    from nlp.officials.finder import OfficialFinder

__all__ = ["OfficialFinder"]

__getattr__ = door(__name__, dict.fromkeys(__all__, "nlp.officials.finder"))
