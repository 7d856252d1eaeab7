"""Saying that somebody else has an interaction now, and what became of it."""

from typing import Literal

from pydantic import BaseModel, Field

from tracker.api.schemas import Key, Moment, Name


class TransferIn(Key):
    """Somebody else has a known interaction now."""

    employee: Name = Field(
        description="Who has it now: staff number (or email, or full name). Nobody’s: kept as a reference"
    )
    transferred_at: Moment = Field(description="When it was handed on")


class TransferKept(BaseModel):
    id: int
    source: str
    external_id: str
    state: Literal["handler_changed", "noted", "noted_after_rating"] = Field(
        description="handler_changed: it was before service ended, and who has it now is the handler. noted: service had ended, so "
        "who handled it stays. noted_after_rating: it was rated already; the credit stays, and the rating is marked"
    )
