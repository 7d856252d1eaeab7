"""ratings link: a link that lets one customer rate one service."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click
import segno
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from tracker.cli.output import MOMENT, answer, as_json, refusing
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.intake.actions import open_link
from tracker.organisation.models import Person
from tracker.ratings.actions import LINK_LENGTH
from tracker.ratings.models import Channel, Touchpoint


@click.command("link")
@click.option("--employee", required=True, help="Staff number of whoever served the customer.")
@click.option("--touchpoint", help="Name of the touchpoint, as it stands in the product.")
@click.option("--channel", help="Name of the channel.")
@click.option("--place", help="Such as “till 4”.")
@click.option("--customer", help="The reference your own system uses. No name, no address.")
@click.option("--ended-at", type=MOMENT, help="When service ended. Default: now.")
@click.option("--qr", type=click.Path(dir_okay=False, path_type=Path), help="Also write the link as a QR code (SVG).")
@as_json
@with_appcontext
@refusing
def link(employee: str, ended_at: datetime | None, qr: Path | None, as_json: bool, **about: str | None) -> None:
    """Make a link for one customer to rate one service. It is printed here and kept nowhere."""
    at = clock.now()
    with transaction():
        secret = open_link(_person(employee), ended_at=ended_at or at, by=None, at=at, **_ids(about))
    address = f"{current_app.config['BASE_URL']}/rate/{secret}"
    if qr:
        segno.make(address, error="m").save(str(qr), kind="svg", scale=6, border=2)
    answer({"link": address, "expires_at": at + LINK_LENGTH}, address, as_json=as_json)


def _person(staff_number: str) -> Person:
    person = db.session.scalar(select(Person).where(Person.staff_number == staff_number))
    if person is None:
        raise ValueError(f"Nobody has the staff number {staff_number}.")
    return person


def _ids(about: dict[str, str | None]) -> dict[str, Any]:
    return {
        "touchpoint_id": _named(Touchpoint, about["touchpoint"], "touchpoint"),
        "channel_id": _named(Channel, about["channel"], "channel"),
        "place": about["place"],
        "customer_reference": about["customer"],
    }


def _named(model: type[Touchpoint] | type[Channel], name: str | None, kind: str) -> int | None:
    if name is None:
        return None
    found = db.session.scalar(select(model.id).where(model.name == name))
    if found is None:
        raise ValueError(f"There is no {kind} named “{name}”.")
    return found
