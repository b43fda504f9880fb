"""The desk's pages: which routes there are, how somebody signs in, and how an error looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from desk import views_article, views_paste, views_queue
from desk.access import current_session
from desk.problems import request_id, status_of
from desk.rates import host_of
from desk.render import Posted, Reader, render, words_of
from nlp.errors import RateError, SignInError

if TYPE_CHECKING:
    from fastapi import FastAPI

router = APIRouter(include_in_schema=False)
for _views in (views_queue, views_paste, views_article):
    router.routes.extend(_views.router.routes)


@router.get("/login")
async def show_login(request: Request) -> Response:
    """Show the door; whoever is in already goes on."""
    if await current_session(request):
        return RedirectResponse(_inside(request.query_params.get("next", "/")), 303)
    return _login(request)


# Sync, so that the slow check of the password runs in a thread. A form that signs in carries no token:
# there is no session yet, and the cookie's SameSite keeps a foreign page from using one.
@router.post("/login")
def login(
    request: Request, name: Annotated[str, Form()] = "", password: Annotated[str, Form()] = ""
) -> Response:
    """Open a session for whoever knows the password."""
    t = words_of(request)
    try:
        session = request.app.state.door.sign_in(host_of(request.scope), name, password)
    except RateError:
        return _login(request, name=name, alert=t("login.slow"), status=status_of(RateError()))
    except SignInError:
        return _login(request, name=name, alert=t("login.wrong"), status=422)
    response = RedirectResponse(_inside(request.query_params.get("next", "/")), 303)
    request.app.state.sessions.remember(request, response, session)
    return response


@router.post("/logout")
async def logout(request: Request, session: Reader, form: Posted) -> Response:
    """End the session in this browser."""
    response = RedirectResponse("/login", 303)
    request.app.state.sessions.forget(response)
    return response


def install(app: FastAPI) -> None:
    """Have an application tell errors of pages by pages."""
    app.state.render_error = render_error


def render_error(request: Request, status: int, kind: str, detail: str) -> Response:
    """An error as a page: what happened and what to do in the reader's language, the details below."""
    # Who sent a header that is no good gets no further at the door, which would only send them back here.
    is_lost = request.method == "GET" and "Authorization" not in request.headers
    if status == status_of(SignInError()) and is_lost:
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/login?next={quote(here, safe='')}", 303)
    return render(
        request, "error.html", status=status, code=status, detail=detail, request_id=request_id(request)
    )


def _login(request: Request, *, name: str = "", alert: str = "", status: int = 200) -> Response:
    return render(request, "login.html", status=status, name=name, alert=alert)


def _inside(address: str) -> str:
    r"""An address of this desk; whatever a browser might take for another site's leads to the queue.

    >>> _inside("/articles/a?topic=reform"), _inside("//evil.example"), _inside("/\\evil.example")
    ('/articles/a?topic=reform', '/', '/')
    """
    is_path = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if is_path else "/"
