"""Doors for helpdesks, as admins see them: set up, secrets, what arrived and what became of it."""

from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core import clock
from tracker.core.audience import Blueprint, admins, find_or_404, viewer
from tracker.core.pages import notice
from tracker.core.paging import page_of
from tracker.ratings.queries import channel_choices, touchpoint_choices
from tracker.webhooks import inbound_actions as actions
from tracker.webhooks import inbound_queries as queries
from tracker.webhooks.inbound_forms import KINDS, DoorChangeForm, DoorForm, SecretForm
from tracker.webhooks.inbound_models import Delivery, Door
from tracker.webhooks.inbound_policy import deliveries_read_by, doors_managed_by
from tracker.webhooks.inbound_reading import pretty
from tracker.webhooks.inbound_words import STATES, fate_of, refusal_of

bp = Blueprint("doors", __name__)


@bp.get("/settings/doors")
@admins
def doors() -> ResponseReturnValue:
    return _list(DoorForm(**_choices()))


@bp.post("/settings/doors")
@admins
def make_door() -> ResponseReturnValue:
    """The door, and where we make its secret, that secret: it is shown at once and only now."""
    form = DoorForm(**_choices())
    if not form.validate():
        return _list(form), 422
    at, kind = clock.now(), form.kind.data
    door = actions.make_door(kind, form.name.data, by=viewer().person_id, at=at, **form.given())
    if kind in actions.OURS:
        return _page(door, secret=actions.set_secret(door, None, by=viewer().person_id, at=at))
    return redirect(url_for(".door", id=door.id), 303)


@bp.get("/settings/doors/<int:id>")
@admins
def door(id: int) -> ResponseReturnValue:
    return _page(_door(id))


@bp.post("/settings/doors/<int:id>")
@admins
def change_door(id: int) -> ResponseReturnValue:
    door = _door(id)
    form = DoorChangeForm(**_choices())
    if not form.validate():
        return _page(door, form=form), 422
    actions.change_door(door, by=viewer().person_id, at=clock.now(), **form.given())
    notice(_("Saved. It holds for what is worked off from now on."))
    return redirect(url_for(".door", id=id), 303)


@bp.post("/settings/doors/<int:id>/secret")
@admins
def set_secret(id: int) -> ResponseReturnValue:
    """A pasted secret is taken over; without one we make it, and show it once."""
    door = _door(id)
    form = _secret_form(door)
    if not form.validate():
        return _page(door, secret_form=form), 422
    secret = actions.set_secret(door, form.secret.data or None, by=viewer().person_id, at=clock.now())
    if not form.secret.data:
        return _page(door, secret=secret)
    notice(_("The secret is kept. One that was there before stays good for 24 hours."))
    return redirect(url_for(".door", id=id), 303)


@bp.post("/settings/doors/<int:id>/pause")
@admins
def pause_door(id: int) -> ResponseReturnValue:
    actions.pause_door(_door(id), by=viewer().person_id, at=clock.now())
    notice(_("The door is paused. What arrives is kept and waits."))
    return redirect(url_for(".door", id=id), 303)


@bp.post("/settings/doors/<int:id>/resumption")
@admins
def resume_door(id: int) -> ResponseReturnValue:
    actions.resume_door(_door(id), by=viewer().person_id, at=clock.now())
    notice(_("The door is open again. What waited is worked off in a moment."))
    return redirect(url_for(".door", id=id), 303)


@bp.post("/settings/doors/<int:id>/removal")
@admins
def remove_door(id: int) -> ResponseReturnValue:
    actions.remove_door(_door(id), by=viewer().person_id, at=clock.now())
    notice(_("The door is removed. Its ratings stay."))
    return redirect(url_for(".doors"), 303)


@bp.get("/settings/doors/<int:id>/deliveries")
@admins
def deliveries(id: int) -> ResponseReturnValue:
    door, seen = _door(id), deliveries_read_by(viewer())
    state = request.args.get("state") if request.args.get("state") in STATES else None
    counts = queries.how_many(seen, id)
    chips = [(_("All"), url_for(".deliveries", id=id), state is None)] + [
        (f"{words} ({counts[key]})", url_for(".deliveries", id=id, state=key), state == key)
        for key, (words, _tone) in STATES.items()
        if counts.get(key)
    ]
    page = page_of(queries.deliveries_listed(seen, id, state))
    rows = [(row, fate_of(row)) for row in page.rows]
    return render_template(
        "webhooks/deliveries.html", door=door, page=page, rows=rows, chips=chips, unread=counts.get("not_understood", 0)
    )


@bp.post("/settings/doors/<int:id>/deliveries")
@admins
def work_all_again(id: int) -> ResponseReturnValue:
    _door(id)
    number = actions.work_again(id, by=viewer().person_id, at=clock.now())
    notice(ngettext("%(num)d delivery waits again.", "%(num)d deliveries wait again.", number))
    return redirect(url_for(".deliveries", id=id), 303)


@bp.get("/settings/deliveries/<int:id>")
@admins
def delivery(id: int) -> ResponseReturnValue:
    row: Delivery = find_or_404(queries.shown(deliveries_read_by(viewer())), id)
    is_rating = row.rating_id is not None
    body = pretty(row.body, without_words=is_rating) if row.body is not None else None
    return render_template("webhooks/delivery.html", row=row, fate=fate_of(row), body=body, is_rating=is_rating)


@bp.post("/settings/deliveries/<int:id>/again")
@admins
def work_again(id: int) -> ResponseReturnValue:
    row: Delivery = find_or_404(deliveries_read_by(viewer()), id)
    actions.work_again(row.door_id, delivery_id=id, by=viewer().person_id, at=clock.now())
    notice(_("It waits again and is worked off in a moment."))
    return redirect(url_for(".delivery", id=id), 303)


def _door(id: int) -> Door:
    found: Door = find_or_404(doors_managed_by(viewer()), id)
    return found


def _choices() -> dict[str, Any]:
    return {"touchpoints": touchpoint_choices(), "channels": channel_choices()}


def _secret_form(door: Door) -> SecretForm:
    return SecretForm(kind=door.kind, is_ours=door.kind in actions.OURS)


def _list(form: DoorForm) -> str:
    rows = queries.doors_listed(doors_managed_by(viewer()))
    return render_template("webhooks/doors.html", form=form, rows=rows, kinds=KINDS)


def _page(
    door: Door,
    *,
    form: DoorChangeForm | None = None,
    secret_form: SecretForm | None = None,
    secret: str | None = None,
) -> str:
    given = {"touchpoint": door.touchpoint_id, "channel": door.channel_id, "scale": door.scale}
    return render_template(
        "webhooks/door.html",
        door=door,
        kind=KINDS[door.kind],
        is_ours=door.kind in actions.OURS,
        address=current_app.config["BASE_URL"] + url_for("hooks.take_delivery", address=door.address),
        form=form or DoorChangeForm(**_choices(), formdata=None, data=given),
        secret_form=secret_form or SecretForm(kind=door.kind, is_ours=door.kind in actions.OURS, formdata=None),
        secret=secret,
        refusal=refusal_of(door),
        counts=queries.how_many(deliveries_read_by(viewer()), door.id),
    )
