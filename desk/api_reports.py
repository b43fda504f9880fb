"""The API's reports: exports, statistics, the register of officials, the log, the topics."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from desk import export, history, register, statistics
from desk.access import Editor, store_of
from desk.api import PROBLEMS
from desk.history import Event
from desk.paging import Page
from desk.queue import Filter
from desk.register import RegisterEntry
from desk.shapes import ExportIn, FilterIn, LogIn, RegisterIn
from desk.statistics import Overview
from nlp.corpus import topic_names

router = APIRouter(prefix="/api/v1", responses=PROBLEMS)
_CHUNK_BYTES = 1 << 16
_FILES: dict[int | str, dict[str, Any]] = {
    200: {"description": "A file", "content": {kind: {} for kind in export.MEDIA_TYPES.values()}}
}


@router.get("/export", response_class=StreamingResponse, responses=_FILES, operation_id="export")
def export_articles(
    request: Request, session: Editor, wanted: Annotated[ExportIn, Query()]
) -> StreamingResponse:
    """The records of what a filter lets through, as they stand after all decisions."""
    stream = export.write(store_of(request), wanted.filter(), wanted.format)
    return StreamingResponse(
        _pieces(stream),
        media_type=export.MEDIA_TYPES[wanted.format],
        headers={"Content-Disposition": f'attachment; filename="thetin.{wanted.format}"'},
    )


@router.get("/statistics", operation_id="statistics")
def get_statistics(request: Request, session: Editor, wanted: Annotated[FilterIn, Query()]) -> Overview:
    """Topics by month, places, acceptance by topic and model, agreement between editors, drift."""
    return statistics.overview(store_of(request), wanted.filter())


@router.get("/officials", operation_id="officials")
def get_officials(
    request: Request, session: Editor, wanted: Annotated[RegisterIn, Query()]
) -> Page[RegisterEntry]:
    """Officials with their posts over time, those named in most articles first."""
    return register.officials(store_of(request), wanted.text, page=wanted.page, per_page=wanted.per_page)


@router.get("/log", operation_id="log")
def get_log(request: Request, session: Editor, wanted: Annotated[LogIn, Query()]) -> Page[Event]:
    """Who did what when, the newest first."""
    wanted_events = Filter(**wanted.model_dump(exclude={"people_only"}))
    return history.log(store_of(request), wanted_events, people_only=wanted.people_only)


@router.get("/topics", operation_id="topics")
def get_topics(request: Request, session: Editor) -> dict[str, dict[str, str]]:
    """The topics that the model in use tags, with their names in Vietnamese and English."""
    names = topic_names()
    return {topic: names.get(topic, {"vi": topic, "en": topic}) for topic in request.app.state.tagging.topics}


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    with stream:
        while piece := stream.read(_CHUNK_BYTES):
            yield piece
