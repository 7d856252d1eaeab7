"""What is done with a kiosk: set up, paired with a tablet, left, unpaired; and what its tablet delivers."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select, update

from tracker.access.rules import SLIP_ALPHABET, keyed_hash, new_token, token_hash
from tracker.audit.actions import record
from tracker.core import clock, hooks
from tracker.core.db import db, upsert
from tracker.intake.actions import credited_by_post, receive
from tracker.intake.kiosk_queries import helper_ids, latest_answers
from tracker.intake.kiosk_rules import CODE_LENGTH, STILL_NEWS, Answer, Burst, Delivery, burst_in, to_the_hour
from tracker.intake.models import Kiosk
from tracker.notifications.actions import tell
from tracker.organisation.queries import calendar_of, leaders_on
from tracker.ratings.actions import Submission
from tracker.ratings.models import Channel

SOURCE = "kiosk"
CHANNEL = "Kiosk"
CODE_LETTERS = 8  # about 40 bits for 15 minutes, behind a limit of tries


def make_kiosk(
    *,
    place: str,
    team_id: int,
    touchpoint_id: int | None,
    asks_who: bool,
    language: str,
    pin_hash: str,
    by: int | None,
    at: datetime,
) -> Kiosk:
    """A kiosk that no tablet belongs to yet. The PIN is hashed by the caller, who holds no lock yet."""
    kiosk = Kiosk(
        place=place,
        team_id=team_id,
        touchpoint_id=touchpoint_id,
        asks_who=asks_who,
        language=language,
        pin_hash=pin_hash,
        created_at=at,
        created_by_id=by,
    )
    db.session.add(kiosk)
    record("kiosk.made", by=by, about=kiosk, at=at)
    return kiosk


def change_kiosk(
    kiosk: Kiosk,
    *,
    place: str,
    team_id: int,
    touchpoint_id: int | None,
    asks_who: bool,
    language: str,
    pin_hash: str | None,
    by: int,
    at: datetime,
) -> None:
    """What it asks, in which language first, where it stands, and a new PIN where one is given. Answers so far stay as they are."""
    kiosk.place, kiosk.team_id, kiosk.touchpoint_id, kiosk.asks_who = place, team_id, touchpoint_id, asks_who
    kiosk.language = language
    kiosk.pin_hash = pin_hash or kiosk.pin_hash
    record("kiosk.changed", by=by, about=kiosk, at=at)


def make_code(kiosk: Kiosk, *, key: str, by: int | None, at: datetime) -> str:
    """A code that pairs one tablet, once, within 15 minutes; returned once. A tablet that is paired stays so until another is.

    A code is short, so its hash is keyed: whoever reads the database cannot try all codes against it.
    """
    code = "".join(secrets.choice(SLIP_ALPHABET) for _letter in range(CODE_LETTERS))
    kiosk.code_hash, kiosk.code_expires_at = keyed_hash(key, code), at + CODE_LENGTH
    record("kiosk.code_made", by=by, about=kiosk, at=at)
    return f"{code[:4]}-{code[4:]}"


def pair(typed: str, *, key: str, at: datetime) -> str | None:
    """Spend a code on a tablet: the token for its cookie, stored nowhere; None for a code that opens nothing.

    Of two tablets with one code one is paired. The tablet that was the kiosk before is it no longer.
    """
    code = "".join(letter for letter in typed.upper() if letter.isalnum())
    token = new_token()
    spent = (
        update(Kiosk)
        .where(Kiosk.code_hash == keyed_hash(key, code), Kiosk.code_expires_at > at, Kiosk.closed_at.is_(None))
        .values(token_hash=token_hash(token), paired_at=at, code_hash=None, code_expires_at=None, left_at=None)
        .returning(Kiosk.id)
        .execution_options(synchronize_session=False)
    )
    kiosk_id = db.session.scalar(spent)
    if kiosk_id is None:
        return None
    record("kiosk.paired", by=None, about=db.session.get_one(Kiosk, kiosk_id), at=at)
    return token


def unpair(kiosk: Kiosk, *, by: int, at: datetime) -> None:
    """The tablet's cookie is worth nothing from now on, and neither is a code that nobody has used."""
    kiosk.token_hash = kiosk.code_hash = kiosk.code_expires_at = kiosk.left_at = kiosk.waiting = None
    record("kiosk.unpaired", by=by, about=kiosk, at=at)


def close_kiosk(kiosk: Kiosk, *, by: int, at: datetime) -> None:
    """Off the list, and its tablet with it. What it gave stays."""
    unpair(kiosk, by=by, at=at)
    kiosk.closed_at = at
    record("kiosk.closed", by=by, about=kiosk, at=at)


def leave(kiosk: Kiosk, *, at: datetime) -> None:
    """The tablet may be used for other things until the kiosk is started again."""
    kiosk.left_at = at
    record("kiosk.left", by=None, about=kiosk, at=at)


def start_again(kiosk: Kiosk) -> None:
    kiosk.left_at = None


def take_delivery(kiosk: Kiosk, delivery: Delivery, *, at: datetime) -> None:
    """Store each answer once, note that the tablet was heard of, and raise the alarm if it must be raised."""
    take_answers(kiosk, delivery.answers, at=at)
    kiosk.waiting, kiosk.clock_ahead = delivery.waiting, delivery.clock_ahead
    kiosk.last_seen_at = to_the_hour(at)


def take_answers(kiosk: Kiosk, answers: Sequence[Answer], *, at: datetime) -> None:
    """The same id again is the same rating.

    Somebody named who was not in the team on the day of the answer is not credited, and the stars are kept: a tablet that
    was offline over night may show yesterday's names, and that is not the customer's fault. The answer waits in the tray.
    """
    if not answers:
        return
    channel_id = _channel()
    # By person first: two kiosks that deliver at once then lock the weekly counts in the same order.
    given = [_submission(kiosk, answer, channel_id=channel_id) for answer in answers]
    for submission in sorted(given, key=lambda one: (one.person_id or 0, one.rated_at)):
        receive(submission, at=at)
    burst = burst_in(latest_answers(kiosk.id, at=at), since=min(answer.rated_at for answer in answers), at=at)
    if burst and _may_alarm(kiosk, at=at):
        _tell_of(burst, kiosk, at=at)


def _submission(kiosk: Kiosk, answer: Answer, *, channel_id: int) -> Submission:
    """An answer that names nobody goes to who alone held the kiosk's post then; else it waits in the tray under its place."""
    if answer.person_id is None:
        credit = credited_by_post(kiosk.place, answer.rated_at, team_id=kiosk.team_id)
    else:
        named = answer.person_id in helper_ids(kiosk, answer.rated_at)
        credit = {"person_id": answer.person_id if named else None}
    return Submission(
        source=SOURCE,
        external_id=f"{kiosk.id}:{answer.id}",
        rated_at=answer.rated_at,
        stars=answer.stars,
        original_value=str(answer.stars),
        **credit,
        touchpoint_id=kiosk.touchpoint_id,
        channel_id=channel_id,
        place=kiosk.place,
        employee_reference=None if credit["person_id"] else f"{kiosk.place}, {kiosk.team.name}"[:120],
    )


def _channel() -> int:
    known = select(Channel.id).where(Channel.name == CHANNEL)
    found = db.session.scalar(known)
    if found is None:
        db.session.execute(upsert(Channel).values(name=CHANNEL).on_conflict_do_nothing(index_elements=["name"]))
    return found or db.session.scalars(known).one()


def _may_alarm(kiosk: Kiosk, *, at: datetime) -> bool:
    """At most once an hour for each kiosk; of two deliveries at the same moment one is told yes."""
    first = (
        update(Kiosk)
        .where(Kiosk.id == kiosk.id, or_(Kiosk.alarmed_at.is_(None), Kiosk.alarmed_at <= at - STILL_NEWS))
        .values(alarmed_at=at)
        .returning(Kiosk.id)
        .execution_options(synchronize_session=False)
    )
    return db.session.scalar(first) is not None


def _tell_of(burst: Burst, kiosk: Kiosk, *, at: datetime) -> None:
    """To who leads the team today, else to the next above: at once inside working hours, else in the morning."""
    key = f"kiosk.unhappy|{kiosk.id}|{burst.until:%Y%m%d%H%M%S%f}"
    since, until = burst.since.isoformat(), burst.until.isoformat()
    counts = {"unhappy": burst.unhappy, "count": burst.count, "since": since, "until": until}
    hooks.announce("kiosk.unhappy_burst", about=kiosk.id, key=key, at=at, **counts)
    leader = leader_of(kiosk, at=at)
    if leader is None:
        return
    tell(
        "kiosk.unhappy",
        to=leader,
        key=key,
        at=at,
        visible_at=calendar_of(leader, at.date()).next_working_moment(at),
        about_id=kiosk.id,
        urgent=True,
        **counts,
    )


def leader_of(kiosk: Kiosk, *, at: datetime) -> int | None:
    """Who leads the kiosk's team today; while nobody does, who leads the nearest team above that somebody leads."""
    leaders = leaders_on(clock.local_day(at, kiosk.team.time_zone))
    upwards = (leaders.of_team(team_id) for team_id in leaders.tree.upwards(kiosk.team_id))
    return next((leader for leader in upwards if leader is not None), None)
