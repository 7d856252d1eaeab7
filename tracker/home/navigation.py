"""What stands in the side bar and the tabs: only what is there, only what is the viewer's."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from flask import Flask, g, request, url_for
from flask_babel import gettext as _

from tracker.core import unchanged
from tracker.core.audience import Viewer, viewer, viewer_or_none
from tracker.home.queries import Waiting, waiting_for
from tracker.organisation.queries import the_organisation

# Their addresses begin like those of one's own training.
TEAM_TRAINING = {
    "training.assign",
    "training.assign_now",
    "training.assignment",
    "training.draw_rollout",
    "training.effects",
    "training.learned",
    "training.mark",
    "training.marking",
    "training.make_rule",
    "training.move",
    "training.new_rollout",
    "training.new_rule",
    "training.results",
    "training.rollout",
    "training.rollouts",
    "training.rules",
    "training.team",
    "training.waive",
}

# Whole groups of pages under an item whose address is another.
HOMES = {
    "coaching_effect": "coaching_effect.effect",
    "feeds": "reviews.tray",
    "pulse_questions": "pulse_rounds.rounds",
    "pulse_replies": "plans.plans",
    "pulse_rounds": "pulse_rounds.rounds",
    "review_import": "reviews.tray",
}


@dataclass(frozen=True)
class Item:
    label: str
    url: str
    icon: str
    current: str | None  # what aria-current says: "page", "true" on a page that belongs to it, or None
    badge: int | None = None
    is_tab: bool = True  # at the foot of a phone, where four have room


@dataclass(frozen=True)
class Group:
    heading: str
    items: list[Item]


def start(app: Flask) -> None:
    app.context_processor(_context)
    unchanged.frame_shows(app, _mark)


def _context() -> dict[str, Any]:
    """Callables, so that a page without a shell (an error, a mail) asks the database nothing."""
    return {"shell": shell, "organisation_name": _OrganisationName()}


class _OrganisationName:
    """The organisation's name, looked up only where a page prints it, and once."""

    def __str__(self) -> str:
        return self._name

    @cached_property
    def _name(self) -> str:
        organisation = the_organisation()
        return organisation.name if organisation else _("Service tracker")


def shell() -> dict[str, Any]:
    """Everything the signed-in layout needs: what waits, in one question, and the groups of links."""
    viewer = viewer_or_none()
    if viewer is None:
        return {"navigation": [], "inbox_new": 0, "account_links": []}
    waiting = _waiting(viewer)
    return {
        "navigation": _groups(viewer, waiting),
        "inbox_new": waiting.messages,
        "account_links": [*_account_links(viewer), (_("Help"), url_for("home.explained"))],
    }


def _mark() -> tuple[object, ...]:
    """All that the frame shows and that changes without its reader: the badges, and the organisation's name on paper."""
    return _waiting(viewer()), str(_OrganisationName())


def _waiting(viewer: Viewer) -> Waiting:
    """Asked for once in a request, however often it is shown."""
    held: dict[int, Waiting] = g.setdefault("waiting_for", {})
    if viewer.person_id not in held:
        held[viewer.person_id] = waiting_for(viewer)
    return held[viewer.person_id]


def _account_links(viewer: Viewer) -> list[tuple[str, str]]:
    """With a PIN on a shared terminal nobody changes an account."""
    if viewer.by_pin:
        return []
    return [
        (_("Password and sign-ins"), url_for("access.account")),
        (_("Mail, push and quiet hours"), url_for("choices.choices")),
    ]


def _groups(viewer: Viewer, waiting: Waiting) -> list[Group]:
    mine = [
        _item(_("My feedback"), "home.my_feedback", "feedback"),
        _item(_("Training"), "training.training", "training", waiting.courses),
        _item(_("Pulse"), "pulse_answers.pulse", "pulse"),
        replace(_item(_("Thanks"), "recognition.wall", "heart"), is_tab=False),
        _item(_("Inbox"), "notifications.inbox", "inbox", waiting.messages),
    ]
    groups = [Group(_("For me"), mine)]
    if viewer.manages:
        team = [
            _item(_("Team board"), "home.board", "people"),
            _item(_("Coaching"), "coaching.cases", "coaching", waiting.talks),
            _item(_("Training"), "training.team", "training"),
            _item(_("Complaints"), "recovery.cases", "flag", waiting.complaints),
            _item(_("Certificates"), "certificates.matrix", "shield"),
            _item(_("Ask a customer"), "intake.new_link", "plus"),
            _item(_("Invitations"), "invitations.invitations", "bell"),
            _item(_("Second looks"), "disputes.disputes", "info", waiting.looks),
            _item(_("Obstacles"), "obstacles.board", "warning", waiting.obstacles),
            _item(_("Pulse results"), "pulse_results.latest", "pulse"),
            _item(_("Actions"), "plans.plans", "check"),
            _item(_("Report"), "engagement_report.engagement", "chart"),
            _item(_("Staff and customers"), "reports.perception", "chart"),
            _item(_("Posts"), "posts.posts", "calendar"),
            _item(_("Reviews"), "reviews.reviews", "heart", waiting.reviews),
            _item(_("Kiosks"), "intake.kiosks", "place"),
            _item(_("Shared terminals"), "access.terminals", "key"),
        ]
        groups.insert(0, Group(_("My team"), team))
    if viewer.roles:
        groups.append(Group(_("Office"), _office(viewer, waiting)))
    return groups


def _office(viewer: Viewer, waiting: Waiting) -> list[Item]:
    items = [_item(_("People"), "organisation.people", "person"), _item(_("Teams"), "organisation.teams", "people")]
    items.append(_item(_("Ratings tray"), "intake.tray", "list"))
    items += [] if viewer.manages else [_item(_("Posts"), "posts.posts", "calendar")]
    items += [] if viewer.manages else [_item(_("Invitations"), "invitations.invitations", "bell")]
    if "hr" in viewer.roles and not viewer.manages:
        items.append(_item(_("Training"), "training.team", "training"))
    items += [] if viewer.manages else [_item(_("Complaints"), "recovery.cases", "flag", waiting.complaints)]
    if "hr" in viewer.roles and not viewer.manages:
        items.append(_item(_("Second looks"), "disputes.disputes", "info", waiting.looks))
    if not viewer.manages:
        page = "reviews.reviews" if "hr" in viewer.roles else "reviews.tray"
        items.append(_item(_("Reviews"), page, "heart", waiting.reviews))
    items += [] if viewer.manages else [_item(_("Obstacles"), "obstacles.board", "warning")]
    if "hr" in viewer.roles:
        items += [] if viewer.manages else [_item(_("Certificates"), "certificates.matrix", "shield")]
        items += [] if viewer.manages else [_item(_("Pulse results"), "pulse_results.latest", "pulse")]
        items += [] if viewer.manages else [_item(_("Actions"), "plans.plans", "check")]
        items += [] if viewer.manages else [_item(_("Report"), "engagement_report.engagement", "chart")]
        items += [] if viewer.manages else [_item(_("Staff and customers"), "reports.perception", "chart")]
        items.append(_item(_("Customers"), "customer_report.customers", "chart"))
        items.append(_item(_("Fairness"), "fairness.fairness", "chart"))
        items.append(_item(_("Samples"), "home.samples", "chart"))
        items.append(_item(_("Observations"), "interviews.groups", "list"))
        items.append(_item(_("Coaching"), "coaching_effect.effect", "coaching"))
        items.append(_item(_("Pulse rounds"), "pulse_rounds.rounds", "pulse"))
    items.append(_item(_("Surveys"), "intake.surveys", "feedback"))
    if "admin" in viewer.roles:
        items += [_item(_("Import"), "intake.imports", "import"), _item(_("Mail"), "home.mails", "bell")]
        items += [] if viewer.manages else [_item(_("Kiosks"), "intake.kiosks", "place")]
        items += [] if viewer.manages else [_item(_("Shared terminals"), "access.terminals", "key")]
        items.append(_item(_("Settings"), "organisation.settings", "settings"))
    items.append(_item(_("Works council"), "works_council.pack", "list"))
    return [*items, _item(_("Audit log"), "home.audit", "shield")]


def _item(label: str, endpoint: str, icon: str, badge: int = 0) -> Item:
    url = url_for(endpoint)
    home = _home_of(request.endpoint)
    belongs = endpoint == home if home else request.path.startswith(url + "/")
    return Item(label, url, icon, "page" if request.path == url else "true" if belongs else None, badge or None)


def _home_of(endpoint: str | None) -> str | None:
    """The item that a page belongs to where their addresses do not tell."""
    if endpoint in {"home.person_feedback", "home.person_ratings", "interviews.of_person"}:
        return "home.board"
    if endpoint and (part := endpoint.split(".")[0]) in HOMES:
        return HOMES[part]
    if endpoint in TEAM_TRAINING or (endpoint and endpoint.startswith(("courses.", "publishing."))):
        return "training.team"
    if endpoint in {"interviews.own", "obstacles.about_rating", "coaching.mine"}:
        return "home.my_feedback"
    if endpoint in {"coaching_clock.waiting", "coach_feedback.quality"} and not _leads():
        return "coaching_effect.effect"
    viewer = viewer_or_none()
    if viewer and endpoint and endpoint.startswith("pulse_results."):
        return "pulse_results.latest" if viewer.manages or "hr" in viewer.roles else "pulse_answers.pulse"
    if viewer is None or viewer.manages:
        return None
    is_mine = endpoint == "coaching.case" or (endpoint in {"obstacles.board", "obstacles.cause"} and not viewer.roles)
    return "home.my_feedback" if is_mine else None


def _leads() -> bool:
    viewer = viewer_or_none()
    return viewer is not None and viewer.manages
