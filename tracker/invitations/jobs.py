"""What happens to invitations by themselves: decided, reminded of, and their addresses forgotten."""

from datetime import datetime

from flask import current_app

from tracker.core.db import transaction
from tracker.invitations import actions, deciding


def decide(at: datetime) -> int:
    """Who is asked now, who is not and why. Without a mail server everybody waits."""
    if not current_app.config["SMTP_URL"]:
        return 0
    with transaction():
        return deciding.decide_due(at)


def remind(at: datetime) -> int:
    """One reminder after 3 days."""
    if not current_app.config["SMTP_URL"]:
        return 0
    with transaction():
        return deciding.remind_due(at)


def forget_addresses(at: datetime) -> int:
    with transaction():
        deciding.give_up_old(at)
        return actions.forget(at)
