"""What an article is about, how sure that is, and which sentences say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlp.doors import door

if TYPE_CHECKING:
    from nlp.topics.classifier import TopicClassifier

__all__ = ["TopicClassifier"]

__getattr__ = door(__name__, dict.fromkeys(__all__, "nlp.topics.classifier"))
