"""Reports in version 1 of the API."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Response, make_response, request

from tracker.api.clients import scoped
from tracker.api.described import described
from tracker.api.reports import ReportList, ReportOut, ReportQuery, report_out, reports_read_by
from tracker.api.schemas import Nothing, Problem
from tracker.core.audience import Blueprint, api_clients, checked_elsewhere, viewer
from tracker.reports.known import KNOWN, contents_for, known

Answer = tuple[dict[str, Any], int]
View = TypeVar("View", bound=Callable[..., Any])
bp = Blueprint("api_reports", __name__, url_prefix="/api/v1/reports")


def _sent_if_changed(view: View) -> View:
    """What the client has already, as its If-None-Match says, is not sent again. Who may is asked first, as ever."""

    @wraps(view)
    def compared(*args: Any, **kwargs: Any) -> Response:
        answer = make_response(view(*args, **kwargs))
        if answer.status_code == 200:
            answer.add_etag()
            answer.headers["Cache-Control"] = "private, no-cache"
            answer.vary.add("Authorization")
            answer.make_conditional(request)
        return answer

    return cast(View, compared)


@bp.get("")
@api_clients
@scoped("reports:read")
@described("reports:read", query=Nothing, HTTP_200=ReportList)
def list_reports() -> Answer:
    """List reports

    Those that the maker of the token reads in the pages.
    """
    return reports_read_by(viewer()).model_dump(mode="json"), 200


@bp.get(f"/<any({', '.join(KNOWN)}):name>")  # so that the document names them
@api_clients
@scoped("reports:read")
@_sent_if_changed
@described("reports:read", query=ReportQuery, HTTP_200=ReportOut, HTTP_304=None, HTTP_404=Problem)
def read_report(name: str, query: ReportQuery) -> Answer:
    """Read a report

    One month of it, as whoever made the token reads it in the pages: HR, for one about the whole company. An answer has an ETag;
    sent back as If-None-Match it is answered by 304 as long as nothing has changed. There is no such month: 404.
    """
    checked_elsewhere()
    found = known(name)
    contents = contents_for(found, viewer(), query.model_dump(exclude_none=True))
    return report_out(found, contents).model_dump(mode="json"), 200
