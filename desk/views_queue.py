"""The pages that list: the queue, the register of officials, the log, the figures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from desk import batches, history, queue, register, statistics
from desk.access import store_of, tagging_of
from desk.charts import charts_of
from desk.filters import filter_of, query_of
from desk.paging import Page
from desk.render import Posted, Reader, render
from desk.schema import now
from nlp.topicnames import topic_names

router = APIRouter(include_in_schema=False)

_PEOPLE_A_PAGE = 25
_EVENTS_A_PAGE = 100


@router.get("/")
def show_queue(request: Request, session: Reader) -> Response:
    """List articles, those that wait first, by falling doubt."""
    wanted = filter_of(request.query_params)
    shown_at = now()
    page = queue.search(store_of(request), wanted)
    batch = request.query_params.get("batch", "")
    return render(
        request,
        "queue.html",
        page=page,
        wanted=wanted,
        query=query_of(wanted),
        pages=_around(wanted, page),
        topics=_topics(request),
        shown_at=shown_at,
        clear=batches.count_clear(store_of(request), wanted) if page.items else 0,
        batch=batch,
        finished=batches.count_finished(store_of(request), batch) if batch else 0,
        progress=queue.progress(store_of(request), wanted) if wanted.state == "waiting" else None,
    )


@router.post("/clear")
def finish_clear(request: Request, session: Reader, form: Posted) -> Response:
    """Finish the clear articles of a filter, those that are as they were shown."""
    wanted, shown_at = filter_of(request.query_params), str(form.get("shown_at", ""))
    moment = batches.finish_clear(store_of(request), wanted, session.user.name, shown_at)
    return RedirectResponse("/?" + query_of(wanted, batch=moment), 303)


@router.post("/clear/undo")
def undo_clear(request: Request, session: Reader, form: Posted) -> Response:
    """Take back what was finished together."""
    is_reviewer, moment = session.user.may("reviewer"), str(form.get("batch", ""))
    batches.undo(store_of(request), moment, session.user.name, is_reviewer=is_reviewer)
    return RedirectResponse("/?" + query_of(filter_of(request.query_params)), 303)


@router.get("/officials")
def show_officials(request: Request, session: Reader) -> Response:
    """List officials with their posts over time."""
    wanted = filter_of(request.query_params, state="all")
    page = register.officials(store_of(request), wanted.text, page=wanted.page, per_page=_PEOPLE_A_PAGE)
    return render(
        request,
        "officials.html",
        page=page,
        wanted=wanted,
        pages=_around(replace(wanted, state="waiting"), page),
    )


@router.get("/log")
def show_log(request: Request, session: Reader) -> Response:
    """List who did what, the newest first."""
    wanted = filter_of(request.query_params, per_page=_EVENTS_A_PAGE)
    people_only = request.query_params.get("people") == "1"
    page = history.log(store_of(request), wanted, people_only=people_only)
    return render(
        request,
        "log.html",
        page=page,
        wanted=wanted,
        people_only=people_only,
        exported=query_of(_of_log(wanted), people_only="true" if people_only else ""),
        pages=_around(wanted, page, people="1" if people_only else ""),
        topics=_topics(request),
    )


@router.get("/statistics")
def show_statistics(request: Request, session: Reader) -> Response:
    """Show the figures of what a filter lets through."""
    wanted = filter_of(request.query_params, state="all")
    overview = statistics.overview(store_of(request), wanted)
    return render(
        request,
        "statistics.html",
        overview=overview,
        charts=charts_of(overview),
        wanted=wanted,
        query=query_of(wanted),
        topics=_topics(request),
    )


def _of_log(wanted: queue.Filter) -> queue.Filter:
    """The fields of a filter that play a part in the log; its API refuses the others."""
    return queue.Filter(topic=wanted.topic, since=wanted.since, until=wanted.until, text=wanted.text)


def _topics(request: Request) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*tagging_of(request).topics, *topic_names())))


def _around(wanted: queue.Filter, at: Page[Any], **more: str) -> dict[str, str]:
    """The addresses of the pages before and after, "" where there is none."""
    return {
        "before": "?" + query_of(wanted, page=at.page - 1, **more) if at.page > 1 else "",
        "after": "?" + query_of(wanted, page=at.page + 1, **more) if at.page < at.pages else "",
    }
