#!/usr/bin/env python3
"""The door of the desk: `serve.py` shows editors what waits, on http://127.0.0.1:8000."""

from __future__ import annotations

import argparse
import gc
import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concurrent.futures import Future

    from desk.settings import Settings

DONE, FAILURE, USAGE, INTERRUPTED = 0, 1, 2, 130
ROLES = ("editor", "reviewer", "administrator")

EPILOG = """\
examples:
  serve.py --sample                               try the desk with ten sample articles
  serve.py --database sqlite:///news.db           over what classify.py --to has written
  serve.py --add-user lan --role reviewer         ask for a password, then add or change the user
  serve.py --add-key cms                          print a new API key, this once
  serve.py --host 0.0.0.0                         for other machines; refused without accounts

exit codes:
  0   stopped, or the account was changed
  1   failure: the message says what to do
  2   usage
  130 interrupted
"""


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="serve.py",
        description="The editors' pages and the HTTP API.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to bind (127.0.0.1: this machine alone)")
    parser.add_argument("--port", type=int, default=8000, metavar="N", help="port (8000; 0: any free one)")
    parser.add_argument(
        "--database", metavar="URL", help="sqlite:///FILE or postgresql://USER@HOST/NAME (sqlite:///desk.db)"
    )
    parser.add_argument("--model", type=Path, metavar="DIR", help="model folder (the shipped one)")
    parser.add_argument("--sample", action="store_true", help="add the sample articles")
    accounts = parser.add_argument_group("accounts (change them and end)")
    what = accounts.add_mutually_exclusive_group()
    what.add_argument("--add-user", metavar="NAME", help="add a user, or set a new password and role")
    what.add_argument("--remove-user", metavar="NAME", help="let a user in no longer")
    what.add_argument("--add-key", metavar="NAME", help="make an API key; one of the same name is replaced")
    what.add_argument("--remove-key", metavar="NAME", help="revoke an API key")
    accounts.add_argument("--role", choices=ROLES, default="editor", help="of the user or key (editor)")
    options = parser.parse_args(arguments)
    if not 0 <= options.port < 1 << 16:
        parser.error("--port takes 0 to 65535")
    return options


def main(arguments: list[str] | None = None) -> int:
    """The door: words and an exit code."""
    options = parse(sys.argv[1:] if arguments is None else arguments)
    from nlp.errors import NlpError

    try:
        return _run(options)
    except ModuleNotFoundError as error:
        print(f"serve.py: {error}; install the desk: pip install 'thetin[desk]'", file=sys.stderr)
        return FAILURE
    except (NlpError, OSError) as error:
        print(f"serve.py: {error}", file=sys.stderr)
        return FAILURE
    except (KeyboardInterrupt, EOFError):
        return INTERRUPTED


def _run(options: argparse.Namespace) -> int:
    from desk.settings import DEFAULT_DATABASE, Settings
    from nlp.modelfolder import DEFAULT_MODEL

    settings = Settings(
        database=options.database or DEFAULT_DATABASE,
        model=options.model or DEFAULT_MODEL,
        host=options.host,
        port=options.port,
        sample=options.sample,
    )
    if options.add_user or options.remove_user or options.add_key or options.remove_key:
        return _change_accounts(options, settings.database)
    return _serve(settings)


def _change_accounts(options: argparse.Namespace, database: str) -> int:
    from desk import accounts
    from desk.store import Store

    with Store.open(database) as store:
        if options.add_user:
            accounts.set_user(store, options.add_user, options.role, _password())
            print(f"{options.add_user} may enter as {options.role}")
        elif options.remove_user:
            accounts.disable_user(store, options.remove_user)
            print(f"{options.remove_user} may enter no longer")
        elif options.remove_key:
            accounts.revoke_key(store, options.remove_key)
            print(f"the key {options.remove_key} is revoked")
        else:
            print(accounts.make_key(store, options.add_key, options.role))
            print("Keep this key; it is not shown again.", file=sys.stderr)
    return DONE


def _password() -> str:
    """Ask for a password twice at a terminal; else read it from standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    from nlp.errors import StoreError

    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        raise StoreError("the two passwords differ; nothing was changed")
    return password


def _serve(settings: Settings) -> int:
    # All that a start makes stays; to look through it for garbage takes a seventh of the start, and would
    # stop the desk for 0.1 s now and then ever after.
    gc.disable()

    import uvicorn

    from desk.app import create_app

    # Tagging holds the interpreter for milliseconds; whoever only passes bytes on must not wait so long.
    sys.setswitchinterval(0.001)
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        ws="none",  # no page asks for one, and the library takes longer to load than a page to show
        server_header=False,
        timeout_keep_alive=65,  # an editor thinks longer than the 5 s that is usual
        timeout_graceful_shutdown=10,
    )
    listener = config.bind_socket()
    listener.listen()  # whoever reads the line below may call at once, and waits until all is loaded
    port = listener.getsockname()[1]
    print(f"http://{f'[{settings.host}]' if ':' in settings.host else settings.host}:{port}", flush=True)
    server = uvicorn.Server(config)

    def settle(loading: Future[None]) -> None:
        """Begin to collect garbage; stop serving where there is no model, for which everything would wait."""
        gc.freeze()
        gc.enable()
        if loading.exception():
            server.should_exit = True

    loading = app.state.tagging.loading
    loading.add_done_callback(settle)
    server.run(sockets=[listener])
    if loading.done():
        loading.result()
    return DONE


if __name__ == "__main__":
    sys.exit(main())
