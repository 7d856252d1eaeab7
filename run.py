"""Start a configured instance: the web server and the timetable in one process."""

import errno
import signal
import socket
import sys
from typing import Any

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from waitress import create_server

from config import BadSetting, Settings
from tracker import create_app
from tracker.access.login import setup_code
from tracker.cli.start import greeting, prepared
from tracker.core.tasks import Timetable

THREADS = 8


def main() -> int:
    try:
        app = create_app()
        settings = app.extensions["settings"]
        prepared(app)
        server = create_server(app, listen=_doors(app), threads=THREADS, ident=None, **_proxy(settings))
    except BadSetting as problem:
        return _refuse(str(problem))
    except SQLAlchemyError as problem:
        return _refuse(
            f"The database cannot be used ({type(problem).__name__}). Check DATABASE_URL and that the database is running."
        )
    except OSError as problem:
        return _refuse(_sentence(problem))
    timetable = Timetable(app, app.extensions["timetable"]) if settings.tasks == "embedded" else None
    if timetable:
        timetable.start()
    print(greeting(app, setup_code(app)), flush=True)  # noqa: T201 - the one thing this command says
    # Also where a shell started it in the background, whose children ignore Ctrl-C, and for whoever stops services.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        if timetable:
            timetable.stop()
    return 0


def _doors(app: Flask) -> str:
    """The port of the product, and on a machine without a proxy that of the packages’ own site."""
    settings: Settings = app.extensions["settings"]
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    doors = [f"{host}:{settings.port}"]
    if settings.content_port is not None and settings.port:
        if _is_free(settings.host, settings.content_port):
            doors.append(f"{host}:{settings.content_port}")
        else:
            app.config["CONTENT_URL"] = ""
            sentence = (
                f"Port {settings.content_port} is in use by another program, so packages of courses cannot be opened."
            )
            print(f"{sentence} Choose another: CONTENT_URL=http://localhost:5055", file=sys.stderr)  # noqa: T201 - for the operator
    return " ".join(doors)


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _proxy(settings: Settings) -> dict[str, Any]:
    """A production instance that listens on this machine alone has its proxy here: only that one may say who the visitor is."""
    if not (settings.in_production and settings.host == "127.0.0.1"):
        return {"clear_untrusted_proxy_headers": True}
    headers = {"x-forwarded-for", "x-forwarded-proto"}
    return {"trusted_proxy": "127.0.0.1", "trusted_proxy_headers": headers, "clear_untrusted_proxy_headers": True}


def _sentence(problem: OSError) -> str:
    if problem.errno == errno.EADDRINUSE:
        return "The port is in use by another program. Choose another: PORT=5001 python run.py"
    return f"Cannot listen there: {problem.strerror or problem}. Check HOST and PORT."


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)  # noqa: T201 - a sentence for the operator
    return 1


if __name__ == "__main__":
    sys.exit(main())
