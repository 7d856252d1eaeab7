"""Complaints in the demo's tills: one that waits, one that is being taken care of, and some that were put right or not."""

from datetime import datetime, timedelta

from sqlalchemy import select

from tracker.access.queries import people_with_role
from tracker.core.db import db, transaction
from tracker.organisation.models import Team
from tracker.organisation.queries import leaders_on
from tracker.ratings.models import Rating
from tracker.ratings.obstacles import Named
from tracker.recovery.actions import close, promise_call, record_contact
from tracker.recovery.models import RecoveryCase
from tracker.recovery.opening import open_case
from tracker.recovery.reply_actions import write_reply
from tracker.recovery.surveys import answer_survey

TEAM = "Nairobi Central tills"
UNHAPPY = 2
THANKS = (
    "You rang the same day, and the label was right when I came again. Thank you.",
    "Asante. I did not expect anybody to call.",
)
ENDED = (
    ("solved", "process", "The price on the shelf was last week’s. Paid the difference and had the label changed.", "yes", 4, THANKS[0]),
    ("partly", "product", "The kettle could not be repaired in time. Lent one until the new one comes.", "partly", 3, None),
    ("not_reached", "person", "Rang three times on two days. Wrote a note for the next visit.", None, 0, None),
    ("solved", "process", "Two tills were closed at noon. Said sorry, and the plan for noon is changed.", "yes", 5, THANKS[1]),
    ("unsolved", "process", "Asked for money back after 60 days; the rule is 30. Explained it again.", "no", 2, None),
)  # fmt: skip


IN_THE_WAY = ("system", "stock", None, "staffing", "policy")
REPLIES = (
    ("Waited too long", "en", "Thank you for telling us. You waited longer than anybody should, and I am sorry. What we change: "),
    ("Kusubiri kwa muda mrefu", "sw", "Asante kwa kutuambia. Pole sana kwa kusubiri. Tutakachobadilisha: "),
    ("Attente trop longue", "fr", "Merci de nous l’avoir dit. Nous regrettons cette longue attente. Ce que nous changeons : "),
)  # fmt: skip
OF_TILLS = (
    "Charged twice",
    "en",
    "I am sorry. Please bring the receipt to the service desk or call us: we pay the difference back the same day.",
)


def take_complaints(at: datetime) -> None:
    """About the newest unhappy ratings with words; nothing where the seed gave too few of them."""
    with transaction():
        ratings = _unhappy(at)
        for rating, ending, obstacle in zip(ratings[2:], ENDED, IN_THE_WAY, strict=False):
            _ended(rating, *ending, obstacle=obstacle)
        if len(ratings) > 1:
            _in_hand(ratings[1], at)
            _waiting(ratings[0], at)
        _write_replies(at - timedelta(days=30))


def _write_replies(at: datetime) -> None:
    """Some for all, by HR; one of the tills, by who leads them."""
    tills = db.session.scalars(select(Team).where(Team.name == TEAM)).one()
    leader = next(iter(leaders_on(at.date()).up_from(tills.id)), None)
    office = people_with_role("hr")[:1]
    texts: list[tuple[str, str, str, int | None, int]] = [(*text, None, by) for text in REPLIES for by in office]
    texts += [(*OF_TILLS, tills.id, leader)] if leader is not None else []
    for title, language, text, team, by in texts:
        write_reply({"title": title, "language": language, "text": text.strip(), "team_id": team}, by=by, at=at)


def _unhappy(at: datetime) -> list[Rating]:
    found = (
        select(Rating)
        .join(Team, Team.id == Rating.team_id)
        .where(
            Team.name == TEAM,
            Rating.stars <= UNHAPPY,
            Rating.comment.is_not(None),
            Rating.excluded_at.is_(None),
            Rating.rated_at < at - timedelta(hours=6),
        )
        .order_by(Rating.rated_at.desc())
        .limit(2 + len(ENDED))
    )
    return list(db.session.scalars(found))


def _opened(rating: Rating, at: datetime, contact: str | None = None) -> tuple[RecoveryCase, int] | None:
    case = open_case(rating, at=at, contact=contact)
    return (case, case.owner_id) if case is not None and case.owner_id is not None else None


def _waiting(rating: Rating, at: datetime) -> None:
    _opened(rating, max(rating.rated_at, at - timedelta(hours=2)), "0722 000 318, in the afternoon")


def _in_hand(rating: Rating, at: datetime) -> None:
    began = max(rating.rated_at, at - timedelta(days=1))
    opened = _opened(rating, began, "0733 000 224")
    if opened is not None:
        case, owner = opened
        words = "She waited for twenty minutes with a child. I am asking about the second till and call her again."
        record_contact(case, words, reached=True, by=owner, at=began + timedelta(hours=1))
        promise_call(case, at + timedelta(hours=20), by=owner, at=began + timedelta(hours=1))


def _ended(
    rating: Rating,
    outcome: str,
    cause: str,
    words: str,
    solved: str | None,
    stars: int,
    comment: str | None,
    *,
    obstacle: str | None,
) -> None:
    opened = _opened(rating, rating.rated_at)
    if opened is None:
        return
    case, owner = opened
    began = rating.rated_at
    reached = outcome != "not_reached"
    record_contact(
        case,
        "Spoke about what happened." if reached else "No answer.",
        reached=reached,
        by=owner,
        at=began + timedelta(hours=3),
    )
    close(
        case,
        outcome=outcome,
        words=words,
        by=owner,
        at=began + timedelta(days=1),
        cause=cause,
        driver=None,
        obstacle=Named(kind=obstacle) if obstacle else None,
    )
    if solved is not None:
        answer_survey(case, solved=solved, stars=stars, comment=comment, at=began + timedelta(days=4))
