"""Who a route is for. Every route names its audience; whoever is not in it never reaches the view."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar, cast
from urllib.parse import quote

from flask import Blueprint as FlaskBlueprint
from flask import Flask, abort, current_app, g, has_request_context, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from sqlalchemy import Select

from tracker.core.db import db

_NOT_ASKED = object()
MAX_ID = 2**63 - 1  # what both databases can compare an id with
View = TypeVar("View", bound=Callable[..., Any])


class Audience(StrEnum):
    """The groups a route can be for; within them, scopes in each package's policy.py decide object by object."""

    PUBLIC = "public"  # anybody, also without signing in
    CUSTOMERS = (
        "customers"  # who holds a link or stands at a kiosk: the token in the address or its cookie is the permission
    )
    MEMBERS = "members"  # everybody who is signed in
    MANAGERS = "managers"  # who manages or deputises for a team today
    OFFICE = "office"  # HR or admin
    HR = "hr"
    ADMINS = "admins"
    API_CLIENTS = "api clients"  # programs with a token; nobody who is signed in on a browser


@dataclass(frozen=True)
class Viewer:
    """The person asking, as of this request. Roles are read afresh each time, so a lost role is lost at once."""

    person_id: int
    name: str
    at: datetime  # the moment of asking, from which everything dated is judged
    today: date  # the same as a day where the person works
    roles: frozenset[str] = frozenset()
    manages: bool = False
    place: str = ""
    language: str = "en"
    time_zone: str = "UTC"
    session_id: int | None = None
    staff_number: str = ""
    terminal_id: int | None = None  # the shared terminal this browser is
    by_pin: bool = False  # signed in with a PIN there: one’s own pages, and no right over anybody else
    until: datetime | None = None  # when this session ends, whatever is done

    @property
    def first_name(self) -> str:
        return self.name.split()[0]

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split()[:2]).upper()

    def is_in(self, audience: Audience) -> bool:
        match audience:
            case Audience.MEMBERS | Audience.PUBLIC | Audience.CUSTOMERS:
                return True
            case Audience.MANAGERS:
                return self.manages
            case Audience.OFFICE:
                return bool(self.roles & {"hr", "admin"})
            case Audience.HR:
                return "hr" in self.roles
            case Audience.ADMINS:
                return "admin" in self.roles
            case Audience.API_CLIENTS:
                return False  # they are admitted by their token alone


def _marks(audience: Audience) -> Callable[[View], View]:
    def mark(view: View) -> View:
        cast(Any, view).audience = audience
        return view

    return mark


public = _marks(Audience.PUBLIC)
customers = _marks(Audience.CUSTOMERS)
members = _marks(Audience.MEMBERS)
managers = _marks(Audience.MANAGERS)
office = _marks(Audience.OFFICE)
hr = _marks(Audience.HR)
admins = _marks(Audience.ADMINS)
api_clients = _marks(Audience.API_CLIENTS)


class Blueprint(FlaskBlueprint):
    """A blueprint that refuses, at import, a route that names no audience."""

    def add_url_rule(
        self, rule: str, endpoint: str | None = None, view_func: Any = None, *args: Any, **kwargs: Any
    ) -> None:
        if view_func is not None and not isinstance(getattr(view_func, "audience", None), Audience):
            raise TypeError(f"{self.name}: the route {rule} names no audience")
        super().add_url_rule(rule, endpoint, view_func, *args, **kwargs)


def start(app: Flask, load_viewer: Callable[[], Viewer | None]) -> None:
    """`load_viewer` comes from the access package, which knows accounts and sessions."""
    app.extensions["load_viewer"] = load_viewer
    public(app.view_functions["static"])
    app.url_value_preprocessor(_refuse_unfit_address)
    app.before_request(_admit)
    app.after_request(_refuse_unchecked)


def admits_clients(app: Flask, load_client: Callable[[], Viewer]) -> None:
    """`load_client` comes from the API package: whom the token of this request acts as, or 401. No cookie counts there."""
    app.extensions["load_client"] = load_client


def viewer() -> Viewer:
    """The person asking; 401 when nobody is signed in (a route for members never gets that far)."""
    return viewer_or_none() or abort(401)


def viewer_or_none() -> Viewer | None:
    """The person asking. Outside a request (a job, a mail) there is nobody, unless `seen_by` says who."""
    if "viewer" not in g and not has_request_context():
        return None
    if "viewer" not in g:
        g.viewer = current_app.extensions["load_viewer"]()
    return cast("Viewer | None", g.viewer)


def is_for_customers() -> bool:
    """Whether the page asked for is one of the customers'."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "audience", None) is Audience.CUSTOMERS


@contextmanager
def seen_by(person: Viewer) -> Iterator[None]:
    """Write something as this person would see it: a mail's language, hours and permissions are its recipient's."""
    before = g.pop("viewer", _NOT_ASKED)
    g.viewer = person
    try:
        yield
    finally:
        g.pop("viewer")
        if before is not _NOT_ASKED:
            g.viewer = before


def ask_no_more() -> None:
    """Whoever is not known by now stays unknown: what has just failed may be that very question."""
    g.setdefault("viewer", None)
    g.asks_no_more = True


def asks_no_more() -> bool:
    """Whether the database is to be left alone for the rest of this request."""
    return bool(g.get("asks_no_more"))


def _refuse_unfit_address(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Before anybody looks at it: with a NUL, or an id larger than either database compares, there is nothing at an address."""
    if "\0" in request.path or any(isinstance(value, int) and value > MAX_ID for value in (values or {}).values()):
        abort(404)


def _admit() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # 404 and 405 are answered by Flask
    audience = getattr(current_app.view_functions[request.endpoint], "audience", None)
    if audience is None:
        abort(403)  # smuggled in by an extension
    if audience in {Audience.PUBLIC, Audience.CUSTOMERS}:
        return None
    if audience is Audience.API_CLIENTS:
        g.viewer = None
        g.viewer = current_app.extensions["load_client"]()
        return None
    person = viewer_or_none()
    if person is None:
        return _to_sign_in()
    if not person.is_in(audience):
        abort(403)
    return None


def begins_again_at(endpoint: str) -> Callable[[View], View]:
    """Mark a view that changes something: whoever has to sign in first begins again at that page. It goes under the audience."""

    def mark(view: View) -> View:
        cast(Any, view).begins_again_at = endpoint
        return view

    return mark


def _to_sign_in() -> ResponseReturnValue:
    page = request.full_path.rstrip("?")
    if request.method not in {"GET", "HEAD"}:
        begin = getattr(current_app.view_functions[request.endpoint or ""], "begins_again_at", None)
        if begin is None:
            return redirect(url_for("access.sign_in"), 303)
        page = url_for(begin, language=request.args.get("language"))
    return redirect(url_for("access.sign_in") + "?next=" + quote(page, safe=""), 303)


def find_or_404(scope: Select[*tuple[Any, ...]], id: int | None = None) -> Any:
    """The one object of a scope. Denied and missing look the same: 404.

    With an `id` the scope's first entity is filtered by it. Marks the request as having checked what it answers with.
    """
    if id is not None and id > MAX_ID:
        abort(404)
    if id is not None:
        entity = scope.column_descriptions[0]["entity"]
        scope = scope.where(entity.id == id)
    g.object_checked = True
    found = db.session.execute(scope).unique().first()
    if found is None:
        abort(404)
    return found[0] if len(found) == 1 else found


def id_in_address(text: str) -> int:
    """For `request.args.get(..., type=...)`; ValueError for what is no id, or one larger than either database compares."""
    if not (text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= MAX_ID):
        raise ValueError(text)
    return int(text)


def checked_elsewhere() -> None:
    """Say that this view has checked its object by other means (a customer's token, for one)."""
    g.object_checked = True


def _refuse_unchecked(response: Response) -> Response:
    """A view that takes an id and answers without having loaded it through a scope is a hole: refuse its answer."""
    if not request.view_args or response.status_code >= 300 or request.endpoint == "static":
        return response
    if g.get("object_checked"):
        return response
    db.session.rollback()
    return abort(500, "the view answered with an object it never checked")
