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
from desk.register import RegisterEntry
from desk.shapes import ExportIn, FilterIn, LogExportIn, LogIn, RegisterExportIn, RegisterIn
from desk.sheets import log_sheet, register_sheet
from desk.statistics import Overview
from nlp.topicnames import topic_names

router = APIRouter(prefix="/api/v1", responses=PROBLEMS)
_CHUNK_BYTES = 1 << 16
_FILES: dict[int | str, dict[str, Any]] = {
    200: {"description": "A file", "content": {kind: {} for kind in export.MEDIA_TYPES.values()}}
}
_SHEETS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A file",
        "content": {export.MEDIA_TYPES[written_as]: {} for written_as in ("csv", "xlsx")},
    }
}


@router.get("/export", response_class=StreamingResponse, responses=_FILES, operation_id="export")
def export_articles(
    request: Request, session: Editor, wanted: Annotated[ExportIn, Query()]
) -> StreamingResponse:
    """The records of what a filter lets through, as they stand after all decisions."""
    return _file(export.write(store_of(request), wanted.filter(), wanted.format), "thetin", wanted.format)


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


@router.get(
    "/officials/export",
    response_class=StreamingResponse,
    responses=_SHEETS,
    operation_id="export_officials",
)
def export_officials(
    request: Request, session: Editor, wanted: Annotated[RegisterExportIn, Query()]
) -> StreamingResponse:
    """Officials, one row a person and post, with the columns of ``classify.py --register`` and the place."""
    sheet = register_sheet(register.every_official(store_of(request), wanted.text))
    return _file(export.write_sheet(sheet, wanted.format), "thetin-officials", wanted.format)


@router.get("/log", operation_id="log")
def get_log(request: Request, session: Editor, wanted: Annotated[LogIn, Query()]) -> Page[Event]:
    """Who did what when, the newest first."""
    return history.log(store_of(request), wanted.filter(), people_only=wanted.people_only)


@router.get("/log/export", response_class=StreamingResponse, responses=_SHEETS, operation_id="export_log")
def export_log(
    request: Request, session: Editor, wanted: Annotated[LogExportIn, Query()]
) -> StreamingResponse:
    """The log, one row an event, in Vietnamese; moments are those of Hà Nội."""
    store, events_of = store_of(request), wanted.filter()
    export.check_fits(history.log(store, events_of, people_only=wanted.people_only).total, wanted.format)
    events = history.every_event(store, events_of, people_only=wanted.people_only)
    return _file(export.write_sheet(log_sheet(events), wanted.format), "thetin-log", wanted.format)


@router.get("/topics", operation_id="topics")
def get_topics(request: Request, session: Editor) -> dict[str, dict[str, str]]:
    """The topics that the model in use tags, with their names in Vietnamese and English."""
    names = topic_names()
    return {topic: names.get(topic, {"vi": topic, "en": topic}) for topic in request.app.state.tagging.topics}


def _file(stream: IO[bytes], name: str, written_as: str) -> StreamingResponse:
    return StreamingResponse(
        _pieces(stream),
        media_type=export.MEDIA_TYPES[written_as],
        headers={"Content-Disposition": f'attachment; filename="{name}.{written_as}"'},
    )


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    with stream:
        while piece := stream.read(_CHUNK_BYTES):
            yield piece
