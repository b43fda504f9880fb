"""The page where an editor pastes a text or sends a file and sees its tags at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from desk.access import store_of, tagged, tagging_of
from desk.bodies import articles_of, articles_of_file
from desk.cards import cards_of, marked_text
from desk.decisions import ArticleView
from desk.filters import article_url
from desk.render import Posted, Reader, is_fragment, render, words_of
from desk.shapes import MAX_CHARACTERS, ArticleIn
from desk.state import suggested
from desk.words import Words
from nlp.errors import EmptyArticleError, ReadError, UnsupportedFormatError
from nlp.records import to_record
from nlp.types import Article, Reject, Tags

if TYPE_CHECKING:
    from collections.abc import Sequence

router = APIRouter(include_in_schema=False)


@router.get("/paste")
def show_paste(request: Request, session: Reader) -> Response:
    """Show the empty form."""
    return _page(request)


@router.post("/paste")
async def paste(request: Request, session: Reader, form: Posted) -> Response:
    """Tag what was pasted or sent; keep it if the button says so."""
    text = str(form.get("text", ""))
    try:
        found = await tagged(request, await run_in_threadpool(_articles, form))
    except ReadError as error:
        return _page(request, text=text, alert=_refusal(words_of(request), error), status=422)
    tags = [item for item in found if isinstance(item, Tags)]
    if form.get("action") != "keep":
        return await run_in_threadpool(_page, request, text=text, tags=tags, found=found)
    await run_in_threadpool(store_of(request).save_tags, tags)
    if len(tags) == 1:
        return RedirectResponse(article_url(tags[0].article.id), 303)
    return _page(request, tags=tags, found=found, is_kept=True)


def _articles(form: FormData) -> Sequence[Article | Reject]:
    """What a form brings, a file before a text.

    Raises:
        ReadError: There is nothing in it, or nothing that can be read.
    """
    file = form.get("file")
    if isinstance(file, UploadFile) and file.filename:
        return articles_of_file(file.filename, file.file.read())
    text = str(form.get("text", ""))
    if not text.strip():
        raise EmptyArticleError("nothing was pasted and no file was chosen")
    if len(text) > MAX_CHARACTERS:
        raise ReadError(f"the text has more than {MAX_CHARACTERS} characters")
    found = articles_of([ArticleIn(text=text)])
    if isinstance(found[0], Reject):
        raise ReadError(found[0].reason)
    return found


def _refusal(t: Words, error: ReadError) -> str:
    if isinstance(error, EmptyArticleError):
        return t("paste.nothing")
    if isinstance(error, UnsupportedFormatError):
        return t("paste.no_format")
    return t("paste.unread", detail=str(error))


def _page(  # noqa: PLR0913 - what the page may show
    request: Request,
    *,
    text: str = "",
    tags: Sequence[Tags] = (),
    found: Sequence[Tags | Reject] = (),
    alert: str = "",
    is_kept: bool = False,
    status: int = 200,
) -> Response:
    previews = [_preview(request, each) for each in tags]
    return render(
        request,
        "_preview.html" if is_fragment(request) else "paste.html",
        status=status,
        text=text,
        previews=previews,
        rejects=[item for item in found if isinstance(item, Reject)],
        alert=alert,
        is_kept=is_kept,
    )


def _preview(request: Request, tags: Tags) -> dict[str, object]:
    """An article that nobody keeps yet, laid out as if it stood in the store."""
    tagging = tagging_of(request)
    views = suggested(tags)
    topics = tuple(view for view in views if view.kind == "topic")
    view = ArticleView(
        article=tags.article,
        record=to_record(tags),
        topics=topics,
        officials=tuple(view for view in views if view.kind == "official"),
        places=tuple(view for view in views if view.kind == "place"),
        primary=tags.primary,
        terms={tag.key: tagging.explain(tags.article.text, tag.key) for tag in topics},
        state="waiting",
        doubt=0.0,
        reason="",
        revision=0,
        model=tags.model,
        history=(),
    )
    cards = cards_of(view, ())
    return {"view": view, "cards": cards, "text": marked_text(view.text, cards)}
