"""What may be done with thanks: give and take back, tell a story, put its words right, say yes to one, keep it, take it off the wall."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select

from tracker.audit.actions import record
from tracker.core.db import db, upsert
from tracker.core.errors import Conflict, Invalid, NotYet
from tracker.notifications.actions import tell
from tracker.organisation.models import Person
from tracker.organisation.queries import calendars, team_of, teams_of_everybody
from tracker.recognition.models import Thanked, Thanks, WallChoice
from tracker.recognition.rules import (
    KUDOS_A_DAY,
    ONE_DAY,
    RECEIVERS_AT_MOST,
    STORIES_A_DAY,
    may_take_back,
    shows_from,
    words_mark,
)


@dataclass(frozen=True)
class Said:
    """What a form says. `form_key`: made with the empty form. The title, what it is about and `is_for_all` are a story's."""

    text: str
    form_key: str
    driver: str | None = None
    title: str | None = None
    about_id: int | None = None
    is_for_all: bool = False


def give(said: Said, people: Sequence[Person], *, by: int, at: datetime) -> tuple[Thanks, bool]:
    """Thank one or several colleagues, who are told. (thanks, whether they are new): the same form sent twice is one.

    Raises NotYet above the limits that keep thanks from becoming noise.
    """
    _wait_for(by)
    if (known := _of_form(said.form_key, by)) is not None:
        return known, False
    if not people or by in {person.id for person in people} or len(people) > RECEIVERS_AT_MOST:
        raise Invalid("Thanks go to one colleague or a few others, and never to oneself.")
    _keep_within_limits([person.id for person in people], by=by, at=at)
    hours = calendars([person.id for person in people], at.date())
    thanks = Thanks(kind="kudos", by_id=by, form_key=said.form_key, text=said.text, driver=said.driver, made_at=at)
    thanks.shows_at = max(shows_from(at, hours[person.id]) for person in people)
    thanks.people = _on_it(people, at=at)
    db.session.add(thanks)
    db.session.flush()
    for person in people:
        record("thanks.given", by=by, about=thanks, person=person.id, at=at)
        _tell(thanks, "thanks.received", person.id, at=at)
    return thanks, True


def tell_story(said: Said, people: Sequence[Person], *, by: int, at: datetime) -> tuple[Thanks, bool]:
    """Tell how a customer came to be delighted. Whoever is named is asked, and nothing shows before all have said yes."""
    _wait_for(by)
    if (known := _of_form(said.form_key, by)) is not None:
        return known, False
    if by in {person.id for person in people} or len(people) > RECEIVERS_AT_MOST:
        raise Invalid("A story names a few colleagues; whoever tells it stands on it anyway.")
    if _made_since(by, at, "story") >= STORIES_A_DAY:
        raise NotYet("You have told three stories today. Keep this one for tomorrow, so that each of them is read.")
    team = team_of(by, at.date())
    story = Thanks(
        kind="story",
        by_id=by,
        form_key=said.form_key,
        title=said.title,
        text=said.text,
        about_id=said.about_id,
        is_for_all=said.is_for_all,
        team_id=team.id if team else None,
        made_at=at,
        shows_at=None if people else at,
    )
    story.people = _on_it(people, at=at)
    db.session.add(story)
    db.session.flush()
    record("story.told", by=by, about=story, at=at)
    for person in people:
        _tell(story, "story.asked", person.id, at=at)
    return story, True


def reword(story: Thanks, said: Said, *, at: datetime) -> None:
    """Whoever tells a story puts its words right before anybody has said yes to them; those who have not said no are asked anew,
    in one message an hour at most.

    Raises Conflict once somebody has said yes, or it shows: then it can be taken back and told again.
    """
    _lock(story)
    if not can_be_reworded(story):
        raise Conflict(
            "Somebody has said yes to these words, so they stay. You can take the story back and tell it anew."
        )
    if (story.title, story.text, story.is_for_all) == (said.title, said.text, said.is_for_all):
        return
    story.title, story.text, story.is_for_all = said.title, said.text, said.is_for_all
    record("story.reworded", by=story.by_id, about=story, at=at)
    for one in story.people:
        if one.kept_at is None:
            _tell(story, "story.asked", one.person_id, at=at, now=f"|{at:%y%m%d%H}")


def can_be_reworded(thanks: Thanks) -> bool:
    """With its people loaded."""
    is_open = thanks.kind == "story" and thanks.shows_at is None and thanks.taken_back_at is None
    return is_open and thanks.hidden_at is None and all(one.agreed_at is None for one in thanks.people)


def agree(thanks: Thanks, *, by: int, at: datetime, read: str | None = None) -> None:
    """Whoever is on it wants it to be shown: to a story this is the yes it waits for; thanks and praise are shared again.

    `read`: the mark of the words that were read (rules.words_mark); Conflict when they are others by now.
    """
    mine = _part_of(thanks, by)
    if read and read != words_mark(thanks.title, thanks.text, is_for_all=thanks.is_for_all):
        raise Conflict("The words were changed while you read them. Read them again, and then say yes or no.")
    if mine.kept_at is None and (mine.agreed_at is not None or thanks.kind != "story"):
        return
    mine.agreed_at, mine.kept_at = at, None
    db.session.flush()
    record("thanks.shared", by=by, about=thanks, person=by, at=at)
    if thanks.kind == "story" and all(one.agreed_at and not one.kept_at for one in thanks.people):
        thanks.shows_at = thanks.shows_at or at
        _tell(thanks, "story.agreed", thanks.by_id, at=at)


def keep(thanks: Thanks, *, by: int, at: datetime) -> None:
    """Whoever is on it keeps it: the wall does not show it, to nobody. To a story this is a no."""
    mine = _part_of(thanks, by)
    if mine.kept_at is not None:
        return
    mine.kept_at, mine.agreed_at = at, None
    record("thanks.kept", by=by, about=thanks, person=by, at=at)
    if thanks.kind == "story":
        _tell(thanks, "story.kept", thanks.by_id, at=at, now=f"|{by}")


def take_back(thanks: Thanks, *, at: datetime) -> None:
    """Whoever gave thanks takes them back within 24 hours; a story whenever they like. Then nobody else reads it."""
    _lock(thanks)
    if thanks.taken_back_at is not None:
        return
    if thanks.kind == "kudos" and not may_take_back(thanks.made_at, thanks.taken_back_at, at):
        raise Conflict("Thanks can be taken back for 24 hours. After that they are their receivers’.")
    thanks.taken_back_at = at
    record("thanks.taken_back", by=thanks.by_id, about=thanks, at=at)


def take_off_the_wall(thanks: Thanks, *, by: int, reason: str, at: datetime) -> None:
    """A leader takes it off the wall; whoever is on it, and who gave or told it, read the reason."""
    _lock(thanks)
    if thanks.hidden_at is not None:
        raise Conflict("This was taken off the wall already.")
    thanks.hidden_at, thanks.hidden_by_id, thanks.hidden_because = at, by, reason
    record("thanks.hidden", by=by, about=thanks, at=at)
    for person_id in {one.person_id for one in thanks.people} | {thanks.by_id}:
        if person_id != by:
            _tell(thanks, "thanks.hidden", person_id, at=at, now=f"|{at:%y%m%d%H%M%S}")


def put_back(thanks: Thanks, *, by: int, at: datetime) -> None:
    """A leader lets the wall show it again."""
    _lock(thanks)
    if thanks.hidden_at is None:
        return
    thanks.hidden_at = thanks.hidden_by_id = thanks.hidden_because = None
    record("thanks.put_back", by=by, about=thanks, at=at)


def leave_the_wall(*, by: int, at: datetime) -> None:
    """Nothing shows any more with this person on it, at once and also what is old."""
    left = upsert(WallChoice).values(person_id=by, left_at=at).on_conflict_do_nothing(index_elements=["person_id"])
    if db.session.scalar(left.returning(WallChoice.person_id)) is not None:
        record("wall.left", by=by, about="wall_choice", person=by, at=at)


def come_back_to_the_wall(*, by: int, at: datetime) -> None:
    gone = delete(WallChoice).where(WallChoice.person_id == by).returning(WallChoice.person_id)
    if db.session.scalar(gone) is not None:
        record("wall.joined", by=by, about="wall_choice", person=by, at=at)


def _keep_within_limits(to: Sequence[int], *, by: int, at: datetime) -> None:
    if _made_since(by, at, "kudos") >= KUDOS_A_DAY:
        raise NotYet("You have said thank you five times today, which is lovely. Keep this one for tomorrow.")
    again = (
        select(Person.name)
        .join(Thanked, Thanked.person_id == Person.id)
        .join(Thanks, Thanks.id == Thanked.thanks_id)
        .where(Thanks.kind == "kudos", *_recent(by, at), Person.id.in_(to))
        .order_by(Person.name)
    )
    if name := db.session.scalar(again.limit(1)):
        raise NotYet(f"You thanked {name} less than a day ago. Tell them the rest in person, or come back tomorrow.")


def _made_since(by: int, at: datetime, kind: str) -> int:
    return db.session.scalars(select(func.count()).where(Thanks.kind == kind, *_recent(by, at))).one()


def _recent(by: int, at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Of this person, of the last 24 hours; what was taken back does not count."""
    return Thanks.by_id == by, Thanks.made_at > at - ONE_DAY, Thanks.taken_back_at.is_(None)


def _on_it(people: Iterable[Person], *, at: datetime) -> list[Thanked]:
    teams = teams_of_everybody(at.date())
    return [Thanked(person_id=person.id, team_id=teams.get(person.id)) for person in people]


def _tell(thanks: Thanks, kind: str, to: int | None, *, at: datetime, now: str = "") -> None:
    """In the next working hour of whoever it is; `now` tells one time from another where it may happen again."""
    if to is not None:
        tell(kind, to=to, key=f"{kind}|{thanks.id}|{to}{now}", at=at, about_id=thanks.id)


def _of_form(form_key: str, by: int) -> Thanks | None:
    return db.session.scalar(select(Thanks).where(Thanks.by_id == by, Thanks.form_key == form_key))


def _wait_for(person_id: int) -> None:
    """Of two forms of one person that come at once, the second is counted after the first."""
    db.session.execute(select(Person.id).where(Person.id == person_id).with_for_update())


def _part_of(thanks: Thanks, person_id: int) -> Thanked:
    _lock(thanks)
    mine = next((one for one in thanks.people if one.person_id == person_id), None)
    if mine is None or thanks.taken_back_at is not None:
        raise Conflict("This is for whoever is on it, while it is there.")
    return mine


def _lock(thanks: Thanks) -> None:
    """Of two who act at once, the second finds what the first did."""
    db.session.flush()
    db.session.refresh(thanks, with_for_update={"of": Thanks})
    db.session.refresh(thanks, ["people"])
