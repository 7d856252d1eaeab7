"""The rating exports of helpdesks, recognised by their headers, and which of their columns holds what.

Sources: Chatwoot download.csv.erb of the CSAT report; Odoo rating.rating (field labels); Zendesk satisfaction ratings API and
Explore; Freshdesk satisfaction survey report and API v2; FreeScout Satisfaction Ratings report.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.intake.mapping import plain_words


@dataclass(frozen=True)
class Export:
    """`signs`: headers that only this export has together. `fields`: for each field of ours its headers there, the surest first.
    `zero_is_no_answer`: it writes 0 where a customer was asked and has not answered."""

    name: str
    signs: tuple[tuple[str, ...], ...]
    fields: dict[str, tuple[str, ...]]
    zero_is_no_answer: bool = False

    def is_in(self, headers: set[str]) -> bool:
        return any(headers.issuperset(sign) for sign in self.signs)


EXPORTS = (
    Export(
        "Chatwoot",
        (("agent name", "rating", "feedback comment"), ("agent name", "rating", "link to the conversation")),
        {
            "stars": ("rating",),
            "rated_at": ("recorded date", "recorded at", "created at"),
            "employee": ("agent name",),
            "comment": ("feedback comment", "feedback"),
        },
    ),
    Export(
        "Odoo",
        (("rated operator", "rating value"), ("rated operator", "rating"), ("rated partner id", "rating")),
        {
            "stars": ("rating value", "rating"),
            "rated_at": ("submitted on", "create date", "created on", "last updated on"),
            "employee": ("rated operator", "rated partner name", "rated partner id", "rated partner id name"),
            "team": ("parent document name", "parent res name"),
            "comment": ("comment", "feedback"),
            "external_id": ("id", "external id"),
        },
        zero_is_no_answer=True,
    ),
    Export(
        "Zendesk",
        (
            ("assignee id", "score", "ticket id"),
            ("ticket id", "satisfaction score", "assignee name"),
            ("ticket id", "ticket satisfaction rating"),
            ("ticket id", "satisfaction rating", "assignee name"),
            ("ticket id", "satisfaction rating", "assignee"),
        ),
        {
            "stars": ("ticket satisfaction rating", "satisfaction rating", "satisfaction score", "score"),
            "rated_at": (
                "ticket satisfaction rated timestamp",
                "satisfaction rated at",
                "survey response timestamp",
                "ticket satisfaction rated date",
                "created at",
                "updated at",
                "ticket solved timestamp",
                "ticket solved date",
                "date",
            ),
            "employee": ("assignee email", "assignee name", "assignee", "assignee id"),
            "team": ("ticket group", "group name", "group"),
            "comment": ("ticket satisfaction comment", "satisfaction comment", "comment"),
            "drivers": ("ticket satisfaction reason", "satisfaction reason", "reason"),
            "external_id": ("id", "ticket id"),
            "customer": ("requester id",),
        },
    ),
    Export(
        "Freshdesk",
        (
            ("ticket id", "agent", "survey result"),
            ("ticket id", "agent name", "survey result"),
            ("ticket id", "agent", "customer rating"),
            ("agent id", "survey id", "ticket id"),
            ("ticket id", "agent", "rating", "group"),
        ),
        {
            "stars": ("survey result", "customer rating", "ratings default question", "default question", "rating"),
            "rated_at": (
                "responded time",
                "response time stamp",
                "survey response time",
                "rated at",
                "created time",
                "created at",
            ),
            "employee": ("agent email", "agent", "agent name", "agent id"),
            "team": ("group", "group name"),
            "comment": ("comments", "comment", "feedback", "customer comments"),
            "external_id": ("survey response id", "id", "ticket id"),
            "customer": ("requester id", "user id"),
        },
    ),
    Export(
        "FreeScout",
        (
            ("conversation", "rating", "mailbox"),
            ("conversation", "user", "rating"),
            ("conversation number", "user", "rating"),
        ),
        {
            "stars": ("rating",),
            "rated_at": ("date", "created at", "rated at", "rating date"),
            "employee": ("user email", "user", "user name"),
            "team": ("mailbox",),
            "comment": ("comment", "comments", "rating comment"),
            "external_id": ("id", "conversation", "conversation number"),
        },
    ),
)


def recognised(headers: Sequence[str]) -> Export | None:
    """The helpdesk whose export has these headers; None when it is nobody's that we know."""
    known = {plain_words(header) for header in headers}
    return next((export for export in EXPORTS if export.is_in(known)), None)


def mapping_of(export: Export, headers: Sequence[str]) -> dict[str, str]:
    """Field -> header for the columns that are there; each header is used once."""
    known = {plain_words(header): header for header in reversed(headers)}
    mapping: dict[str, str] = {}
    for field, names in export.fields.items():
        header = next((known[name] for name in names if name in known and known[name] not in mapping.values()), None)
        if header is not None:
            mapping[field] = header
    return mapping
