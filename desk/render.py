"""Pages as responses: templates filled in the reader's language, every value escaped."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from starlette.datastructures import FormData

from desk.access import current_session
from desk.doubt import degree
from desk.filters import article_url
from desk.security import CSRF_FIELD, Session, check_csrf, check_role
from desk.words import LANGUAGES, Words, words

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).resolve().parent / "templates"
FRAGMENT_HEADER = "X-Fragment"
"""Sent by the pages' own script, which puts a part of a page in the place of an older one."""
_LANGUAGE_COOKIE = "thetin_language"
_YEAR_S = 365 * 24 * 3600


async def page_session(request: Request) -> Session:
    """Who looks at a page; whoever is not signed in is led to the door by ``desk.pages.render_error``."""
    return check_role(await current_session(request), "editor")


async def posted(request: Request) -> AsyncIterator[FormData]:
    """A form's fields, once it is sure that a page of ours sent them; its files go with the request."""
    session = await page_session(request)
    async with request.form(max_files=1, max_fields=50) as form:
        check_csrf(request, session, str(form.get(CSRF_FIELD, "")))
        yield form


Reader = Annotated[Session, Depends(page_session)]
"""A parameter of this type is the session of whoever looks at a page."""
Posted = Annotated[FormData, Depends(posted)]
"""A parameter of this type is a form that a page of ours sent."""


def is_fragment(request: Request) -> bool:
    """Whether the pages' script asks for a part of a page."""
    return FRAGMENT_HEADER in request.headers


def words_of(request: Request) -> Words:
    """The words of the language that the address or the cookie asks for."""
    asked = request.query_params.get("lang") or request.cookies.get(_LANGUAGE_COOKIE, "")
    return words(asked if asked in LANGUAGES else LANGUAGES[0])


def render(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:  # noqa: ANN401
    """Fill a template.

    Args:
        request: The page's request; its session and language go into the template.
        template: A file of ``desk/templates``.
        status: The response's status.
        **values: What the template shows.
    """
    session: Session | None = getattr(request.state, "session", None)
    t = words_of(request)
    other = next(language for language in LANGUAGES if language != t.language)
    query = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    html = (
        _environment()
        .get_template(template)
        .render(
            t=t,
            session=session,
            csrf=session.csrf if session else "",
            is_open=request.app.state.sessions.are_open,
            path=request.url.path,
            other_language=other,
            other_url="?" + urlencode([*query, ("lang", other)]),
            **values,
        )
    )
    response = HTMLResponse(html, status_code=status)
    if session and session.is_new:
        request.app.state.sessions.remember(request, response, session)
    if request.query_params.get("lang") in LANGUAGES:
        response.set_cookie(_LANGUAGE_COOKIE, t.language, max_age=_YEAR_S, httponly=True, samesite="lax")
    return response


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )
    environment.globals["article_url"] = article_url
    environment.globals["degree"] = degree
    return environment
