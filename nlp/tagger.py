"""The pipeline on one screen: an article goes in, its tags come out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from nlp.gazetteer import Gazetteer
from nlp.officials.finder import OfficialFinder
from nlp.places.finder import PlaceFinder
from nlp.topics.answers import TopicAnswer
from nlp.topics.classifier import TopicClassifier
from nlp.types import Article, Tags


class Tagger:
    """Topics by a fitted classifier, places and officials by rules over the gazetteer.

    Args:
        topics: A fitted classifier.
        gazetteer: The table of administrative units.
        model: The model folder's name and digest, written into every record.
    """

    def __init__(self, topics: TopicClassifier, gazetteer: Gazetteer, *, model: str) -> None:
        self.topics = topics
        self.model = model
        self._places = PlaceFinder(gazetteer)
        self._officials = OfficialFinder(gazetteer)

    def tag(self, article: Article, *, today: date | None = None) -> Tags:
        """Tag one article; see ``tag_many``."""
        return self.tag_many([article], today=today)[0]

    def tag_many(self, articles: Sequence[Article], *, today: date | None = None) -> list[Tags]:
        """Tag articles, in order. Topics are scored together, so a few hundred at once are fastest.

        Args:
            articles: Any number of articles.
            today: The date by which places are linked where an article tells none; the day of
                the run by default. A job pins it, so that a second run gives the same answer.
        """
        day = today or date.today()
        answers = self.topics.tag([article.text for article in articles])
        return [
            self._assemble(article, answer, day) for article, answer in zip(articles, answers, strict=True)
        ]

    def _assemble(self, article: Article, answer: TopicAnswer, today: date) -> Tags:
        as_of = article.published or today
        dated = article.published is not None
        places = self._places.find(article.text, as_of, source=article.source, dated=dated)
        return Tags(
            article=article,
            as_of=as_of,
            topics=answer.topics,
            primary=answer.primary,
            officials=self._officials.find(article.text, places),
            places=places,
            model=self.model,
        )
