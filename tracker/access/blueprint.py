"""The blueprint of the door and of one's own account."""

from tracker.core.audience import Blueprint

bp = Blueprint("access", __name__)
