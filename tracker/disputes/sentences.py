"""A second look in words: whole sentences, one for each case."""

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from tracker.core.language import day, number
from tracker.disputes.forms import KINDS
from tracker.disputes.models import Dispute, DisputeRound
from tracker.disputes.rules import may_ask
from tracker.ratings.models import Rating


def kind_words(kind: str) -> str:
    """What was chosen in the form."""
    return next(str(choice.label) for choice in KINDS if choice.value == kind)


def state_words(dispute: Dispute) -> str:
    """Where it stands, as the page's first line."""
    last = dispute.last
    if last.decided_at is None:
        if last.decider_id is None:
            return _("It waits: nobody here may answer it yet")
        return _("Answer promised by %(day)s", day=day(last.due_on))
    match last.outcome:
        case "withdrawn":
            return _("The question was taken back")
        case "declined":
            return _("It counts on as it is")
        case "partly":
            return _("Partly agreed: it counts on")
    if dispute.rating.excluded_at:
        return _("Agreed: it no longer counts")
    return _("Agreed: it belongs to somebody else")


def who_decides(last: DisputeRound) -> str:
    if last.decider is None:
        return _("An admin has to give somebody the HR role first. It is not forgotten.")
    if last.number == 2:
        return _("%(name)s answers, who has not looked at it before.", name=last.decider.name)
    return _("%(name)s answers, after hearing who leads the team.", name=last.decider.name)


def share_words(share: float | None) -> str:
    return _("too few to tell") if share is None else _("%(share)s %%", share=number(100 * share, 0))


def link_beside(rating: Rating, at: datetime) -> tuple[str, str] | None:
    """(address, words) of the link that stands on one's own rating; None once it is too late."""
    if may_ask(rating, at):
        return url_for("disputes.asking", id=rating.id), _("Is this rating wrong?")
    if rating.disputed_at:
        return url_for("disputes.asking", id=rating.id), _("Second look")
    return None
