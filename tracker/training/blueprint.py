"""The blueprint that the pages of this package share."""

from tracker.core.audience import Blueprint

bp = Blueprint("training", __name__, url_prefix="/training")
