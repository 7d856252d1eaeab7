"""What the API takes and gives about asking a customer."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints


class ContactIn(BaseModel):
    """Where the customer can be asked. Kept only until there is nothing more to write."""

    model_config = ConfigDict(extra="forbid")

    email: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=254)] = Field(
        description="The customer’s own address; nobody’s who works here", examples=["customer@example.org"]
    )
    language: Literal["en", "sw", "fr"] = Field("en", description="The language of the mail")


class InvitationKept(BaseModel):
    state: Literal["planned", "asked", "skipped"] = Field(
        description="planned: whether the customer was asked in the last 30 days is looked at when it is due"
    )
    due_at: datetime | None = Field(
        description="When it is due, between 08:00 and 20:00 of the team; null when skipped"
    )
    reason: (
        Literal[
            "declined",
            "works_here",
            "asked_before",
            "asked_elsewhere",
            "answered",
            "too_late",
            "handler_unknown",
        ]
        | None
    ) = Field(description="Why the customer is not asked: null unless skipped")
