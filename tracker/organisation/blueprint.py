"""The blueprint that the pages of this package share."""

from tracker.core.audience import Blueprint

bp = Blueprint("organisation", __name__)
