"""Who may thank whom, and who sees what of it.

An entry is shown while everybody on it wants it to be: one who keeps it, or does not want to stand on the wall, takes it off for
all. Praise is shown while the rating still is what it was when it was looked at.
"""

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, literal_column, or_, select
from sqlalchemy.orm import aliased

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.organisation.models import Membership, Person, Team
from tracker.organisation.policy import allowed, by_role, cell, holds_on, manages, teams_led_by
from tracker.organisation.queries import still_here, team_tree
from tracker.ratings.models import Rating
from tracker.ratings.policy import counted
from tracker.recognition.models import Thanked, Thanks, WallChoice
from tracker.recognition.rules import LONGER_THAN, TOP_STARS, TOP_VALUES


def people_thanked_by(viewer: Viewer) -> Select[Person]:
    """Whom the viewer may thank: everybody who is here, but nobody themselves."""
    people = select(Person).where(allowed("kudos.create", viewer, Person.id), Person.id != viewer.person_id)
    return still_here(people, viewer.today).order_by(Person.name, Person.id)


def people_told_of_by(viewer: Viewer) -> Select[Person]:
    """Whom the viewer may tell a story of, if they say yes."""
    people = select(Person).where(allowed("story.create", viewer, Person.id), Person.id != viewer.person_id)
    return still_here(people, viewer.today).order_by(Person.name, Person.id)


def teams_on_the_wall_of(viewer: Viewer) -> set[int]:
    """Whose good words the viewer reads: of the own team and those above it, of teams led and those beneath."""
    tree, found = team_tree(), set[int]()
    if cell("wall.read", "peer") == "A":
        for team_id in db.session.scalars(_own_teams(viewer)):
            found.update(tree.upwards(team_id))
    if cell("wall.read", "mgr_now") == "A":
        for team_id in db.session.scalars(teams_led_by(viewer).order_by(None).with_only_columns(Team.id)):
            found |= tree.beneath(team_id) if cell("wall.read", "skip") == "A" else {team_id}
    return found


def _own_teams(viewer: Viewer) -> Select[int]:
    own = (Membership.person_id == viewer.person_id, *holds_on(Membership, viewer.today))
    return select(Membership.team_id).where(*own)


def wall_of(viewer: Viewer) -> Select[Thanks]:
    """What the wall shows to the viewer."""
    return select(Thanks).where(_on_the_wall(viewer))


def thanks_seen_by(viewer: Viewer) -> Select[Thanks]:
    """What the viewer may open: the wall, one's own, and what was taken off it about people led."""
    return select(Thanks).where(_is_seen(viewer))


def own_thanks(viewer: Viewer) -> Select[Thanks]:
    """What was said to the viewer or told of them, also what nobody else reads."""
    return select(Thanks).where(_received_by(viewer) if cell("kudos.read", "self") == "A" else false())


def given_by(viewer: Viewer) -> Select[Thanks]:
    return select(Thanks).where(_given_by(viewer) if cell("kudos.read", "self") == "A" else false())


def thanks_hidden_by(viewer: Viewer) -> Select[Thanks]:
    """What the viewer may take off the wall: about people led today; for HR, stories for the whole company."""
    office = Thanks.is_for_all if by_role("wall.hide", viewer) else false()
    led = _leads_somebody(viewer) if cell("wall.hide", "mgr_now") == "A" else false()
    return select(Thanks).where(or_(led, office), _is_seen(viewer))


def _is_seen(viewer: Viewer) -> ColumnElement[bool]:
    own = or_(_given_by(viewer), _received_by(viewer)) if cell("kudos.read", "self") == "A" else false()
    hidden = and_(Thanks.hidden_at.is_not(None), Thanks.taken_back_at.is_(None), _is_wanted(viewer))
    office = Thanks.is_for_all if by_role("wall.hide", viewer) else false()
    return or_(own, _on_the_wall(viewer), and_(hidden, or_(_leads_somebody(viewer), office), _is_true()))


def _on_the_wall(viewer: Viewer) -> ColumnElement[bool]:
    """Of a team whose wall the viewer reads, by who is on it or who tells it; or for all. Then whether it is shown at all."""
    teams = teams_on_the_wall_of(viewer)
    of_team = Thanks.id.in_(select(Thanked.thanks_id).where(Thanked.team_id.in_(teams)))
    for_all = Thanks.is_for_all if cell("wall.read", "peer") == "A" else false()
    told = and_(Thanks.kind == "story", or_(Thanks.team_id.in_(teams), for_all))
    return and_(or_(of_team, told), _is_shown(viewer))


def _leads_somebody(viewer: Viewer) -> ColumnElement[bool]:
    """Whether the viewer leads somebody on it, or who tells the story."""
    on_it = exists(select(Thanked.id).where(Thanked.thanks_id == Thanks.id, manages(viewer, Thanked.person_id)))
    return or_(on_it, and_(Thanks.kind == "story", manages(viewer, Thanks.by_id)))


def _given_by(viewer: Viewer) -> ColumnElement[bool]:
    return Thanks.by_id == viewer.person_id


def _received_by(viewer: Viewer) -> ColumnElement[bool]:
    mine = exists(select(Thanked.id).where(Thanked.thanks_id == Thanks.id, Thanked.person_id == viewer.person_id))
    return and_(mine, Thanks.taken_back_at.is_(None), Thanks.withheld.is_(None), _is_true())


def _is_shown(viewer: Viewer) -> ColumnElement[bool]:
    """Whether the wall shows it at all, to whomever."""
    somebody = exists(select(Thanked.id).where(Thanked.thanks_id == Thanks.id))
    return and_(
        Thanks.shows_at <= viewer.at,
        Thanks.taken_back_at.is_(None),
        Thanks.hidden_at.is_(None),
        or_(Thanks.kind == "story", somebody),
        _is_wanted(viewer),
        _is_true(),
    )


def _is_wanted(viewer: Viewer) -> ColumnElement[bool]:
    """Whether everybody on it, and who gave it, lets it be shown: what one of them keeps nobody else reads, off the wall either."""
    return and_(~_somebody_would_rather_not(viewer), ~_author_would_rather_not(viewer))


def _author_would_rather_not(viewer: Viewer) -> ColumnElement[bool]:
    """Whoever gave it or tells it does not want to stand on the wall, or does not work here any more."""
    gone = exists(select(Person.id).where(Person.id == Thanks.by_id, Person.ended_on <= viewer.today))
    return or_(gone, exists(select(WallChoice.person_id).where(WallChoice.person_id == Thanks.by_id)))


def _somebody_would_rather_not(viewer: Viewer) -> ColumnElement[bool]:
    """Somebody on it keeps it, was not yet heard, does not want to stand on the wall, or does not work here any more."""
    on_it, who = aliased(Thanked), aliased(Person)
    is_out = exists(select(WallChoice.person_id).where(WallChoice.person_id == on_it.person_id))
    has_left = and_(who.ended_on.is_not(None), who.ended_on <= viewer.today)
    unheard = and_(Thanks.kind == "story", on_it.agreed_at.is_(None))
    found = select(on_it.id).join(who, who.id == on_it.person_id).where(on_it.thanks_id == Thanks.id)
    return exists(found.where(or_(on_it.kept_at.is_not(None), unheard, is_out, has_left)))


def _is_true() -> ColumnElement[bool]:
    """Whether praise still is what it was: the same words, about the same person, counted, and nobody looking at it again."""
    to, rating = aliased(Thanked), Rating
    same = exists(
        select(rating.id)
        .join(to, to.person_id == rating.person_id)
        .where(
            rating.id == Thanks.rating_id,
            to.thanks_id == Thanks.id,
            rating.edited_at.is_not_distinct_from(Thanks.rating_edited_at),
            is_praise(),
        )
    )
    return or_(Thanks.rating_id.is_(None), same)


def is_praise() -> ColumnElement[bool]:
    """The condition of a rating whose words may be shared, as far as the database can tell."""
    return and_(
        Rating.stars == literal_column(str(TOP_STARS)),  # written out: SQLite then sees that the index of praise fits
        or_(Rating.original_scale.not_in(list(TOP_VALUES)), *_best_answers()),
        Rating.person_id.is_not(None),
        Rating.has_words(),
        func.length(func.trim(Rating.comment)) > LONGER_THAN,
        Rating.excluded_at.is_(None),
        Rating.disputed_at.is_(None),
        Rating.unchecked_at.is_(None),
        counted(),
    )


def _best_answers() -> list[ColumnElement[bool]]:
    return [
        and_(Rating.original_scale == scale, Rating.original_value.in_(values)) for scale, values in TOP_VALUES.items()
    ]
