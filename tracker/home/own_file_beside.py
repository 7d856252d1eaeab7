"""What one's own file says of what stands beside ratings and talks: points, hand-overs, thanks, and how one wants to be told."""

from collections.abc import Iterable

from sqlalchemy import case, select

from tracker.coaching.feedback_models import CoachFeedbackBatch, CoachFeedbackRequest
from tracker.coaching.feedback_policy import batches_seen_by, requests_to
from tracker.coaching.models import CoachingCase, CoachingSnooze
from tracker.coaching.page_models import AgendaPoint, HandOverNote
from tracker.coaching.policy import cases_seen_by, hand_overs_seen_by, points_seen_by
from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.home.own_file_lines import Line, Section, rows
from tracker.notifications.choice_models import NotificationChoice, PushSubscription, QuietHours
from tracker.recognition.models import Thanked, Thanks, WallChoice


def _points(viewer: Viewer) -> Iterable[Line]:
    of = AgendaPoint
    columns = (of.case_id.label("talk"), of.text, of.rating_id.label("rating"), of.added_at, of.done_at)
    return rows(points_seen_by(viewer).where(CoachingCase.person_id == viewer.person_id).with_only_columns(*columns))


def _hand_overs(viewer: Viewer) -> Iterable[Line]:
    of = HandOverNote
    mine = hand_overs_seen_by(viewer).where(CoachingCase.person_id == viewer.person_id)
    return rows(mine.with_only_columns(of.case_id.label("talk"), of.text, of.written_at))


def _put_off(viewer: Viewer) -> Iterable[Line]:
    of = CoachingSnooze
    mine = cases_seen_by(viewer).where(CoachingCase.person_id == viewer.person_id).with_only_columns(CoachingCase.id)
    return rows(select(of.case_id.label("talk"), of.reason, of.until).where(of.case_id.in_(mine)).order_by(of.id))


def _asked(viewer: Viewer) -> Iterable[Line]:
    """That one was asked how a talk was; what one answered cannot be found again."""
    of = CoachFeedbackRequest
    return rows(requests_to(viewer).with_only_columns(of.id.label("talk_held"), of.answered).order_by(of.id))


def _said_of_talks(viewer: Viewer) -> Iterable[Line]:
    of = CoachFeedbackBatch
    return [
        {"month": batch.month, "n": batch.n} | {item: found["mean"] for item, found in batch.figures.items()}
        for batch in db.session.scalars(batches_seen_by(viewer).order_by(of.id))
    ]


def _thanks_got(viewer: Viewer) -> Iterable[Line]:
    """Of what was taken back, that it was: its words nobody else reads any more."""
    title, text = (case((Thanks.taken_back_at.is_(None), words), else_=None) for words in (Thanks.title, Thanks.text))
    columns = (Thanks.kind, title.label("title"), text.label("text"), Thanks.rating_id.label("rating"), Thanks.made_at)
    more = (Thanked.agreed_at, Thanked.kept_at, Thanks.taken_back_at, Thanks.hidden_because)
    found = select(*columns, *more).join(Thanked, Thanked.thanks_id == Thanks.id)
    return rows(found.where(Thanked.person_id == viewer.person_id).order_by(Thanks.id))


def _thanks_said(viewer: Viewer) -> Iterable[Line]:
    columns = (Thanks.kind, Thanks.title, Thanks.text, Thanks.driver, Thanks.made_at, Thanks.taken_back_at)
    return rows(select(*columns).where(Thanks.by_id == viewer.person_id).order_by(Thanks.id))


def _wall(viewer: Viewer) -> Iterable[Line]:
    return rows(select(WallChoice.left_at.label("not_shown_since")).where(WallChoice.person_id == viewer.person_id))


def _told_how(viewer: Viewer) -> Iterable[Line]:
    of = NotificationChoice
    return rows(select(of.group, of.mail, of.push).where(of.person_id == viewer.person_id).order_by(of.group))


def _quiet(viewer: Viewer) -> Iterable[Line]:
    found = db.session.scalars(select(QuietHours).where(QuietHours.person_id == viewer.person_id))
    return [
        {"is_on": one.is_on, "starts": f"{one.starts:%H:%M}", "ends": f"{one.ends:%H:%M}", "days_off": one.days_off}
        | {"lets_urgent": one.lets_urgent}
        for one in found
    ]


def _pushes(viewer: Viewer) -> Iterable[Line]:
    of = PushSubscription
    return rows(
        select(of.browser, of.created_at.label("since")).where(of.person_id == viewer.person_id).order_by(of.id)
    )


SECTIONS = (
    Section("talk_agenda", ("agenda_point",), _points),
    Section("talk_hand_overs", ("hand_over_note",), _hand_overs),
    Section("talks_put_off", ("coaching_snooze",), _put_off),
    Section("asked_how_talks_were", ("coach_feedback_request",), _asked),
    Section("said_of_your_talks", ("coach_feedback_batch",), _said_of_talks),
    Section("thanks_to_you", ("thanked",), _thanks_got),
    Section("thanks_by_you", ("thanks",), _thanks_said),
    Section("off_the_wall", ("wall_choice",), _wall),
    Section("what_comes_how", ("notification_choice",), _told_how),
    Section("quiet_hours", ("quiet_hours",), _quiet),
    Section("browsers_told", ("push_subscription",), _pushes),
)
