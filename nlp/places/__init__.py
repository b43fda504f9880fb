"""Where a text names provinces, districts and communes, and which units they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlp.doors import door

if TYPE_CHECKING:
    from nlp.places.finder import PlaceFinder

__all__ = ["PlaceFinder"]

__getattr__ = door(__name__, dict.fromkeys(__all__, "nlp.places.finder"))
