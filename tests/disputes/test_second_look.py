"""A second look: asked by whom the rating is credited to, heard by who leads them, answered by somebody without a part in it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.conftest import NOW, Browser, Cast
from tests.factories import a_person, a_rating, account_of
from tracker.access.models import RoleGrant
from tracker.core import clock
from tracker.core.clock import week_of
from tracker.core.db import db, transaction
from tracker.disputes.jobs import follow_up
from tracker.disputes.models import Dispute, DisputeRound
from tracker.notifications.models import Message
from tracker.organisation.models import Person, Tenure
from tracker.ratings import rollup
from tracker.ratings.models import Rating
from tracker.ratings.survey_actions import ensure_default_surveys
from tracker.ratings.survey_models import SurveyVersion
from tracker.ratings.weekly import check_company, load_company

WORDS = "I waited and nobody said why."
ASKED = {"kind": "not_my_doing", "comment": "Two tills were closed."}
YES = {"answer": "leave_out", "reason": "The tills were closed that day."}


@pytest.fixture(autouse=True)
def now() -> Iterator[datetime]:
    with clock.set_to(NOW):
        yield NOW


@pytest.fixture
def rating(cast: Cast) -> Rating:
    """Answered by a version of the questions, as a customer does."""
    with transaction():
        ensure_default_surveys(at=NOW - timedelta(days=9))
        version = db.session.scalars(select(SurveyVersion.id).where(SurveyVersion.stage == "purchase")).one()
        asked = {"survey_version_id": version, "drivers": ["speed"]}
        return a_rating(cast.amina, 2, at=NOW - timedelta(days=3), comment=WORDS, **asked)


def ask(people: dict[str, Browser], rating: Rating) -> str:
    """Amina asks; the address of the second look."""
    answer = people["amina"].post(f"/ratings/{rating.id}/second-look", ASKED)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def stored(rating: Rating) -> Rating:
    db.session.rollback()
    return db.session.get_one(Rating, rating.id, populate_existing=True)


def last_round() -> DisputeRound:
    db.session.rollback()
    return db.session.scalars(select(DisputeRound).order_by(DisputeRound.id.desc())).first()  # type: ignore[return-value]  # there is one


def told(person: Person) -> list[str]:
    db.session.rollback()
    return list(
        db.session.scalars(
            select(Message.kind)
            .where(Message.person_id == person.id, Message.kind.startswith("dispute."))
            .order_by(Message.id)
        )
    )


def test_from_the_question_to_a_yes(cast: Cast, rating: Rating, people: dict[str, Browser]) -> None:
    assert "Is this rating wrong?" in people["amina"].get("/me").text
    page = ask(people, rating)
    assert told(cast.brian) == ["dispute.asked"]
    assert told(cast.chloe) == ["dispute.waiting"]
    assert "Being looked at" in people["amina"].get("/me").text
    assert people["brian"].post(f"{page}/statement", {"text": "We were two short."}).status_code == 303
    chloes = people["chloe"].get(page).text
    assert WORDS in chloes
    assert "Two tills were closed." in chloes
    assert "We were two short." in chloes
    assert people["chloe"].post(f"{page}/answer", YES).status_code == 303
    assert stored(rating).excluded_at == NOW
    assert stored(rating).unchecked_at is None
    mine = people["amina"].get(page).text
    assert "Agreed: it no longer counts" in mine
    assert YES["reason"] in mine
    assert told(cast.amina)[-1] == "dispute.decided"
    assert told(cast.brian)[-1] == "dispute.decided"
    assert rollup.differences() == {}


def test_hr_reads_the_rating_only_while_it_is_to_be_answered(rating: Rating, people: dict[str, Browser]) -> None:
    page = ask(people, rating)
    assert people["chloe"].get(page).status_code == 200
    people["chloe"].post(f"{page}/answer", {"answer": "declined", "reason": "It speaks of you."})
    assert people["chloe"].get(page).status_code == 404
    assert people["brian"].get(page).status_code == 200


@pytest.mark.parametrize("who", ["dora", "ruth", "kevin", "faith"])
def test_nobody_else_finds_it(rating: Rating, people: dict[str, Browser], who: str) -> None:
    page = ask(people, rating)
    nobody = people[who].get("/second-looks/999999")
    for answer in (
        people[who].get(page),
        people[who].get(f"/ratings/{rating.id}/second-look"),
        people[who].post(f"/ratings/{rating.id}/second-look", ASKED),
        people[who].post(f"{page}/answer", YES),
        people[who].post(f"{page}/appeal", {"comment": "Mine"}),
        people[who].post(f"{page}/withdrawal"),
    ):
        assert answer.status_code == 404
    assert people[who].get(page).data.count(b"404") == nobody.data.count(b"404")


def test_the_leader_is_heard_and_decides_nothing(rating: Rating, people: dict[str, Browser]) -> None:
    page = ask(people, rating)
    assert "/statement" in people["brian"].get(page).text
    assert "/answer" not in people["brian"].get(page).text
    assert people["brian"].post(f"{page}/answer", YES).status_code == 404
    assert people["chloe"].post(f"{page}/statement", {"text": "x"}).status_code in {403, 404}
    assert people["amina"].post(f"{page}/answer", YES).status_code == 404


def test_it_is_asked_once_within_thirty_days_and_with_words(
    cast: Cast, rating: Rating, people: dict[str, Browser]
) -> None:
    amina = people["amina"]
    empty = amina.post(f"/ratings/{rating.id}/second-look", {"kind": "", "comment": "  "})
    assert empty.status_code == 422
    assert "Choose what is not right" in empty.text
    assert amina.post(f"/ratings/{rating.id}/second-look", {"kind": "revenge", "comment": "x"}).status_code == 422
    ask(people, rating)
    assert amina.post(f"/ratings/{rating.id}/second-look", ASKED).status_code == 409
    assert "You have asked about this rating already." in amina.get(f"/ratings/{rating.id}/second-look").text
    with transaction():
        old = a_rating(cast.amina, 1, at=NOW - timedelta(days=31))
    assert amina.post(f"/ratings/{old.id}/second-look", ASKED).status_code == 409
    assert "this rating is older" in amina.get(f"/ratings/{old.id}/second-look").text


def test_a_yes_can_credit_somebody_else(cast: Cast, rating: Rating, people: dict[str, Browser]) -> None:
    page = ask(people, rating)
    unknown = {"answer": "credit", "staff_number": "N-9999", "reason": "The till log says so."}
    refused = people["chloe"].post(f"{page}/answer", unknown)
    assert (refused.status_code, "Nobody here has this staff number" in refused.text) == (422, True)
    both = {**unknown, "colleague": str(cast.kevin.id)}
    assert people["chloe"].post(f"{page}/answer", both).status_code == 422
    right = {"answer": "credit", "colleague": str(cast.kevin.id), "reason": "The till log says so."}
    assert people["chloe"].post(f"{page}/answer", right).status_code == 303
    assert stored(rating).person_id == cast.kevin.id
    assert stored(rating).handled_by_id == cast.amina.id
    assert rollup.differences() == {}
    for who in ("amina", "brian"):
        after = people[who].get(page).text
        assert "Agreed: it belongs to somebody else" in after
        assert WORDS not in after


def test_a_yes_without_a_name_puts_it_into_the_tray(rating: Rating, people: dict[str, Browser]) -> None:
    page = ask(people, rating)
    assert (
        people["chloe"].post(f"{page}/answer", {"answer": "credit", "reason": "Not at that till."}).status_code == 303
    )
    assert stored(rating).person_id is None
    assert rollup.differences() == {}


def test_an_appeal_goes_to_somebody_else_and_is_the_last_word(
    cast: Cast, rating: Rating, people: dict[str, Browser], browse: Any
) -> None:
    with transaction():
        other = a_person("Henry Otim", team=cast.root, roles=["hr"])
    page = ask(people, rating)
    people["chloe"].post(f"{page}/answer", {"answer": "declined", "reason": "It speaks of you."})
    assert "Ask once more" in people["amina"].get(page).text
    assert people["amina"].post(f"{page}/appeal", {"comment": "Look at the plan."}).status_code == 303
    assert last_round().decider_id == other.id
    assert stored(rating).unchecked_at == NOW
    assert people["chloe"].get(page).status_code == 404
    henry = browse(other, at=NOW)
    assert henry.post(f"{page}/answer", {"answer": "partly", "reason": "Half of it."}).status_code == 303
    assert people["amina"].post(f"{page}/appeal", {"comment": "Again."}).status_code == 409
    assert "Partly agreed: it counts on" in people["amina"].get(page).text
    assert stored(rating).excluded_at is None


def test_an_appeal_comes_within_fourteen_days(rating: Rating, people: dict[str, Browser]) -> None:
    page = ask(people, rating)
    people["chloe"].post(f"{page}/answer", {"answer": "declined", "reason": "It speaks of you."})
    with clock.set_to(NOW + timedelta(days=15)):
        assert people["amina"].post(f"{page}/appeal", {"comment": "Late."}).status_code in {303, 401, 409}
        assert db.session.scalar(select(func.count()).select_from(DisputeRound)) == 1


def test_a_question_can_be_taken_back(rating: Rating, people: dict[str, Browser]) -> None:
    page = ask(people, rating)
    assert people["amina"].post(f"{page}/withdrawal").status_code == 303
    assert "The question was taken back" in people["amina"].get(page).text
    assert stored(rating).unchecked_at is None
    assert people["chloe"].post(f"{page}/answer", YES).status_code == 404


# Who decides


def test_without_hr_it_goes_to_who_leads_above(cast: Cast, rating: Rating, people: dict[str, Browser]) -> None:
    with transaction():
        db.session.query(RoleGrant).filter_by(role="hr").delete()
    page = ask(people, rating)
    assert last_round().decider_id == cast.faith.id
    assert people["faith"].post(f"{page}/answer", YES).status_code == 303


def test_hr_who_is_part_of_it_does_not_decide(cast: Cast, people: dict[str, Browser], browse: Any) -> None:
    with transaction():
        db.session.add(RoleGrant(person_id=cast.brian.id, role="hr", granted_at=NOW))
        own = a_rating(cast.chloe, 1, at=NOW - timedelta(days=1))
        of_amina = a_rating(cast.amina, 1, at=NOW - timedelta(days=1))
    people["chloe"].post(f"/ratings/{own.id}/second-look", ASKED)
    assert last_round().decider_id == cast.brian.id
    people["amina"].post(f"/ratings/{of_amina.id}/second-look", ASKED)
    assert last_round().decider_id == cast.chloe.id  # Brian leads Amina


def test_with_nobody_it_waits_and_is_not_forgotten(cast: Cast, rating: Rating, people: dict[str, Browser]) -> None:
    with transaction():
        db.session.query(RoleGrant).filter_by(role="hr").delete()
        account_of(cast.chloe).deactivated_at = NOW
        db.session.query(Tenure).filter_by(person_id=cast.faith.id).delete()
    page = ask(people, rating)
    assert last_round().decider_id is None
    assert "nobody here may answer it yet" in people["amina"].get(page).text
    with transaction():
        account_of(cast.chloe).deactivated_at = None
        db.session.add(RoleGrant(person_id=cast.chloe.id, role="hr", granted_at=NOW))
    assert follow_up(NOW + timedelta(hours=1)) == 1
    assert last_round().decider_id == cast.chloe.id
    assert told(cast.chloe) == ["dispute.waiting"]


def test_whoever_comes_to_lead_the_person_decides_no_more(
    cast: Cast, rating: Rating, people: dict[str, Browser]
) -> None:
    page = ask(people, rating)
    with transaction():
        _leads(cast.chloe, cast)
    assert people["chloe"].post(f"{page}/answer", YES).status_code == 404
    follow_up(NOW + timedelta(hours=1))
    assert last_round().decider_id == cast.faith.id


def _leads(person: Person, cast: Cast) -> None:
    db.session.add(Tenure(person_id=person.id, team_id=cast.tills.id, kind="deputy", started_on=NOW.date()))


# What happens by itself


def test_a_late_answer_is_asked_for_once(cast: Cast, rating: Rating, people: dict[str, Browser]) -> None:
    ask(people, rating)
    due = last_round().due_on
    assert follow_up(NOW + timedelta(days=1)) == 0
    late = NOW + (due - NOW.date()) + timedelta(days=1)
    assert follow_up(late) == 1
    assert follow_up(late + timedelta(hours=1)) == 0
    assert told(cast.chloe) == ["dispute.waiting", "dispute.late"]


def test_the_answer_is_promised_in_three_working_days(rating: Rating, people: dict[str, Browser]) -> None:
    ask(people, rating)  # on a Wednesday
    assert last_round().due_on.isoformat() == "2026-11-23"


def test_checks_leave_it_out_for_ten_working_days_and_the_score_counts_it(
    cast: Cast, rating: Rating, people: dict[str, Browser]
) -> None:
    week = week_of(rating.rated_on)
    ask(people, rating)
    db.session.rollback()
    company = load_company(week)
    assert company is not None
    assert (company.rows.stars.sum(), company.checked.stars.sum()) == (1, 0)
    assert check_company(company).tested.sum() == 0
    follow_up(NOW + timedelta(days=20))
    assert stored(rating).unchecked_at is None
    again = load_company(week)
    assert again is not None
    assert again.checked.stars.sum() == 1
    assert rollup.differences() == {}


# HR's figures


def test_hr_sees_counts_and_no_share_below_five(cast: Cast, rating: Rating, people: dict[str, Browser]) -> None:
    page = ask(people, rating)
    people["chloe"].post(f"{page}/answer", YES)
    figures = people["chloe"].get("/second-looks").text
    assert "too few to tell" in figures
    assert "Past the promised day" in figures
    assert "Past the promised day" not in people["brian"].get("/second-looks").text


def test_from_five_answers_on_the_share_is_shown(cast: Cast, people: dict[str, Browser]) -> None:
    for number in range(5):
        with transaction():
            made = a_rating(cast.amina, 2, at=NOW - timedelta(days=3, minutes=number))
        page = ask(people, made)
        answer = YES if number < 2 else {"answer": "declined", "reason": "No."}
        assert people["chloe"].post(f"{page}/answer", answer).status_code == 303
    assert "40 %" in people["chloe"].get("/second-looks").text


def test_a_rating_that_goes_takes_its_second_look_along(cast: Cast, rating: Rating, people: dict[str, Browser]) -> None:
    ask(people, rating)
    with transaction():
        db.session.delete(db.session.get_one(Rating, rating.id))
    assert db.session.scalar(select(func.count()).select_from(Dispute)) == 0


def test_of_two_answers_at_once_the_second_is_told(app: Flask, rating: Rating, people: dict[str, Browser]) -> None:
    page = ask(people, rating)
    assert people["chloe"].post(f"{page}/answer", YES).status_code == 303
    assert people["chloe"].post(f"{page}/answer", {"answer": "declined", "reason": "No."}).status_code == 404
    assert last_round().outcome == "accepted"


def test_abusive_words_are_hidden_from_all_who_work_here(
    cast: Cast, rating: Rating, people: dict[str, Browser]
) -> None:
    page = ask(people, rating)
    assert "Hide the customer’s words" in people["chloe"].get(page).text
    answer = people["chloe"].post(f"{page}/answer", {**YES, "hide_words": "y"})
    assert answer.status_code == 303
    kept = stored(rating)
    assert (kept.words_hidden_at, kept.comment, kept.words) == (NOW, WORDS, None)
    for who, address in (("amina", "/me"), ("amina", "/me/ratings"), ("amina", page), ("brian", page)):
        text = people[who].get(address).text
        assert WORDS not in text, (who, address)
    assert "The words are hidden, after a second look." in people["amina"].get("/me/ratings").text
    assert rollup.differences() == {}


def test_words_can_be_hidden_while_the_rating_counts_on(rating: Rating, people: dict[str, Browser]) -> None:
    page = ask(people, rating)
    people["chloe"].post(f"{page}/answer", {"answer": "partly", "reason": "The stars stay.", "hide_words": "y"})
    kept = stored(rating)
    assert (kept.words_hidden_at, kept.excluded_at) == (NOW, None)


def test_words_are_not_hidden_by_a_no(rating: Rating, people: dict[str, Browser]) -> None:
    page = ask(people, rating)
    refused = people["chloe"].post(f"{page}/answer", {"answer": "declined", "reason": "No.", "hide_words": "y"})
    assert refused.status_code == 422
    assert "only with an answer that agrees" in refused.text
    assert stored(rating).words_hidden_at is None
