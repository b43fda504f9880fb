"""Where a text names provinces, districts and communes, and which units they are."""

from nlp.places.finder import PlaceFinder

__all__ = ["PlaceFinder"]
