"""The packages’ own site: another origin, which knows no cookie, no person and no page of the product. Read only.

What a package runs it runs there, so that the browser keeps it from everything of ours; docs/operators.md says how to set it up.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from flask import Flask
from markupsafe import escape
from sqlalchemy import select
from werkzeug.http import quote_etag
from werkzeug.wrappers import Request, Response

from config import LOOPBACK
from tracker.core.db import db
from tracker.scorm.content_tokens import read_token
from tracker.scorm.data_model import described
from tracker.scorm.models import Package, PackageMember, PackageMemberPart
from tracker.scorm.queries import item_of
from tracker.scorm.taking import PART_BYTES

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PLAYER = Path(__file__).parent / "player"
SCRIPTS = {name: (PLAYER / name).read_bytes() for name in ("api.js", "wrapper.js")}
PAGE = (PLAYER / "wrapper.html").read_text(encoding="utf-8")
MAY = "allow-scripts allow-same-origin allow-forms allow-popups allow-downloads allow-modals"
POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; connect-src 'self' data: blob:; form-action 'self'; "
    f"base-uri 'self'; frame-ancestors 'self' {{app}}; sandbox {MAY}"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
KEPT = "private, max-age=3600"


def start(app: Flask) -> None:
    """From here on requests for CONTENT_URL’s host never reach the application, and all others never this site."""
    site = ContentSite(app)
    inner = app.wsgi_app

    def by_host(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        chosen: WSGIApplication = site if _is_for_packages(app, environ) else inner
        return chosen(environ, start_response)

    app.wsgi_app = by_host  # type: ignore[method-assign]  # Flask’s own way to put something before it


def _is_for_packages(app: Flask, environ: "WSGIEnvironment") -> bool:
    content = urlsplit(app.config["CONTENT_URL"])
    if not content.hostname:
        return False
    try:
        asked = urlsplit(f"{content.scheme}://{environ.get('HTTP_HOST', '')}")
        return (asked.hostname, asked.port or _usual(content.scheme)) == (
            content.hostname,
            content.port or _usual(content.scheme),
        )
    except ValueError:
        return False


def _usual(scheme: str) -> int:
    return 443 if scheme == "https" else 80


class ContentSite:
    def __init__(self, app: Flask) -> None:
        self.app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        request = Request(environ)
        response = self._answer(request)
        base = urlsplit(self.app.config["BASE_URL"])
        response.headers["Content-Security-Policy"] = POLICY.format(app=f"{base.scheme}://{base.netloc}")
        response.headers.update(HEADERS)
        response.headers.setdefault("Cache-Control", "no-store")
        if urlsplit(self.app.config["CONTENT_URL"]).scheme == "https":
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if request.method not in {"GET", "HEAD"}:
            return _refusal(405)
        # A worker would outlive the visit and answer for the next learner’s packages.
        if "Service-Worker" in request.headers:
            return _refusal(403)
        token, _slash, rest = request.path.removeprefix("/").partition("/")
        named = read_token(self.app.config["SECRET_KEY"], token)
        if named is None:
            return _refusal(404)
        if rest in SCRIPTS:
            return _script(SCRIPTS[rest])
        with self.app.app_context():
            db.session().info["read_only"] = True
            if rest == "wrapper":
                return self._wrapper(*named)
            return self._file(request, named[0], rest.removeprefix("files/")) if rest[:6] == "files/" else _refusal(404)

    def _wrapper(self, package_id: int, key: str) -> Response:
        package = db.session.get(Package, package_id)
        item = item_of(package, key) if package else None
        if package is None or item is None:
            return _refusal(404)
        base = urlsplit(self.app.config["BASE_URL"])
        page = PAGE.format(
            title=escape(item.title),
            app=escape(f"{base.scheme}://{base.netloc}"),
            entry=escape(f"files/{quote(item.entry)}{item.query}"),
            kind="sco" if item.is_sco else "asset",
            # Inside a script element only this could end it.
            model=json.dumps(described(package.standard)).replace("<", "\\u003c"),
        )
        answer = Response(page, mimetype="text/html")
        answer.headers["Clear-Site-Data"] = '"storage", "cookies"' if self._shares_no_site() else '"storage"'
        return answer

    def _shares_no_site(self) -> bool:
        """Clearing cookies reaches the whole registered domain: beside the product’s own it would sign everybody out.

        On a developer’s machine it would sign out of everything else there. The wrapper deletes what it can see anyway."""
        hosts = [urlsplit(self.app.config[name]).hostname or "" for name in ("BASE_URL", "CONTENT_URL")]
        one, other = (host.split(".")[-2:] for host in hosts)
        return one != other and LOOPBACK.isdisjoint(hosts)

    def _file(self, request: Request, package_id: int, path: str) -> Response:
        member = _member(package_id, path)
        if member is None:
            return _refusal(404)
        headers = {"ETag": quote_etag(member.sha256[:32]), "Accept-Ranges": "bytes", "Cache-Control": KEPT}
        if request.if_none_match.contains(member.sha256[:32]):
            return Response(status=304, headers=headers)
        first, behind, status = 0, member.size, 200
        wanted = request.range if _may_be_partial(request, member) else None
        if wanted is not None and wanted.units == "bytes" and len(wanted.ranges) == 1:
            found = wanted.range_for_length(member.size)
            if found is None:
                return _refusal(416, {"Content-Range": f"bytes */{member.size}"})
            first, behind, status = *found, 206
            headers["Content-Range"] = f"bytes {first}-{behind - 1}/{member.size}"
        headers["Content-Length"] = str(behind - first)
        body = self._bytes(member.id, first, behind) if request.method == "GET" else ()
        return Response(body, status, headers, content_type=member.media_type, direct_passthrough=True)

    def _bytes(self, member_id: int, first: int, behind: int) -> Iterator[bytes]:
        """A part at a time, each read when the one before is on its way."""
        for position in range(first // PART_BYTES, (behind + PART_BYTES - 1) // PART_BYTES):
            with self.app.app_context():
                db.session().info["read_only"] = True
                this = (PackageMemberPart.member_id == member_id, PackageMemberPart.position == position)
                part = db.session.scalar(select(PackageMemberPart.bytes).where(*this)) or b""
            begins = position * PART_BYTES
            yield part[max(first - begins, 0) : behind - begins]


def _member(package_id: int, path: str) -> PackageMember | None:
    """The file of this path; else the one that only differs in capitals, as servers on Windows answer."""
    if "\x00" in path:
        return None  # PostgreSQL refuses the whole question
    of_package = select(PackageMember).where(PackageMember.package_id == package_id)
    found = db.session.scalar(of_package.where(PackageMember.path == path))
    if found is not None:
        return found
    alike = of_package.where(PackageMember.folded == path.casefold()).order_by(PackageMember.id)
    return db.session.scalar(alike.limit(1))


def _may_be_partial(request: Request, member: PackageMember) -> bool:
    """A browser that holds the beginning of another edition of a file gets the whole of this one."""
    return "If-Range" not in request.headers or request.headers["If-Range"] == quote_etag(member.sha256[:32])


def _script(body: bytes) -> Response:
    return Response(body, mimetype="text/javascript")


def _refusal(status: int, headers: dict[str, Any] | None = None) -> Response:
    words = {404: "There is nothing here.", 405: "This can only be read."}
    return Response(words.get(status, "That is not possible here."), status, headers, mimetype="text/plain")
