"""Who holds which post of which unit, in one article and over many."""

from nlp.officials.finder import OfficialFinder

__all__ = ["OfficialFinder"]
