"""Good words in the demo's shop: thanks of colleagues, praise that shared itself, two stories, and one who stays off the wall."""

from datetime import datetime, time, timedelta

from sqlalchemy import select

from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.organisation.models import Person
from tracker.recognition.actions import Said, agree, give, leave_the_wall, tell_story
from tracker.recognition.jobs import share_praise
from tracker.recognition.models import Thanks

AMINA, BRIAN, KEVIN, GRACE, JOSEPH, HELLEN = "N-0412", "N-0107", "N-0398", "N-0451", "N-0365", "N-0131"
DENNIS, ROSE, OFF_THE_WALL = "N-0352", "N-0326", "N-0388"
ZONE = "Africa/Nairobi"
DAYS_OF_PRAISE = 16
# Who thanks whom, days ago, local hour, the words, and what it was about.
KUDOS: tuple[tuple[str, tuple[str, ...], int, int, str, str | None], ...] = (
    (KEVIN, (AMINA,), 19, 15, "You showed me the trick with the paper roll in the middle of a queue, smiling all the way.", "knowledge"),
    (BRIAN, (KEVIN,), 13, 10, "You called for a second till before the queue reached the shelf. Everybody had a lighter hour.",
        "staff_there_when_needed"),
    (DENNIS, (ROSE,), 11, 12, "You closed for me when my daughter was ill, and never asked twice.", "felt_as_an_individual"),
    (AMINA, (JOSEPH, GRACE), 8, 16, "Saturday with two tills down: you carried on joking, and nobody left without a word.", "friendliness"),
    (GRACE, (BRIAN,), 6, 9, "You asked how I was before you asked how the till was. It made my week.", "felt_as_an_individual"),
    (JOSEPH, (KEVIN,), 4, 17, "Thanks for swapping the late shift, so that I could be at the school play.", None),
    (HELLEN, (OFF_THE_WALL,), 3, 11, "The new labels hang straight and right on all four aisles. That was your patience.", "price_clear"),
    (BRIAN, (AMINA,), 0, 8, "You stayed calm when the printer jammed, and told everybody how long it takes.", "friendliness"),
)  # fmt: skip
STORY = """
A customer on crutches had bought a standing fan and looked at the door as one looks at a mountain.
We left the till to each other without a word: one of us packed, one carried the fan to the taxi, and one asked the driver to come
up to the ramp.
It took four minutes. She came back on Tuesday to show us that she walks again.
"""
WAITING_STORY = """
The shelf said 180 and the till said 210. Instead of arguing he walked to the shelf with the customer, took the old label down and
rang up 180. She shook his hand. The label is gone, and so is the quarrel.
"""


def say_thanks(at: datetime) -> None:
    """Through the product's own actions, each at its own time; praise by the timetable's job, day by day."""
    for days in range(DAYS_OF_PRAISE, -1, -1):
        share_praise(at - timedelta(days=days))
    with transaction():
        for number, (by, to, days, hour, words, driver) in enumerate(KUDOS):
            said = Said(words, f"{number:032x}", driver=driver)
            give(said, [_person(one) for one in to], by=_person(by).id, at=_moment(at, days, hour))
        story = Said(_lines(STORY), f"{100:032x}", title="The crutches and the fan", is_for_all=True)
        told_at = _moment(at, 9, 13)
        told = _tell(story, by=BRIAN, people=(AMINA, KEVIN), at=told_at)
        for hours, one in enumerate((AMINA, KEVIN), start=4):
            agree(told, by=_person(one).id, at=told_at + timedelta(hours=hours))
        waiting = Said(_lines(WAITING_STORY), f"{101:032x}", title="Two prices for one bag of rice")
        _tell(waiting, by=BRIAN, people=(KEVIN,), at=_moment(at, 1, 14))
        leave_the_wall(by=_person(OFF_THE_WALL).id, at=_moment(at, 30, 12))


def _tell(story: Said, *, by: str, people: tuple[str, ...], at: datetime) -> Thanks:
    told, _is_new = tell_story(story, [_person(one) for one in people], by=_person(by).id, at=at)
    return told


def _lines(text: str) -> str:
    """Without the breaks that are only those of this file: a sentence's end is a paragraph's."""
    return text.strip().replace(".\n", ".\0").replace("\n", " ").replace("\0", "\n")


def _moment(at: datetime, days: int, hour: int) -> datetime:
    """That local hour so many days ago, and never later than `at`."""
    return min(clock.moment_at(clock.local_day(at, ZONE) - timedelta(days=days), time(hour, 10), ZONE), at)


def _person(staff_number: str) -> Person:
    return db.session.scalars(select(Person).where(Person.staff_number == staff_number)).one()
