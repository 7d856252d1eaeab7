"""One source, for what became of a talk: page, file, program and mail say the same verdict, each reader’s at their time.

Kevin reads the verdict at once; Brian has what was said the week before until it is shared. That the weekly job finds such figures,
the journey of a talk and tests/coaching/test_effects.py show.
"""

import html
import re
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.coaching.test_effect_rules import CASE
from tests.conftest import Cast
from tests.home.cards import a_card, a_case, fallen, figures
from tests.home.test_one_source import Reader, reads
from tracker.access.actions import set_roles
from tracker.coaching.actions import complete_session
from tracker.coaching.effect_jobs import share_effects
from tracker.coaching.effect_models import CaseEffect
from tracker.coaching.models import CoachingCase, CoachingSession
from tracker.core import clock, outbox
from tracker.core.db import db, transaction
from tracker.core.models import OutboxMail
from tracker.notifications.models import Message
from tracker.organisation.models import Person

__all__ = ["reads"]  # a fixture

DECIDED = date(2026, 11, 16)
HEAD_START = datetime(2026, 11, 16, 6, 0, tzinfo=UTC)  # an hour after Kevin’s morning in Nairobi
SHARED = datetime(2026, 11, 17, 5, 0, tzinfo=UTC)
BETTER = replace(CASE, week=clock.week_of(DECIDED) - 13, verdict="better", after=0.4)
EARLY = replace(BETTER, verdict="early")


@pytest.fixture
def case(cast: Cast) -> CoachingCase:
    """Kevin’s, twelve weeks and a talk after the check: a verdict for him, the week before for Brian."""
    with transaction():
        for person in (cast.kevin, cast.amina, cast.brian, cast.dora):  # whoever reads through a program is an admin
            set_roles(person, {"admin"}, by=cast.ruth.id, at=HEAD_START - timedelta(weeks=1))
        for audience in ("own", "shared"):
            a_card(cast.kevin, fallen(), audience=audience)
            for person in (cast.amina, cast.dora):
                a_card(person, figures(), audience=audience)
        made = a_case(cast.kevin, shares_at=HEAD_START - timedelta(weeks=12))
        made.opened_at = HEAD_START - timedelta(weeks=12, days=1)
        talked_at = HEAD_START - timedelta(weeks=10)
        complete_session(made, by=cast.brian.id, note="We talked.", agreed=[], follow_up_on=None, at=talked_at)
        of = {"week": clock.week_of(DECIDED) - 1, "decided_on": DECIDED, "shares_at": SHARED}
        db.session.add(CaseEffect(case_id=made.id, figures=asdict(BETTER), shared_figures=asdict(EARLY), **of))
    return made


def shown(reader: Reader, case_id: int) -> str:
    """The page’s words under “Did the talk help?”."""
    section = re.search(r'aria-labelledby="effect".*?</section>', reader.page(f"/coaching/{case_id}"))
    assert section is not None
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.unescape(section[0])))


def the_talk(reader: Reader, person: Person) -> dict[str, Any]:
    return dict(reader.score_of(person)["talk"])


@pytest.mark.parametrize("at", [HEAD_START, SHARED], ids=["in the head start", "shared"])
def test_kevins_page_file_and_program_say_the_same_verdict(
    case: CoachingCase, cast: Cast, reads: Any, at: datetime
) -> None:
    case_id = case.id
    with clock.set_to(at):
        share_effects(at)
        kevin = reads(cast.kevin, at)
        page, (line,), row = shown(kevin, case_id), kevin.file()["talks"], the_talk(kevin, cast.kevin)
    assert (row["verdict"], row["words"], row["date"]) == ("better", "Clearly better", "2026-11-16")
    assert row["sentence"] == "Clearly better than such dips come back by themselves (as of 16 November)."
    assert row["sentence"] in page
    assert row["words"] in page
    assert (line["verdict"], line["verdict_on"]) == (row["words"], row["date"])
    assert line["before_and_after"] in page
    assert row["sentence"] in line["before_and_after"]
    for figure in line["before_and_after_figures"]:
        for cell in figure.split(" · "):
            assert cell in page, (cell, page)


@pytest.mark.parametrize(
    ("at", "verdict", "words"),
    [(HEAD_START, "early", "Too early to say"), (SHARED, "better", "Clearly better")],
    ids=["in the head start", "shared"],
)
def test_brians_page_and_program_say_the_same_verdict(
    case: CoachingCase, cast: Cast, reads: Any, at: datetime, verdict: str, words: str
) -> None:
    case_id = case.id
    with clock.set_to(at):
        share_effects(at)
        brian, kevin = reads(cast.brian, at), reads(cast.kevin, at)
        page, row = shown(brian, case_id), the_talk(brian, cast.kevin)
        own_page, own = shown(kevin, case_id), the_talk(kevin, cast.kevin)
    assert (row["state"], row["verdict"], row["words"]) == ("closed", verdict, words)
    assert row["sentence"] in page
    assert row["words"] in page
    assert (own == row, own_page == page) == (at == SHARED, at == SHARED), "the same words for both, a day apart"
    assert "Clearly better" in own_page


def test_where_nobody_talked_there_is_a_state_and_no_verdict(case: CoachingCase, cast: Cast, reads: Any) -> None:
    case_id = case.id
    with transaction():
        db.session.query(CoachingSession).filter_by(case_id=case_id).update({"held_at": None})
    with clock.set_to(SHARED):
        kevin = reads(cast.kevin, SHARED)
        row, (line,) = the_talk(kevin, cast.kevin), kevin.file()["talks"]
        assert "Did the talk help?" not in kevin.page(f"/coaching/{case_id}")
    assert [row[name] for name in ("verdict", "words", "sentence", "date")] == [None] * 4
    assert (line["verdict"], line["verdict_on"], line["before_and_after"]) == (None, None, None)


def test_nobody_else_reads_of_the_talk_through_a_program(case: CoachingCase, cast: Cast, reads: Any) -> None:
    with clock.set_to(SHARED):
        share_effects(SHARED)
        for person in (cast.amina, cast.dora):
            rows = reads(person, SHARED).program.get("/scores").json["data"]
            assert [row["person_id"] for row in rows] == [person.id]
            assert rows[0]["talk"] is None


def test_before_a_case_is_shared_who_leads_finds_nothing_of_it_through_a_program(
    case: CoachingCase, cast: Cast, reads: Any
) -> None:
    with transaction():
        db.session.get_one(CoachingCase, case.id).shares_at = SHARED
    for at, is_there in ((SHARED - timedelta(seconds=1), False), (SHARED, True)):
        with clock.set_to(at):
            assert (reads(cast.brian, at).score_of(cast.kevin)["talk"] is not None) == is_there


def test_the_word_of_a_verdict_says_neither_it_nor_a_figure(
    app: Flask, case: CoachingCase, cast: Cast, reads: Any
) -> None:
    with clock.set_to(SHARED):
        share_effects(SHARED)
        words = the_talk(reads(cast.brian, SHARED), cast.kevin)["words"]
        message = db.session.scalars(select(Message).where(Message.kind == "coaching.verdict")).one()
        assert message.person_id == cast.brian.id
        with transaction():
            to, told = cast.brian.id, [message.id]
            db.session.get_one(Message, message.id).visible_at = SHARED
            outbox.post("digest", to=to, key="verdict", due_at=SHARED, at=SHARED, messages=told)
        mail = app.extensions["mail_composers"]["digest"](db.session.query(OutboxMail).filter_by(key="verdict").one())
    says = str(mail["Subject"]) + " ".join(part.get_content() for part in mail.iter_parts())
    assert "Twelve weeks after the check: did the talk with Kevin help?" in says
    assert words not in says
    assert not re.search(r"\d[.,]\d", re.sub(r"<style.*?</style>", "", says, flags=re.DOTALL)), says
