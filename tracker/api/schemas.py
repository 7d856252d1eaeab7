"""What the API takes and gives: one declaration each, for checking, for the document and for the page."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from tracker.api.invitation_schemas import ContactIn, InvitationKept
from tracker.api.rules import moment_of, stars_of
from tracker.ratings.rules import EMOTIONS
from tracker.reviews.rules import web_link

NAME, COMMENT, MOST_DRIVERS, MOST_CONTRIBUTORS, MOST_ROWS = 120, 20_000, 20, 20, 200
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def _plain(text: str) -> str:
    if not text.isprintable():
        raise ValueError("Leave out line breaks and control characters.")
    return text


def _without_controls(text: str) -> str:
    """Line breaks and tabs stay; what nobody types goes."""
    return CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _whole(value: Any) -> Any:
    """JSON knows one kind of number: 5.0 is 5. Truth and texts are no numbers."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueError("Give a whole number.")


def _number(value: Any) -> Any:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= 1_000:
        return float(value)
    raise ValueError("Give a number from 0 to 100.")


Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME), AfterValidator(_plain)]
Comment = Annotated[str, StringConstraints(max_length=COMMENT), AfterValidator(_without_controls)]
Stars = Annotated[
    int,
    Field(ge=1, le=5),
    BeforeValidator(_whole),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 5}),
]
QueueLength = Annotated[
    int,
    Field(ge=0, le=10_000),
    BeforeValidator(_whole),
    WithJsonSchema({"type": "integer", "minimum": 0, "maximum": 10_000}),
]
Value = Annotated[float, BeforeValidator(_number), WithJsonSchema({"type": "number", "minimum": 0, "maximum": 100})]
Moment = Annotated[
    datetime, BeforeValidator(moment_of), WithJsonSchema({"type": "string", "format": "date-time", "maxLength": 40})
]
Emotion = Literal["cared_for", "at_ease", "delighted", "rushed", "confused", "frustrated"]
if set(Emotion.__args__) != set(EMOTIONS):  # type: ignore[attr-defined]  # a Literal's choices
    raise RuntimeError("the emotions of the API are not those of the product")


class Given(BaseModel):
    """What comes in: a field nobody knows is a mistake, not a wish."""

    model_config = ConfigDict(extra="forbid")


class Key(Given):
    """The name something has elsewhere: the system it comes from, and its number there."""

    source: Name = Field(description="The system it comes from, always written the same", examples=["pos"])
    external_id: Name = Field(description="Its number in that system", examples=["visit-1"])


class InteractionIn(Key):
    """One time a customer was served."""

    ended_at: Moment = Field(description="When service ended: who handled it is frozen then")
    started_at: Moment | None = Field(None, description="When service began")
    employee: Name | None = Field(
        None, description="Staff number of who handled it (or email, or full name). Nobody’s: kept as a reference"
    )
    touchpoint: Name | None = Field(None, description="The name of a touchpoint that is known here")
    channel: Name | None = Field(None, description="The name of a channel that is known here")
    customer: Name | None = Field(None, description="Your own reference for the customer: no name, no address")
    place: Annotated[Name, Field(max_length=80)] | None = Field(
        None,
        description="The post it was at, such as till 4. Without an employee, who alone held it as service ended is the handler",
    )
    queue_length: QueueLength | None = Field(None, description="How many were waiting")
    outcome: Annotated[Name, Field(max_length=80)] | None = Field(None, description="Such as sold, returned, unsolved")
    contributors: list[Name] = Field(
        default=[],
        max_length=MOST_CONTRIBUTORS,
        description="Who else helped, named as employee is. They read the rating; it counts for the handler alone",
    )
    invited_at: Moment | None = Field(
        None,
        description="When you asked the customer for a rating. Send it, or nothing, for every one: it tells how they were chosen",
    )
    contact: ContactIn | None = Field(
        None, description="Let the product ask: by mail, by day, once in 30 days at most, with one reminder"
    )

    @model_validator(mode="after")
    def _in_order(self) -> "InteractionIn":
        if self.started_at and self.started_at > self.ended_at:
            raise ValueError("Service can’t end before it began.")
        return self


class RatingIn(Key):
    """One customer’s answer: stars, or a value on another scale."""

    rated_at: Moment = Field(description="When the customer answered")
    stars: Stars | None = Field(None, description="1 to 5; or value and scale instead")
    value: Value | None = Field(None, description="The answer on another scale; it is kept beside the stars")
    scale: Literal["stars", "nps", "csat7", "csat100"] | None = Field(None, description="The scale of value")
    employee: Name | None = Field(
        None, description="Staff number of who served (or email, or full name). Nobody’s: it waits in the tray"
    )
    interaction: Key | None = Field(None, description="The interaction it is about: who handled that is credited")
    touchpoint: Name | None = Field(None, description="The name of a touchpoint that is known here")
    channel: Name | None = Field(None, description="The name of a channel that is known here")
    customer: Name | None = Field(None, description="Your own reference for the customer: no name, no address")
    comment: Comment | None = Field(None, description="The customer’s own words")
    drivers: list[Name] = Field(default=[], max_length=MOST_DRIVERS, description="What it is about: keys or names")
    emotions: list[Emotion] = Field(default=[], max_length=MOST_DRIVERS, description="How the customer felt")

    @model_validator(mode="after")
    def _one_mark(self) -> "RatingIn":
        if (self.stars is None) == (self.value is None):
            raise ValueError("Give either stars, or value and scale.")
        if (self.value is None) != (self.scale is None):
            raise ValueError("Value and scale belong together.")
        if self.value is not None and self.scale is not None:
            stars_of(self.value, self.scale)
        return self


class ReviewIn(Key):
    """What somebody wrote in public."""

    text: Comment = Field("", description="The words; HTML in them becomes plain text")
    title: Annotated[Name, Field(max_length=300)] | None = Field(None, description="The line above them")
    author: Name | None = Field(None, description="The name shown in public")
    link: Annotated[str, StringConstraints(max_length=2000)] | None = Field(
        None, description="Where it stands, beginning with https:// or http://"
    )
    published_at: Moment | None = Field(None, description="When it was published; older than 14 days: no time limit")
    stars: Stars | None = Field(None, description="1 to 5, if it has any")
    language: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})?$")] | None = Field(
        None, description="A tag such as fr or sw-KE"
    )
    team: Name | None = Field(None, description="The name of a team that is known here; without one it waits for one")
    touchpoint: Name | None = Field(None, description="The name of a touchpoint that is known here")
    place: Annotated[Name, Field(max_length=80)] | None = Field(None, description="Such as Nairobi Central")

    @model_validator(mode="after")
    def _says_something(self) -> "ReviewIn":
        if not self.text.strip() and not self.title and self.stars is None:
            raise ValueError("Give words or stars.")
        if self.link is not None and web_link(self.link) is None:
            raise ValueError("The link must begin with https:// or http://.")
        return self


class KeyHeader(BaseModel):
    idempotency_key: Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,255}$")] | None = Field(
        None,
        alias="Idempotency-Key",
        description="A word of your own for this request. Sent again with the same body within 24 hours it gets the same answer",
    )


class Nothing(Given):
    """A request whose address says no more than what is asked for."""


class PageQuery(Given):
    limit: int = Field(50, ge=1, le=MOST_ROWS, description="How many rows at most")
    cursor: Annotated[str, StringConstraints(max_length=80)] | None = Field(
        None, description="next_cursor of the page before, as it is"
    )


class InteractionKept(BaseModel):
    id: int
    source: str
    external_id: str
    state: Literal["known", "unknown"] = Field(description="Whether whoever handled it is somebody known here")
    invitation: InvitationKept | None = Field(description="What becomes of asking the customer; null without a contact")


class RatingKept(BaseModel):
    id: int
    source: str
    external_id: str
    state: Literal["credited", "waiting", "rated_before"] = Field(
        description="credited: it counts for somebody. waiting: it is in the tray. rated_before: its interaction had a rating "
        "already, which is kept, and this is that one"
    )


class ReviewKept(BaseModel):
    id: int
    source: str
    external_id: str
    state: Literal["team", "waiting"] = Field(description="team: it has one, which answers. waiting: it waits for one")


class InteractionOut(BaseModel):
    id: int
    source: str | None
    external_id: str | None
    staff_number: str | None
    employee_reference: str | None
    touchpoint: str | None
    channel: str | None
    place: str | None
    started_at: datetime | None
    ended_at: datetime
    queue_length: int | None
    outcome: str | None
    invited_at: datetime | None


class RatingOut(BaseModel):
    id: int
    source: str
    external_id: str
    state: Literal["credited", "waiting"]
    rated_at: datetime
    stars: int
    value: str = Field(description="The answer as the customer gave it")
    scale: str
    staff_number: str | None
    employee_reference: str | None
    touchpoint: str | None
    channel: str | None
    comment: str | None = Field(description="The customer’s own words; null while it waits in the tray")
    drivers: list[str]
    emotions: list[str]
    excluded: bool = Field(description="Left out of every score")


class PersonOut(BaseModel):
    id: int
    staff_number: str
    name: str
    team: str | None = Field(description="The team of today")
    started_on: date | None
    ended_on: date | None = Field(description="The first day somebody no longer works here")


class InteractionPage(BaseModel):
    data: list[InteractionOut]
    next_cursor: str | None = Field(description="Where the next page begins; null at the end")


class RatingPage(BaseModel):
    data: list[RatingOut]
    next_cursor: str | None = Field(description="Where the next page begins; null at the end")


class PersonPage(BaseModel):
    data: list[PersonOut]
    next_cursor: str | None = Field(description="Where the next page begins; null at the end")


class FieldError(BaseModel):
    field: str
    problem: str


class Problem(BaseModel):
    """A refusal, as RFC 9457 says it."""

    type: str
    title: str
    status: int
    detail: str
    reference: str | None = Field(None, description="Finds it in the log of whoever runs this")
    errors: list[FieldError] | None = Field(None, description="Which fields, and what is wrong with each")
