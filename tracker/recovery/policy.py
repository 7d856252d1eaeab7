"""Who sees a complaint, who acts on it, and who may reach the customer: only while it is open."""

from sqlalchemy import CTE, ColumnElement, Select, and_, exists, false, not_, or_, select

from tracker.core.audience import Viewer
from tracker.organisation.models import Team, Tenure
from tracker.organisation.policy import allowed, by_role, cell, holds_on, teams_led_and_beneath, teams_led_by
from tracker.ratings.models import Rating
from tracker.recovery.limit_models import Given
from tracker.recovery.models import RecoveryCase, RecoveryHelper, RecoveryRating, ReplyTemplate


def cases_seen_by(viewer: Viewer) -> Select[RecoveryCase]:
    """About one's own service or name; about people or teams one leads, in the present tenure; those one takes care of while open."""
    reads = (_about("complaint.read", viewer), _in_public("complaint.read", viewer), _holds("complaint.read", viewer))
    return select(RecoveryCase).where(or_(*reads))


def cases_resolved_by(viewer: Viewer) -> Select[RecoveryCase]:
    """Open cases on which the viewer may act: never about the viewer's own service."""
    acts = (
        _about("complaint.resolve", viewer),
        _in_public("complaint.resolve", viewer),
        _holds("complaint.resolve", viewer),
    )
    open_ones = (RecoveryCase.closed_at.is_(None), or_(*acts))
    return select(RecoveryCase).where(*open_ones, _not_about_oneself(viewer))


def cases_held_by(viewer: Viewer) -> Select[RecoveryCase]:
    """Open cases that the viewer takes care of or helps with, but those about the viewer."""
    return select(RecoveryCase).where(_holds("complaint.resolve", viewer), _not_about_oneself(viewer))


def contacts_read_by(viewer: Viewer) -> Select[RecoveryCase]:
    """Open cases whose customer the viewer may reach."""
    reads = or_(_about("customer_contact.read", viewer), _holds("customer_contact.read", viewer))
    return cases_resolved_by(viewer).where(reads)


def reads_report(viewer: Viewer) -> bool:
    """Counts of the whole company, in groups of five or more."""
    return by_role("complaint.summary", viewer)


def cases_beneath(viewer: Viewer) -> Select[RecoveryCase]:
    """Of teams beneath those that the viewer leads: for counts in groups only."""
    led, beneath = _led_and_beneath(viewer)
    below = RecoveryCase.team_id.in_(select(beneath.c.id)) & RecoveryCase.team_id.not_in(led)
    return select(RecoveryCase).where(below if cell("complaint.read", "skip") == "G" else false())


def leads_above_others(viewer: Viewer) -> Select[int]:
    """Asks for one team beneath those that the viewer leads."""
    led, beneath = _led_and_beneath(viewer)
    return select(beneath.c.id).where(beneath.c.id.not_in(led)).limit(1)


def teams_given_owners_by(viewer: Viewer) -> Select[Team]:
    """For whose complaints the viewer says who takes care of them: teams led and all beneath; HR and admins every one."""
    teams = select(Team).where(Team.closed_on.is_(None)).order_by(Team.name, Team.id)
    if chooses_for_all(viewer):
        return teams
    _led, beneath = _led_and_beneath(viewer)
    return teams.where(Team.id.in_(select(beneath.c.id)) if cell("complaint.owners", "mgr_now") == "A" else false())


def chooses_for_all(viewer: Viewer) -> bool:
    """Who takes care of complaints where no team has a rule of its own."""
    return by_role("complaint.owners", viewer)


def teams_with_limits_seen_by(viewer: Viewer) -> Select[Team]:
    """Whose limits of giving on the spot the viewer reads: of teams led and all beneath; HR and admins of every one."""
    teams = select(Team).where(Team.closed_on.is_(None)).order_by(Team.name, Team.id)
    if by_role("giving_limit.read", viewer):
        return teams
    led, beneath = _led_and_beneath(viewer)
    own = Team.id.in_(led) if cell("giving_limit.read", "mgr_now") == "A" else false()
    below = Team.id.in_(select(beneath.c.id)) & Team.id.not_in(led)
    return teams.where(or_(own, below if cell("giving_limit.read", "skip") == "A" else false()))


def chooses_limits(viewer: Viewer) -> bool:
    """For the company and for every team."""
    return by_role("giving_limit.choose", viewer)


def reads_own_limit() -> bool:
    return cell("giving_limit.read", "self") == "A"


def replies_kept_by(viewer: Viewer) -> Select[ReplyTemplate]:
    """Texts that the viewer keeps: of teams led today; HR those for all, and every team's."""
    if keeps_for_all(viewer):
        return select(ReplyTemplate)
    led = teams_led_by(viewer).order_by(None).with_only_columns(Team.id)
    keeps = ReplyTemplate.team_id.in_(led) if cell("reply_template.edit", "mgr_now") == "A" else false()
    return select(ReplyTemplate).where(keeps)


def keeps_for_all(viewer: Viewer) -> bool:
    return by_role("reply_template.edit", viewer)


def cases_credited_to(viewer: Viewer) -> Select[RecoveryCase]:
    """Those that the viewer closed: for counts and the customer’s thanks, whoever may read the case itself by now."""
    is_own = RecoveryCase.closed_by_id == viewer.person_id
    return select(RecoveryCase).where(is_own if cell("complaint.credit", "self") == "A" else false())


def cases_ended_by(viewer: Viewer) -> Select[RecoveryCase]:
    """Those that the viewer reads, and those that the viewer closed: for the form of the end, sent once more."""
    ways = (cases_seen_by(viewer), cases_credited_to(viewer))
    return select(RecoveryCase).where(
        or_(*(RecoveryCase.id.in_(one.with_only_columns(RecoveryCase.id)) for one in ways))
    )


def gifts_of(viewer: Viewer) -> Select[Given]:
    """What the viewer gave customers or agreed to, whoever may read the case itself by now."""
    is_own = or_(Given.by_id == viewer.person_id, Given.agreed_by_id == viewer.person_id)
    return select(Given).where(is_own if cell("complaint.credit", "self") == "A" else false())


def _led_and_beneath(viewer: Viewer) -> tuple[Select[int], CTE]:
    """Numbers of the teams that the viewer leads; and of these with all beneath them."""
    led = teams_led_by(viewer).order_by(None).with_only_columns(Team.id)
    return led, teams_led_and_beneath(viewer)


def _about(action: str, viewer: Viewer) -> ColumnElement[bool]:
    return exists(
        select(RecoveryRating.rating_id)
        .join(Rating, Rating.id == RecoveryRating.rating_id)
        .where(
            RecoveryRating.case_id == RecoveryCase.id,
            allowed(action, viewer, Rating.person_id, dated=Rating.rated_on),
        )
    ).correlate(RecoveryCase)


def _in_public(action: str, viewer: Viewer) -> ColumnElement[bool]:
    """A public complaint is about a team, so who leads it counts, from the present tenure; and about whom it names."""
    led = exists(
        select(Tenure.id).where(
            Tenure.team_id == RecoveryCase.team_id,
            Tenure.person_id == viewer.person_id,
            *holds_on(Tenure, viewer.today),
            RecoveryCase.opened_on >= Tenure.started_on,
        )
    ).correlate(RecoveryCase)
    of_team = led if cell(action, "mgr_now") == "T" else false()
    named = allowed(action, viewer, RecoveryCase.named_id, dated=RecoveryCase.opened_on)
    return and_(RecoveryCase.is_public, or_(of_team, named))


def _not_about_oneself(viewer: Viewer) -> ColumnElement[bool]:
    served = exists(
        select(RecoveryRating.rating_id)
        .join(Rating, Rating.id == RecoveryRating.rating_id)
        .where(RecoveryRating.case_id == RecoveryCase.id, Rating.person_id == viewer.person_id)
    ).correlate(RecoveryCase)
    return and_(not_(served), RecoveryCase.named_id.is_distinct_from(viewer.person_id))


def _holds(action: str, viewer: Viewer) -> ColumnElement[bool]:
    """Takes care of it, or helps since it was escalated."""
    if cell(action, "assignee") != "A":
        return false()
    helps = exists(
        select(RecoveryHelper.case_id).where(
            RecoveryHelper.case_id == RecoveryCase.id, RecoveryHelper.person_id == viewer.person_id
        )
    ).correlate(RecoveryCase)
    return and_(RecoveryCase.closed_at.is_(None), or_(RecoveryCase.owner_id == viewer.person_id, helps))
