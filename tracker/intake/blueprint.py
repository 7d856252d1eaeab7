"""The one blueprint of the doors; each door's routes stand in a file of their own."""

from tracker.core.audience import Blueprint

bp = Blueprint("intake", __name__)
