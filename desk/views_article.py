"""The page of one article: its text with the evidence in it, its tags, and what an editor decides."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from desk import decisions, queue
from desk.access import store_of, tagging_of
from desk.cards import cards_of, day_of, marked_text
from desk.filters import article_url, filter_of, query_of
from desk.problems import status_of
from desk.render import Posted, Reader, is_fragment, render, words_of
from desk.submitted import decisions_of
from desk.units import units_named
from desk.words import Words
from nlp.errors import AccessError, ConflictError, DecisionError, StoreError

router = APIRouter(include_in_schema=False)

# Titles are one line; a first line that is longer is no title but a text without one.
_LONGEST_TITLE = 250


@router.get("/articles/{article_id:path}")
def article(request: Request, session: Reader, article_id: str) -> Response:
    """Show an article."""
    return _page(request, article_id)


# A sync route runs in a thread, where the database may be waited for.
@router.post("/articles/{article_id:path}/decisions")
def decide(request: Request, session: Reader, form: Posted, article_id: str) -> Response:
    """Take what a form says, and show the article as it stands then, or the next one when it is done."""
    store = store_of(request)
    wanted = filter_of(request.query_params)
    t = words_of(request)
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    following = queue.neighbour(store, wanted, article_id)
    view = decisions.view(store, article_id)
    try:
        made = decisions_of(fields, view, day_of(view), session.user.name)
        decisions.decide(
            store,
            article_id,
            made,
            int(fields["revision"]) if fields.get("revision", "").isdecimal() else -1,
            topics=tagging_of(request).topics,
            is_reviewer=session.user.may("reviewer"),
        )
    except ConflictError as error:
        return _page(request, article_id, alert=t("article.conflict"), status=status_of(error))
    except (DecisionError, AccessError, StoreError) as error:
        said = _refusal(t, fields.get("action", ""), error)
        return _page(request, article_id, alert=said, status=status_of(error))
    action = made[0].action if len(made) == 1 else "accept-all"
    if action == "done":
        return RedirectResponse(
            article_url(following, query_of(wanted)) if following else "/?" + query_of(wanted), 303
        )
    if not is_fragment(request):
        return RedirectResponse(article_url(article_id, query_of(wanted)) + "#tags", 303)
    label = fields.get("label") or fields.get("name") or ""
    return _page(request, article_id, said=t(f"said.{action}", tag=label, count=len(made)).strip())


def _refusal(t: Words, action: str, error: Exception) -> str:
    """Why nothing was written, in the reader's words where an editor can come upon it."""
    if isinstance(error, AccessError):
        return t("article.refused_access")
    if isinstance(error, DecisionError) and action in ("undo", "accept-all"):
        return t(f"article.refused_{action}")
    if isinstance(error, DecisionError) and action in ("add", "mend"):
        return t("article.refused_fields")
    return t("article.refused", detail=str(error))


def _page(
    request: Request, article_id: str, *, said: str = "", alert: str = "", status: int = 200
) -> Response:
    store = store_of(request)
    tagging = tagging_of(request)
    wanted = filter_of(request.query_params)
    view = decisions.view(store, article_id, explain=tagging.explain)
    cards = cards_of(view, tagging.topics)
    text = marked_text(view.text, cards)
    first = view.text.split("\n", 1)[0]
    has_title = len(first) <= _LONGEST_TITLE and len(text) > 1
    find = request.query_params.get("find", "")[:100]
    return render(
        request,
        "_article.html" if is_fragment(request) else "article.html",
        status=status,
        view=view,
        cards=cards,
        title=view.article.title or (first if has_title else view.article.id),
        headline=text[0] if has_title else None,
        text=text[1:] if has_title else text,
        query=query_of(wanted),
        following=queue.neighbour(store, wanted, article_id),
        find=find,
        found=units_named(find, day_of(view)),
        said=said,
        alert=alert,
    )
