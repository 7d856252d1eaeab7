"""The one blueprint of the pages on which courses are found and written."""

from tracker.core.audience import Blueprint

bp = Blueprint("courses", __name__)
