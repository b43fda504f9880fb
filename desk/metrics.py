"""Figures for Prometheus."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import Scope

    from desk.tagging import Tagging

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# Around what the desk promises: tags within 250 ms.
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """Counters of one desk, apart from those of any other in the process."""

    def __init__(self, tagging: Tagging) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._requests = Counter(
            "thetin_requests", "Requests answered.", ("method", "route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "thetin_request_seconds",
            "Time from a request's first byte to its answer's last.",
            ("route",),
            buckets=_BUCKETS,
            registry=self._registry,
        )
        tagged = Gauge("thetin_articles_tagged", "Articles tagged for requests.", registry=self._registry)
        tagged.set_function(lambda: tagging.n_tagged)
        model = Gauge("thetin_model_info", "The model in use.", ("model",), registry=self._registry)
        self._tagging, self._model = tagging, model

    def count(self, scope: Scope, status: int, seconds: float) -> None:
        """Count one request. Routes, not paths, are told apart, so that labels stay few."""
        route = getattr(scope.get("route"), "path", "other")
        method = scope["method"] if scope["method"] in ("GET", "HEAD", "POST") else "other"
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """All figures in Prometheus' text format."""
        from prometheus_client import generate_latest

        self._model.clear()
        self._model.labels(self._tagging.model).set(1)
        return generate_latest(self._registry)
