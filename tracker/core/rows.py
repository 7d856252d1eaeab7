"""One at a time: a row as it is now, kept so until the end of the transaction."""

from flask_babel import gettext as _
from sqlalchemy.exc import InvalidRequestError

from tracker.core.db import Model, db
from tracker.core.errors import Conflict


def hold(row: Model) -> None:
    """Of two who act on one row at once, the second finds what the first did; Conflict where that was to take it out."""
    db.session.flush()  # a refresh would throw away what this transaction has not written yet
    try:
        db.session.refresh(row, with_for_update={"of": type(row)})
    except InvalidRequestError as gone:
        raise Conflict(_("It was taken out meanwhile, so there is nothing left to change.")) from gone
