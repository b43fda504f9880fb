"""Puts the desk together: store, tagger, sessions, limits, the API and the pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from anyio import to_thread
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from sqlalchemy import text

from desk import api, api_reports, pages, problems
from desk.access import current_session
from desk.accounts import Accounts
from desk.limits import Limits
from desk.login import Door
from desk.metrics import CONTENT_TYPE, Metrics
from desk.rates import Rates
from desk.security import Sessions, check_role
from desk.settings import SAMPLE, Settings, is_loopback
from desk.store import Store
from desk.tagging import Tagging
from nlp import __version__
from nlp.errors import AccessError

if TYPE_CHECKING:
    from nlp.types import Article

STATIC = Path(__file__).resolve().parent / "static"
# Requests worked on at the same time. Two cores do no more with more of them, and each holds a database
# connection with its cache.
THREADS = 16
OPENAPI = "/api/v1/openapi.json"


def create_app(settings: Settings) -> FastAPI:
    """Build the desk's application.

    Raises:
        StoreError: The database can't be opened.
        ModelError: There is no model. One that turns out to be broken ends ``tagging.loading`` with the error.
        AccessError: The desk is to be reachable from other machines, but has no accounts.
    """
    store = Store.open(settings.database)
    accounts = Accounts(store)
    if not settings.is_loopback and not accounts.exist():
        store.close()
        raise AccessError(
            f"on {settings.host} other machines reach the desk, so it needs accounts; "
            "make one first: serve.py --add-user NAME --role administrator"
        )
    tagging = Tagging(settings.model, store)
    metrics = Metrics(tagging)
    rates = Rates(settings.requests_per_second)
    app = FastAPI(
        title="thetin",
        description="Tags Vietnamese government news: topics, officials, places.",
        version=__version__,
        openapi_url=OPENAPI,
        # The ready-made pages load scripts from other hosts.
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan,
    )
    app.state.settings = settings
    app.state.store = store
    app.state.accounts = accounts
    app.state.sessions = Sessions(store, accounts, is_loopback=settings.is_loopback)
    app.state.door = Door(accounts, app.state.sessions)
    app.state.tagging = tagging
    app.state.metrics = metrics
    app.state.rates = rates
    app.add_middleware(Limits, settings=settings, rates=rates, metrics=metrics)
    _add_routes(app)
    return app


async def healthz(request: Request) -> Response:
    """Whether the desk can do its work: the tagger runs and the database answers."""
    from starlette.concurrency import run_in_threadpool

    def ask() -> None:
        """Fail where the database does not answer."""
        with request.app.state.store.reading() as connection:
            connection.execute(text("SELECT 1"))

    request.app.state.tagging.check()
    await run_in_threadpool(ask)
    return JSONResponse({"status": "ok", "model": request.app.state.tagging.model})


async def prometheus(request: Request) -> Response:
    """Figures; other machines need an administrator's key to read them."""
    if not is_loopback(request.client.host if request.client else ""):
        check_role(await current_session(request), "administrator")
    return Response(request.app.state.metrics.text(), media_type=CONTENT_TYPE)


def sample_articles() -> list[Article]:
    """The articles of ``data/sample``; they may be tried out and thrown away."""
    from nlp.readers.sources import read_articles

    return list(read_articles(SAMPLE))


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    to_thread.current_default_thread_limiter().total_tokens = THREADS
    if app.state.settings.sample:
        app.state.store.add_articles(sample_articles())
    app.state.tagging.start()
    yield
    app.state.tagging.stop()
    app.state.store.close()


def _add_routes(app: FastAPI) -> None:
    problems.install(app)
    app.add_api_route("/healthz", healthz, include_in_schema=False)
    app.add_api_route("/metrics", prometheus, include_in_schema=False)
    # To include the routers would take their routes apart a second time, when the first request comes.
    for router in (api.router, api_reports.router, pages.router):
        app.router.routes.extend(router.routes)
    pages.install(app)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
