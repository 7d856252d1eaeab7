"""One outgoing webhook in the demo, paused, with what it sent before. It leads to a name that nobody can have, so nothing goes out."""

from datetime import datetime, timedelta
from secrets import token_hex

from sqlalchemy import select

from tracker.access.queries import people_with_role
from tracker.core.db import db, transaction
from tracker.core.hooks import SEALED_FOR, new_message_id
from tracker.core.models import HookDelivery, HookSubscription
from tracker.core.sealing import sealed
from tracker.ratings.models import Rating

KINDS = ["kiosk.unhappy_burst", "rating.created", "ratings.imported"]
ANSWERED = ((200, None), (200, None), (503, "The receiver answered 503."), (None, "No server has this name."))


def place_a_webhook(at: datetime) -> None:
    """As an admin would have left it; nobody has its secret; a new one can be made."""
    with transaction():
        webhook = HookSubscription(
            name="Helpdesk of Nairobi Central",
            url="https://helpdesk.zawadora.example/hooks/tracker",
            kinds=KINDS,
            secret=sealed(f"whsec_{token_hex(32)}", purpose=SEALED_FOR),
            made_by_id=people_with_role("admin")[0],
            made_at=at - timedelta(days=20),
            paused_at=at - timedelta(days=1),
            paused_because="asked",
        )
        db.session.add(webhook)
        db.session.flush()
        ratings = list(db.session.scalars(select(Rating.id).order_by(Rating.rated_at.desc(), Rating.id).limit(4)))
        for position, (rating, (status, error)) in enumerate(zip(ratings, ANSWERED, strict=True)):
            _line(webhook.id, rating, status, error, at=at - timedelta(days=2, hours=-position))


def _line(webhook_id: int, rating_id: int, status: int | None, error: str | None, *, at: datetime) -> None:
    """Taken at the first try, or given up after the last."""
    tries = 10 if error else 1
    db.session.add(
        HookDelivery(
            subscription_id=webhook_id,
            key=f"rating.created|{rating_id}",
            message_id=new_message_id(),
            kind="rating.created",
            about_id=rating_id,
            parameters={},
            created_at=at,
            due_at=at,
            attempts=tries,
            status=status,
            last_error=error,
            sent_at=None if error else at,
            dead_at=at if error else None,
        )
    )
