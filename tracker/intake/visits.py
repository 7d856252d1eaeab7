"""Who comes by a customer's link: what its secret opens, and the same answer for every one that is not ours."""

from datetime import UTC, datetime
from typing import Any

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer

from tracker.access.actions import count_failure
from tracker.access.queries import blocked_until
from tracker.access.rules import keyed_hash
from tracker.core import clock
from tracker.core.audience import checked_elsewhere, viewer_or_none
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.intake.queries import Visit, visit_behind
from tracker.intake.scanner_rules import Sending, evidence_of
from tracker.intake.set_aside import note_origin

FREE_GUESSES = 20  # a whole shop may share one address
DECOY = "u"  # a field that nobody can see


def visit_of(token: str) -> Visit | None:
    """The service behind a token. Whoever works here and is signed in on this browser is refused: customers rate."""
    checked_elsewhere()
    if _is_blocked():
        return None
    visit = visit_behind(token)
    staff = viewer_or_none()
    if visit is not None and staff is not None:
        raise Refused(
            _(
                "You’re signed in here as %(name)s, and only customers rate. Open the link where nobody is signed in.",
                name=staff.name,
            )
        )
    return visit


def unknown() -> ResponseReturnValue:
    """The same page for every token that is not ours, also while an address is held back for guessing."""
    if request.method == "POST" and not _is_blocked():
        # Counted in a transaction of its own: it must survive the refusal. Reading never writes, so it is not counted.
        db.session.rollback()
        count_failure(_address(), at=clock.now(), free=FREE_GUESSES)
        db.session.commit()
    return render_template("intake/rate_unknown.html"), 404


def page_seal(visit: Visit, *, at: datetime) -> str:
    """When the page of this link was made, so that its form can say so. A reading request writes nothing down."""
    return str(_seal().dumps([visit.link.id, at.timestamp()]))


def evidence(visit: Visit, mailed_at: datetime, *, at: datetime) -> dict[str, Any]:
    """What this POST by a mailed link shows of who sent it. The sender is known by a keyed hash only."""
    sending = Sending(
        at=at,
        mailed_at=mailed_at,
        opened_at=_opened_at(visit),
        headers=dict(request.headers),
        has_decoy=bool(request.form.get(DECOY)),
        other_links=note_origin(visit.link, request.remote_addr or "", at=at),
    )
    return evidence_of(sending)


def _opened_at(visit: Visit) -> datetime | None:
    try:
        link_id, moment = _seal().loads(request.form.get("o", ""))
    except (BadSignature, TypeError, ValueError):
        return None
    return datetime.fromtimestamp(moment, UTC) if link_id == visit.link.id else None


def _seal() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="rating page")


def _is_blocked() -> bool:
    return blocked_until([_address()], at=clock.now()) is not None


def _address() -> str:
    return f"rate:{keyed_hash(current_app.config['SECRET_KEY'], request.remote_addr or '')}"
