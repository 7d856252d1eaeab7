"""The address that helpdesks send to. No cookie counts here: the signature is the right."""

from http import HTTPStatus

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from tracker.core import clock
from tracker.core.audience import Blueprint, checked_elsewhere, public
from tracker.core.db import reading
from tracker.core.problems import problem
from tracker.webhooks.inbound_actions import keep_delivery, secrets_of
from tracker.webhooks.inbound_queries import open_door
from tracker.webhooks.inbound_refusals import refuse
from tracker.webhooks.inbound_signatures import Unproven, proven

BODY_BYTES = 1_000_000
bp = Blueprint("hooks", __name__)


@bp.post("/hooks/<address>")
@public
def take_delivery(address: str) -> ResponseReturnValue:
    """Check who sends, store, answer: what it means is worked out later."""
    checked_elsewhere()
    request.max_content_length = BODY_BYTES
    at, body = clock.now(), request.get_data()
    with reading():  # whoever cannot sign never holds the write lock
        door = open_door(address, at=at)
    if door is None:
        raise NotFound
    try:
        proof = proven(door.kind, secrets_of(door), request.headers, body, at=at)
    except Unproven as fault:
        refuse(door.id, fault.why, at)
        return problem(HTTPStatus.UNAUTHORIZED, _("The signature is missing, too old or wrong. Nothing was kept."))
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return problem(HTTPStatus.BAD_REQUEST, _("The body is no text in UTF-8."))
    is_new = keep_delivery(door, text, proof, at=at)
    return jsonify(state="kept" if is_new else "known"), 202 if is_new else 200
