"""What an article is about, how sure that is, and which sentences say so."""

from nlp.topics.classifier import TopicClassifier

__all__ = ["TopicClassifier"]
