"""What every template can rely on: strict names, fingerprinted assets, the mark, who is looking, and notices."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, flash, get_flashed_messages, has_request_context, url_for
from flask.typing import ResponseReturnValue
from jinja2 import StrictUndefined

from tracker.core.audience import Blueprint, public, viewer_or_none
from tracker.core.forms import named_problem
from tracker.core.language import LANGUAGES, PUBLIC_LANGUAGES, locale, speaks_public_languages

STATIC = Path(__file__).parents[1] / "static"
bp = Blueprint("pages", __name__)


def start(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals |= {"asset": asset, "named_problem": named_problem}
    app.context_processor(_context)


@bp.get("/favicon.ico")
@public
def favicon() -> ResponseReturnValue:
    """The mark, for browsers that ask here whatever a page says, as they do for a file or for JSON."""
    return Response((STATIC / "mark.svg").read_text(encoding="utf-8"), mimetype="image/svg+xml")


def notice(text: str, *, kind: str = "info", link_label: str | None = None, link_url: str | None = None) -> None:
    """A banner on the next page: what has been saved, and the way back where there is one."""
    flash((text, link_label, link_url), kind)  # type: ignore[arg-type]  # the message may be any JSON value


def asset(name: str) -> str:
    """The address of a static file with its fingerprint, so that browsers may keep it for ever."""
    return url_for("static", filename=name, v=_fingerprint(name))


@lru_cache(maxsize=64)
def _fingerprint(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def _context() -> dict[str, Any]:
    flashed: Any = get_flashed_messages(with_categories=True) if has_request_context() else []
    return {
        "viewer": viewer_or_none(),
        "language": locale().language,
        "languages": _languages(),
        "notices": [(kind, *message) for kind, message in flashed],
    }


def _languages() -> list[tuple[str, str, str]]:
    """(code, name, address of this page in it). The address is relative, so that every wrong link gets the same page."""
    if speaks_public_languages():
        return [(code, name, f"?language={code}") for code, name in PUBLIC_LANGUAGES.items()]
    return [(code, name, "#") for code, name in LANGUAGES.items()] if len(LANGUAGES) > 1 else []
