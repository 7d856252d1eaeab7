"""The groups of kinds that a person chooses among: what comes by mail, what by push. The inbox has everything, always.

A kind belongs to the group that names the part before its dot. Two groups must reach people whatever they choose: a customer
who waits for a call, and word that somebody’s way in has changed. (Invitations and links for a new password are mails of their
own, which no choice and no quiet hour holds back.)
"""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class Group:
    """`starts`: the first parts of its kinds’ names, or whole names. `has_urgent`: some of its kinds cannot wait for a daily mail."""

    key: str
    label: Any
    says: Any
    starts: tuple[str, ...]
    must_reach: bool = False
    has_urgent: bool = False


GROUPS = (
    Group(
        "week",
        _l("Your week"),
        _l("Your figures are there, once a week"),
        ("week", "gap", "fall", "falls", "watch", "team_notice"),
    ),
    Group(
        "talks",
        _l("Talks"),
        _l("A talk is suggested, set, moved, written up or waits; coaching in your team"),
        ("coaching", "agenda", "debt", "coach", "checklist", "effect", "effects"),
    ),
    Group(
        "training",
        _l("Training and certificates"),
        _l("Courses given to you, days that come near, certificates that end"),
        ("training", "certificate"),
    ),
    Group("looks", _l("Second looks"), _l("Asked, answered, or waiting for you"), ("dispute",)),
    Group(
        "said",
        _l("Interviews, observations and reviews"),
        _l("Somebody wrote down what a customer said, or watched; public reviews to answer"),
        ("interview", "review"),
        has_urgent=True,
    ),
    Group(
        "thanks",
        _l("Thanks and praise"),
        _l("From customers, colleagues and whoever leads you"),
        ("kudos", "thanks", "praise", "recognition", "delight", "story"),
    ),
    Group(
        "obstacles",
        _l("What stood in the way"),
        _l("Answers to what kept you from helping, and what waits for yours"),
        ("obstacle", "cause"),
    ),
    Group(
        "pulse",
        _l("Pulse"),
        _l("A round is open or its results are here, the same for everybody; actions about them, and replies"),
        ("pulse",),
    ),
    Group("reports", _l("Reports"), _l("Reports that somebody put you down for, each a mail of its own"), ("report",)),
    Group(
        "answered", _l("Complaints, afterwards"), _l("What the customer said when it was over"), ("recovery.answered",)
    ),
    Group(
        "waiting",
        _l("Customers who wait for you"),
        _l("Complaints with a clock that runs"),
        ("recovery",),
        must_reach=True,
        has_urgent=True,
    ),
    Group(
        "things",
        _l("Kiosks and other programs"),
        _l("Many unhappy customers at one kiosk; a webhook that is paused"),
        ("kiosk", "webhook"),
        has_urgent=True,
    ),
    Group("teams", _l("Teams"), _l("Your team, and the teams you lead or stand in for"), ("person", "team")),
    Group(
        "limits",
        _l("What you may give"),
        _l("How much you may give a customer without asking, when it changes"),
        ("recovery.limit",),
    ),
    Group(
        "security",
        _l("Your sign-in"),
        _l("Your roles and your PIN"),
        ("roles", "pin"),
        must_reach=True,
    ),
)
OTHER = Group("other", _l("Everything else"), _l("What fits nowhere above"), ())
BY_KEY = {group.key: group for group in (*GROUPS, OTHER)}
_BY_START = {start: group for group in GROUPS for start in group.starts}


def group_of(kind: str) -> Group:
    """The group of a kind of message; a kind that nobody has put into one is still told, and can still be chosen."""
    return _BY_START.get(kind) or _BY_START.get(kind.split(".")[0], OTHER)
