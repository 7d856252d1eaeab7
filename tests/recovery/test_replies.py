"""Texts for answers: who keeps them, where they are offered, and how one gets into a form without a script."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.conftest import NOW, Browser, Cast
from tests.factories import a_rating
from tests.reviews.conftest import a_review
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.organisation.models import Person, Team
from tracker.recovery.models import RecoveryCase, ReplyTemplate
from tracker.recovery.opening import open_case
from tracker.recovery.reply_actions import write_reply

PAGE = "/complaints/replies"
TEXT = "I am sorry that you waited so long."


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.set_to(NOW):
        yield NOW


@pytest.fixture
def case(cast: Cast) -> RecoveryCase:
    with transaction():
        found = open_case(a_rating(cast.amina, 1, at=NOW - timedelta(hours=1)), contact="0722", at=NOW)
        assert found is not None
        return found


def sent(team: Team | None = None, **values: str) -> dict[str, str]:
    given = {"title": "Waited too long", "language": "en", "text": TEXT, **values}
    return {**given, "team": str(team.id) if team else ""}


def kept() -> list[tuple[str, int | None]]:
    db.session.rollback()
    rows = db.session.execute(select(ReplyTemplate.text, ReplyTemplate.team_id).order_by(ReplyTemplate.id))
    return [(text, team) for text, team in rows]


def a_reply(team: Team | None, text: str = TEXT) -> ReplyTemplate:
    with transaction():
        values = {"title": "Waited too long", "language": "en", "text": text, "team_id": team.id if team else None}
        reply = write_reply(values, by=db.session.scalars(select(Person.id)).first() or 0, at=NOW)
        db.session.flush()
        db.session.refresh(reply)
        db.session.expunge(reply)
    return reply


def test_written_changed_and_taken_off(cast: Cast, people: dict[str, Browser]) -> None:
    assert "No text yet" in people["brian"].get(PAGE).text
    assert people["brian"].post(PAGE, sent(cast.tills)).status_code == 303
    assert kept() == [(TEXT, cast.tills.id)]
    listed = people["brian"].get(PAGE).text
    assert TEXT in listed
    id = db.session.scalars(select(ReplyTemplate.id)).one()
    assert TEXT in people["brian"].get(f"{PAGE}/{id}").text
    for _ in range(2):
        assert people["brian"].post(f"{PAGE}/{id}", sent(cast.tills, text="Sorry.")).status_code == 303
    assert kept() == [("Sorry.", cast.tills.id)]
    assert people["brian"].post(f"{PAGE}/{id}/removal").status_code == 303
    assert kept() == []
    assert people["brian"].post(f"{PAGE}/{id}/removal").status_code == 404
    of_templates = select(AuditEntry).where(AuditEntry.action.startswith("reply_template.")).order_by(AuditEntry.id)
    entries = db.session.scalars(of_templates).all()
    assert [entry.action.split(".")[1] for entry in entries] == ["written", "changed", "removed"]
    assert "orry" not in str([entry.details for entry in entries])


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"title": ""}, "Fill this in"),
        ({"text": " "}, "Fill this in"),
        ({"title": "x" * 81}, "Use 80 characters at most"),
        ({"language": "de"}, "Not a valid choice"),
        ({"team": "999"}, "Choose one from the list"),
        ({"team": ""}, "Choose a team"),
    ],
)
def test_what_cannot_be_is_answered(cast: Cast, people: dict[str, Browser], values: dict[str, str], words: str) -> None:
    answer = people["brian"].post(PAGE, {**sent(cast.tills), **values})
    assert answer.status_code == 422
    assert words in answer.text
    assert kept() == []


def test_who_leads_keeps_those_of_the_own_team_and_hr_all(cast: Cast, people: dict[str, Browser]) -> None:
    assert people["chloe"].post(PAGE, sent()).status_code == 303
    assert people["dora"].post(PAGE, sent(cast.tills)).status_code == 422
    assert people["dora"].post(PAGE, sent(cast.floor, text="Of the floor.")).status_code == 303
    assert kept() == [(TEXT, None), ("Of the floor.", cast.floor.id)]
    for_all, of_floor = db.session.scalars(select(ReplyTemplate.id).order_by(ReplyTemplate.id))
    missing = people["brian"].get(f"{PAGE}/999999").data
    for id in (for_all, of_floor):
        for answer in (
            people["brian"].get(f"{PAGE}/{id}"),
            people["brian"].post(f"{PAGE}/{id}", sent(cast.tills)),
            people["brian"].post(f"{PAGE}/{id}/removal"),
        ):
            assert (answer.status_code, answer.data) == (404, missing)
    assert TEXT not in people["brian"].get(PAGE).text
    assert people["chloe"].get(f"{PAGE}/{of_floor}").status_code == 200
    assert len(kept()) == 2


@pytest.mark.parametrize("who", ["amina", "ruth"])
def test_others_keep_none(cast: Cast, people: dict[str, Browser], who: str) -> None:
    for answer in (people[who].get(PAGE), people[who].get(f"{PAGE}/new"), people[who].post(PAGE, sent(cast.tills))):
        assert answer.status_code == 403
    assert kept() == []


def test_one_is_put_into_the_forms_of_a_complaint(cast: Cast, case: RecoveryCase, people: dict[str, Browser]) -> None:
    own, for_all, other = a_reply(cast.tills), a_reply(None, "For all."), a_reply(cast.floor, "Of the floor.")
    page = f"/complaints/{case.id}"
    text = people["brian"].get(page).text
    assert f"?reply={own.id}#contact-words" in text
    assert f"?into=close&amp;reply={for_all.id}#close-words" in text
    assert "Of the floor." not in text
    assert ".</textarea>" not in text
    assert f">\r\n{TEXT}</textarea>" in people["brian"].get(f"{page}?reply={own.id}").text
    closing = people["brian"].get(f"{page}?into=close&reply={for_all.id}").text
    assert ">\r\nFor all.</textarea>" in closing
    assert closing.count("For all.</textarea>") == 1
    for asked in (other.id, 999, "x"):
        assert ".</textarea>" not in people["brian"].get(f"{page}?reply={asked}").text
    assert ".</textarea>" not in people["amina"].get(f"{page}?reply={own.id}").text
    assert TEXT not in people["amina"].get(page).text  # who only reads is offered none


def test_one_is_put_into_the_answer_of_a_review(cast: Cast, people: dict[str, Browser]) -> None:
    review, reply = a_review(cast.tills), a_reply(cast.tills)
    page = f"/reviews/{review.id}"
    assert f"?reply={reply.id}#words" in people["brian"].get(page).text
    assert f">\r\n{TEXT}</textarea>" in people["brian"].get(f"{page}?reply={reply.id}").text
    assert f"{TEXT}</textarea>" not in people["brian"].get(page).text
    assert f"{TEXT}</textarea>" not in people["brian"].get(f"{page}?reply=999").text
