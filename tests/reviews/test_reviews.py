"""A public review from its arrival to its answer: who reads it, who answers, who may not, and what happens twice."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from markupsafe import escape
from sqlalchemy import func, select

from tests.conftest import NOW, Browser, Cast
from tests.factories import leads
from tests.home.test_query_counts import AT_MOST, selects
from tests.reviews.conftest import a_review, stored
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.notifications.models import Message
from tracker.organisation.models import Tenure
from tracker.reviews.jobs import follow_up
from tracker.reviews.models import ReviewEntry

ANSWER = {
    "words": "Thank you, we open a third till at noon from Monday.",
    "said_by": "Zawadora",
    "on": "2026-11-18",
    "hour": "11:30",
    "link": "https://reviews.example.org/1#answer",
    "seen": "0",
}
PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 70001*7 }}",
    "</blockquote><svg/onload=alert(1)>",
    "' onmouseover='alert(1)",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
)


def entries() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(ReviewEntry.kind).order_by(ReviewEntry.id)))


def deeds(start: str) -> list[str]:
    db.session.rollback()
    found = select(AuditEntry.action).where(AuditEntry.action.startswith(start)).order_by(AuditEntry.id)
    return list(db.session.scalars(found))


def test_from_arrival_to_answer(cast: Cast, people: dict[str, Browser]) -> None:
    review = a_review(cast.tills, title="Long queue", stars=2, author="Wanjiru", link="https://reviews.example.org/1")
    page = f"/reviews/{review.id}"
    listed = people["brian"].get("/reviews").text
    assert "1 public review waits for an answer" in listed
    assert "Due in 18 working hours" in listed
    assert 'href="https://reviews.example.org/1" rel="noopener noreferrer nofollow"' in people["brian"].get(page).text
    assert people["brian"].post(f"{page}/answer", ANSWER).status_code == 303
    kept = stored(review)
    assert (kept.outcome, kept.answered_at, kept.reminds_at) == ("answer", NOW - timedelta(minutes=30), None)
    done = people["brian"].get(page).text
    assert ANSWER["words"] in done
    assert "Brian Kamau noted an answer" in done
    assert "Given by Zawadora, Wed 18 Nov, 11:30" in done
    assert "No public review waits" in people["brian"].get("/reviews").text
    assert follow_up(NOW + timedelta(days=30)) == 0
    assert deeds("review.") == ["review.taken", "review.answered"]
    assert ANSWER["words"] not in str(db.session.scalars(select(AuditEntry.details)).all())


def test_a_correction_is_a_new_entry(cast: Cast, people: dict[str, Browser]) -> None:
    review = a_review(cast.tills)
    page = f"/reviews/{review.id}"
    people["brian"].post(f"{page}/no-answer", {"reason": "Only stars.", "seen": "0"})
    assert stored(review).outcome == "not_needed"
    assert people["chloe"].post(f"{page}/answer", {**ANSWER, "seen": "1"}).status_code == 303
    assert people["brian"].post(f"{page}/answer", {**ANSWER, "words": "As corrected.", "seen": "2"}).status_code == 303
    assert entries() == ["not_needed", "answer", "answer"]
    text = people["brian"].get(page).text
    assert "Only stars." in text
    assert ANSWER["words"] in text
    assert text.index("As corrected.") < text.index(ANSWER["words"])
    assert "corrected later" in text


@pytest.mark.parametrize("second", ["answer", "no-answer"])
def test_of_two_at_once_the_second_sees_what_the_first_did(cast: Cast, people: dict[str, Browser], second: str) -> None:
    review = a_review(cast.tills)
    page = f"/reviews/{review.id}"
    assert people["brian"].post(f"{page}/answer", ANSWER).status_code == 303
    mine = {**ANSWER, "words": "My own words", "reason": "My own words"}
    refused = people["chloe"].post(f"{page}/{second}", mine)
    assert refused.status_code == 409
    assert "Somebody was quicker" in refused.text
    assert ANSWER["words"] in refused.text
    assert "My own words" in refused.text
    assert 'name="seen" value="1"' in refused.text or 'name="seen" type="hidden" value="1"' in refused.text
    assert entries() == ["answer"]
    assert people["chloe"].post(f"{page}/{second}", {**mine, "seen": "1"}).status_code == 303


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": ""},
        {"words": "x" * 5_001},
        {"said_by": ""},
        {"on": ""},
        {"on": "2026-11-19"},
        {"on": "2026-11-16"},
        {"on": "0001-01-01"},
        {"hour": "25:00"},
        {"link": "javascript:alert(1)"},
        {"link": "example.org"},
    ],
)
def test_an_answer_that_cannot_be_is_asked_for_again(
    cast: Cast, people: dict[str, Browser], wrong: dict[str, str]
) -> None:
    review = a_review(cast.tills)
    assert people["brian"].post(f"/reviews/{review.id}/answer", {**ANSWER, **wrong}).status_code == 422
    assert entries() == []


def test_a_reason_is_needed_where_no_answer_is(cast: Cast, people: dict[str, Browser]) -> None:
    review = a_review(cast.tills)
    assert people["brian"].post(f"/reviews/{review.id}/no-answer", {"reason": " ", "seen": "0"}).status_code == 422
    assert people["brian"].post(f"/reviews/{review.id}/no-answer", {"reason": "x", "seen": "many"}).status_code == 409


def test_who_may(cast: Cast, people: dict[str, Browser]) -> None:
    review = a_review(cast.tills, text="WORDSOFTILLS")
    page = f"/reviews/{review.id}"
    for name in ("brian", "chloe"):
        assert people[name].get(page).status_code == 200
        assert "WORDSOFTILLS" in people[name].get("/reviews").text
    missing = people["dora"].get("/reviews/987654321")
    for name in ("amina", "kevin", "dora", "faith", "ruth"):
        assert people[name].get(page).status_code == 404, name
        for deed in ("answer", "no-answer", "person"):
            assert people[name].post(f"{page}/{deed}", ANSWER).status_code == 404, (name, deed)
    assert people["dora"].get(page).text == missing.text
    assert "WORDSOFTILLS" not in people["dora"].get("/reviews").text
    assert "No reviews yet" in people["dora"].get("/reviews").text
    assert people["amina"].get("/reviews").status_code == 403
    assert people["ruth"].get("/reviews").status_code == 403
    assert people["brian"].get("/reviews/tray").status_code == 403
    assert people["ruth"].post(f"{page}/team", {"team": str(cast.floor.id)}).status_code == 404
    assert people["brian"].post(f"{page}/team", {"team": str(cast.floor.id)}).status_code == 403
    assert entries() == []


def test_a_right_ends_with_the_tenure(cast: Cast, people: dict[str, Browser]) -> None:
    review = a_review(cast.tills)
    assert people["brian"].get(f"/reviews/{review.id}").status_code == 200
    with transaction():
        tenure = db.session.scalars(select(Tenure).where(Tenure.person_id == cast.brian.id)).one()
        tenure.ended_on = NOW.date()
        leads(cast.dora, cast.tills, since=NOW.date())
    assert people["brian"].get(f"/reviews/{review.id}").status_code == 404
    assert people["dora"].get(f"/reviews/{review.id}").status_code == 200
    assert "waits for an answer" not in people["brian"].get("/inbox").text


def test_whom_it_names_reads_it_and_no_more(cast: Cast, people: dict[str, Browser]) -> None:
    review = a_review(cast.tills, text="Thanks to Amina.", stars=1)
    page = f"/reviews/{review.id}"
    assert people["brian"].post(f"{page}/person", {"person": str(cast.amina.id)}).status_code == 303
    assert "A public review names you" in people["amina"].get("/inbox").text
    assert "1 public review names you" in people["amina"].get("/me").text
    mine = people["amina"].get("/reviews/naming-me").text
    assert "Thanks to Amina." in mine
    assert "Public review, does not count in the score" in mine
    assert people["amina"].get(page).status_code == 200
    for deed in ("answer", "no-answer", "person"):
        assert people["amina"].post(f"{page}/{deed}", ANSWER).status_code == 403
    assert people["brian"].post(f"{page}/person", {"person": str(cast.amina.id)}).status_code == 303
    assert entries() == ["person"]
    assert people["brian"].post(f"{page}/person", {"person": ""}).status_code == 303
    assert people["amina"].get(page).status_code == 404
    assert "names you" not in people["amina"].get("/inbox").text
    assert "names you" not in people["amina"].get("/me").text
    assert deeds("review.named") == ["review.named", "review.named"]


def test_nobody_names_themselves(cast: Cast, people: dict[str, Browser]) -> None:
    review = a_review(cast.tills)
    page = f"/reviews/{review.id}/person"
    for name in ("brian", "chloe"):
        assert people[name].post(page, {"person": str(getattr(cast, name).id)}).status_code == 422
    for number, status in ((cast.chloe.staff_number, 422), ("nobody", 422), (cast.dora.staff_number, 303)):
        assert people["chloe"].post(page, {"staff_number": number}).status_code == status
    assert people["brian"].post(page, {"person": str(cast.dora.id)}).status_code == 303  # as it is: named already
    assert stored(review).person_id == cast.dora.id
    assert people["dora"].get(f"/reviews/{review.id}").status_code == 200
    assert people["dora"].post(f"/reviews/{review.id}/answer", ANSWER).status_code == 403


def test_hr_does_not_answer_what_names_hr(cast: Cast, people: dict[str, Browser]) -> None:
    review = a_review(cast.tills)
    with transaction():
        stored(review).person_id = cast.chloe.id
    assert people["chloe"].get(f"/reviews/{review.id}").status_code == 200
    assert people["chloe"].post(f"/reviews/{review.id}/answer", ANSWER).status_code == 403
    assert people["brian"].post(f"/reviews/{review.id}/answer", ANSWER).status_code == 303


def test_the_tray_gives_it_to_a_team(cast: Cast, people: dict[str, Browser]) -> None:
    review = a_review(None, text="About some shop.")
    assert stored(review).due_at is None
    page = f"/reviews/{review.id}"
    for name in ("chloe", "ruth"):
        assert "About some shop." in people[name].get("/reviews/tray").text
        assert people[name].get(page).status_code == 200
        assert people[name].post(f"{page}/answer", ANSWER).status_code == 403
    assert people["brian"].get(page).status_code == 404
    assert people["ruth"].post(f"{page}/team", {"team": ""}).status_code == 422
    later = NOW + timedelta(hours=3)
    with clock.set_to(later):
        assert people["ruth"].post(f"{page}/team", {"team": str(cast.tills.id)}).status_code == 303
    assert stored(review).due_at == later + timedelta(days=2)
    assert people["ruth"].get(page).status_code == 404
    assert people["brian"].get(page).status_code == 200
    assert "Nothing waits" in people["ruth"].get("/reviews/tray").text
    assert people["chloe"].post(f"{page}/team", {"team": str(cast.floor.id)}).status_code == 303
    assert people["brian"].get(page).status_code == 404
    told = db.session.scalars(select(Message.person_id).where(Message.kind == "review.arrived").order_by(Message.id))
    assert told.all() == [cast.brian.id, cast.dora.id]
    people["dora"].post(f"{page}/answer", ANSWER)
    assert people["chloe"].post(f"{page}/team", {"team": str(cast.tills.id)}).status_code == 403
    assert deeds("review.given") == ["review.given", "review.given"]


def test_states_and_counts_with_their_n(cast: Cast, people: dict[str, Browser]) -> None:
    with_answer = [a_review(cast.tills, at=NOW - timedelta(days=9), text=f"Answered {n}") for n in range(4)]
    a_review(cast.tills, at=NOW - timedelta(days=20), text="Very old", published_at=NOW - timedelta(days=60))
    a_review(cast.tills, text="Is waiting")
    for review in with_answer:
        form = {**ANSWER, "on": "2026-11-10", "hour": "12:00"}
        assert people["brian"].post(f"/reviews/{review.id}/answer", form).status_code == 303
    few = people["brian"].get("/reviews").text
    assert "4 of 4 answers were in time in the last 13 weeks: too few for a share." in few
    assert "too few to tell (4 answers)" in few
    a_review(cast.tills, at=NOW - timedelta(days=9), text="Is late")
    many = people["brian"].get("/reviews").text
    assert "4 of 5 answers were in time in the last 13 weeks: 80 %." in many
    assert "Late since" in many
    assert "Too old for a time limit" in many
    shown = {
        "waiting": {"Is late", "Is waiting"},
        "late": {"Is late"},
        "answered": {f"Answered {n}" for n in range(4)},
        "not_needed": set(),
        "no_clock": {"Very old"},
        "nonsense": {"Is late", "Is waiting", "Very old", *(f"Answered {n}" for n in range(4))},
    }
    texts = shown["nonsense"]
    for state, expected in shown.items():
        page = people["brian"].get(f"/reviews?state={state}").text
        assert {text for text in texts if f">{text}<" in page} == expected, state
    order = people["brian"].get("/reviews").text
    assert order.index(">Is late<") < order.index(">Is waiting<") < order.index(">Answered 3<")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_whatever_is_written_is_shown_as_words(cast: Cast, people: dict[str, Browser], payload: str) -> None:
    given = {"title": payload, "text": payload, "author": payload, "language": "en"}
    review = a_review(cast.tills, **given)
    tray = a_review(None, **given)
    page = f"/reviews/{review.id}"
    people["brian"].post(f"{page}/answer", {**ANSWER, "words": payload, "said_by": payload})
    people["brian"].post(f"{page}/person", {"person": str(cast.amina.id)})
    pages = [
        people["brian"].get("/reviews"),
        people["brian"].get(page),
        people["brian"].post(f"{page}/answer", {**ANSWER, "words": payload}),
        people["chloe"].get("/reviews/tray"),
        people["chloe"].get(f"/reviews/{tray.id}"),
        people["amina"].get("/reviews/naming-me"),
        people["amina"].get(page),
    ]
    for answer in pages:
        assert answer.status_code in {200, 409}
        assert "<script>alert" not in answer.text
        assert "<img src=x" not in answer.text
        assert "<svg/onload" not in answer.text
        assert "' onmouseover='" not in answer.text
        assert "490007" not in answer.text
    assert str(escape(payload)) in pages[5].text


def test_my_feedback_asks_no_further_question(cast: Cast, people: dict[str, Browser]) -> None:
    review = a_review(cast.tills)
    people["brian"].post(f"/reviews/{review.id}/person", {"person": str(cast.amina.id)})
    with selects() as seen:
        page = people["amina"].get("/me")
    assert "1 public review names you" in page.text
    assert len(seen) <= AT_MOST


@pytest.mark.parametrize("reviews", [3, 24])
def test_the_list_asks_the_same_number_of_questions(
    app: Flask, cast: Cast, people: dict[str, Browser], reviews: int
) -> None:
    for _number in range(reviews):
        a_review(cast.tills)
    with selects() as seen:
        page = people["brian"].get("/reviews")
    assert page.text.count('<article class="comment">') == reviews
    assert len(seen) <= 9, "\n\n".join(seen)


def test_a_get_changes_nothing(cast: Cast, people: dict[str, Browser]) -> None:
    review = a_review(cast.tills)
    before = db.session.scalar(select(func.count()).select_from(AuditEntry))
    for url in ("/reviews", f"/reviews/{review.id}", "/reviews/naming-me"):
        people["brian"].get(url)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == before
    assert people["brian"].get(f"/reviews/{review.id}/answer").status_code == 405


def test_badges_count_what_waits_for_me(cast: Cast, people: dict[str, Browser], browse: Any) -> None:
    a_review(cast.tills)
    a_review(None)
    badge = '<span class="badge">1<span class="sr"> waiting for you</span></span>'
    for name in ("brian", "chloe", "ruth"):
        text = people[name].get("/inbox").text
        assert badge in text[text.index(">Reviews<") :][:200], name
    assert ">Reviews<" not in people["amina"].get("/inbox").text
    dora = people["dora"].get("/inbox").text
    assert "badge" not in dora[dora.index(">Reviews<") :][:120]
