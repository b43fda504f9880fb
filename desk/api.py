"""The HTTP API for a CMS and for the desk's own pages, under /api/v1; docs/api.md shows it in use."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from desk import decisions, queue
from desk.access import Editor, store_of, tagged, tagging_of
from desk.bodies import articles_of, articles_of_file
from desk.paging import Page
from desk.problems import PROBLEM
from desk.queue import QueueItem
from desk.shapes import (
    ArticleIn,
    ArticleOut,
    ArticlesIn,
    DecisionsIn,
    FilterIn,
    ProblemOut,
    RejectOut,
    StoredOut,
    TaggedOut,
    article_out,
)
from nlp.errors import ReadError, UnsupportedFormatError
from nlp.records import to_record
from nlp.types import Article, Reject, Tags

PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": words, "model": ProblemOut, "content": {PROBLEM: {}}}
    for status, words in (
        (400, "Not understood"),
        (401, "Nobody is signed in"),
        (403, "Not allowed, or no CSRF token"),
        (404, "No such article"),
        (408, "Sent too slowly"),
        (409, "Somebody changed the article"),
        (413, "Too large"),
        (415, "No known format"),
        (422, "Not acceptable"),
        (429, "Too many requests"),
        (503, "The database or the model does not answer"),
    )
}
router = APIRouter(prefix="/api/v1", responses=PROBLEMS)

_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "oneOf": [
                        {"$ref": "#/components/schemas/ArticlesIn"},
                        {"$ref": "#/components/schemas/ArticleIn"},
                    ]
                }
            },
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"file": {"type": "string", "format": "binary"}},
                    "required": ["file"],
                }
            },
        },
    }
}


@router.post("/tag", response_model=TaggedOut, openapi_extra=_BODY, operation_id="tag")
async def tag(request: Request, session: Editor) -> JSONResponse:
    """Tag one or up to 100 articles, or the articles of a file, and keep nothing."""
    given, with_text = await _articles_in(request)
    found = await tagged(request, given)
    tags = [item for item in found if isinstance(item, Tags)]
    return JSONResponse(
        {
            "model": tagging_of(request).model,
            "records": [to_record(each, with_text=with_text) for each in tags],
            "rejects": _rejects(found),
        }
    )


@router.post(
    "/articles", status_code=201, response_model=StoredOut, openapi_extra=_BODY, operation_id="add_articles"
)
async def add_articles(request: Request, session: Editor) -> JSONResponse:
    """Tag articles and keep them, for editors to decide on. The same article twice is kept once."""
    given, _ = await _articles_in(request)
    found = await tagged(request, given)
    tags = [item for item in found if isinstance(item, Tags)]

    def keep() -> None:
        """Weigh the doubts and write all of it, in a thread that may wait."""
        probes = tagging_of(request).probes([each.article for each in tags])
        store_of(request).save_tags(tags, probes=probes)

    await run_in_threadpool(keep)
    body = {
        "model": tagging_of(request).model,
        "ids": [each.article.id for each in tags],
        "rejects": _rejects(found),
    }
    return JSONResponse(body, status_code=201)


@router.get("/articles", operation_id="list_articles")
def list_articles(request: Request, session: Editor, wanted: Annotated[FilterIn, Query()]) -> Page[QueueItem]:
    """List articles, the most doubtful first."""
    return queue.search(store_of(request), wanted.filter())


# Before the route below, whose path would swallow it: an article's id may hold slashes.
@router.post("/articles/{article_id:path}/decisions", response_model=ArticleOut, operation_id="decide")
def decide(request: Request, session: Editor, article_id: str, body: DecisionsIn) -> ArticleOut:
    """Decide on an article's tags, or finish it. 409 means that somebody changed it: load it again."""
    store = store_of(request)
    decisions.decide(
        store,
        article_id,
        [each.made_by(session.user.name) for each in body.decisions],
        body.revision,
        topics=tagging_of(request).topics,
        is_reviewer=session.user.may("reviewer"),
    )
    return article_out(decisions.view(store, article_id))


@router.get("/articles/{article_id:path}", response_model=ArticleOut, operation_id="get_article")
def get_article(request: Request, session: Editor, article_id: str) -> ArticleOut:
    """One article with its tags, each with its state."""
    return article_out(decisions.view(store_of(request), article_id))


async def _articles_in(request: Request) -> tuple[list[Article | Reject], bool]:
    """The articles that a request brings, and whether it wants their text back.

    Raises:
        UnsupportedFormatError: The body is neither JSON nor a form with a file.
        ReadError: The body is not what its type says, or the file holds no articles.
    """
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        async with request.form(max_files=1, max_fields=10) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile):
                raise ReadError("the form has no file; name its field 'file'")
            name, content = file.filename or "", await file.read()
        return await run_in_threadpool(articles_of_file, name, content), False
    if kind != "application/json":
        raise UnsupportedFormatError("send application/json, or a file as multipart/form-data")
    try:
        given = json.loads(await request.body())
    except (ValueError, RecursionError) as error:
        raise ReadError(f"the body is no JSON: {error}") from None
    parsed = _parse(given)
    if isinstance(parsed, ArticleIn):
        return await run_in_threadpool(articles_of, [parsed]), False
    return await run_in_threadpool(articles_of, parsed.articles), parsed.with_text


def _parse(given: object) -> ArticlesIn | ArticleIn:
    from fastapi.exceptions import RequestValidationError
    from pydantic import ValidationError

    shape = ArticlesIn if isinstance(given, dict) and "articles" in given else ArticleIn
    try:
        return shape.model_validate(given)
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_url=False, include_context=False)) from None


def _rejects(found: Sequence[Tags | Reject]) -> list[dict[str, Any]]:
    return [
        RejectOut(number=number, id=item.id, reason=item.reason).model_dump()
        for number, item in enumerate(found, 1)
        if isinstance(item, Reject)
    ]
