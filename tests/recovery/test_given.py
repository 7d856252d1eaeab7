"""What was given in a complaint: written down with a contact and with the end, held against one's own limit, and gone with the case."""

import re
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from tests.conftest import NOW, Browser, Cast
from tests.factories import a_person, a_rating, a_touchpoint
from tests.home.test_own_file import taken
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.core.errors import Invalid
from tracker.intake.actions import open_link
from tracker.notifications.models import Message
from tracker.organisation.models import Person
from tracker.ratings.survey_actions import ensure_default_surveys
from tracker.recovery import actions, opening
from tracker.recovery.giving_rules import KINDS, KINDS_OF_WORTH, Gift, Purse, problem_of
from tracker.recovery.limit_actions import Chosen, choose_limit
from tracker.recovery.limit_models import Given
from tracker.recovery.models import RecoveryCase

CALLED = {"reached": "yes", "words": "She wants her money back.", "given": ""}
DONE = {"outcome": "solved", "words": "Paid back.", "cause": "process", "driver": "", "given": "nothing"}


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.set_to(NOW):
        yield NOW


@pytest.fixture
def case(cast: Cast) -> RecoveryCase:
    with transaction():
        choose_limit(None, Chosen(500, 1000, "KES"), by=cast.chloe.id, at=NOW - timedelta(days=1))
        found = opening.open_case(a_rating(cast.amina, 1, at=NOW - timedelta(hours=1)), contact="0722", at=NOW)
        assert found is not None
        return found


def rows() -> list[Given]:
    db.session.rollback()
    return list(db.session.scalars(select(Given).order_by(Given.entry_id)))


def contact(case: RecoveryCase, **given: str) -> tuple[str, dict[str, str]]:
    return f"/complaints/{case.id}/contact", {**CALLED, **given}


def closing(case: RecoveryCase, **given: str) -> tuple[str, dict[str, str]]:
    return f"/complaints/{case.id}/closing", {**DONE, **given}


def seen_on(reader: Browser, case: RecoveryCase) -> str:
    found = re.search(r'name="seen"[^>]*value="([0-9]+)"', reader.get(f"/complaints/{case.id}").text)
    assert found is not None
    return found[1]


def test_within_the_own_limit_nobody_is_asked(cast: Cast, case: RecoveryCase, people: dict[str, Browser]) -> None:
    page = people["brian"].get(f"/complaints/{case.id}").text
    assert "up to KES\xa01,000 for one complaint without asking" in page
    assert people["brian"].post(*contact(case, given="refund", worth="1000")).status_code == 303
    (row,) = rows()
    assert (row.kind, row.worth, row.currency, row.own_limit, row.is_within) == ("refund", 1000, "KES", 1000, True)
    assert (row.by_id, row.agreed_by_id) == (cast.brian.id, None)
    said = "Money back, worth KES\xa01,000. Within the own limit of KES\xa01,000, nobody was asked."
    for who in ("brian", "amina"):  # whom it is about reads the history too
        assert said in people[who].get(f"/complaints/{case.id}").text


def test_above_it_needs_the_name_of_somebody_above(cast: Cast, case: RecoveryCase, people: dict[str, Browser]) -> None:
    brian = people["brian"]
    answer = brian.post(*contact(case, given="voucher", worth="1001"))
    assert answer.status_code == 422
    assert "More than the KES\xa01,000 that you may give without asking" in answer.text
    assert 'value="1001"' in answer.text
    assert "She wants her money back." in answer.text
    assert rows() == []
    not_above = brian.post(*contact(case, given="voucher", worth="1001", agreed=str(cast.kevin.id)))
    assert not_above.status_code == 422
    assert brian.post(*contact(case, given="voucher", worth="1001", agreed=str(cast.faith.id))).status_code == 303
    (row,) = rows()
    assert (row.agreed_by_id, row.is_within) == (cast.faith.id, False)
    assert "Faith Wambui agreed." in brian.get(f"/complaints/{case.id}").text


def test_whoever_is_said_to_have_agreed_hears_of_it_once(
    cast: Cast, case: RecoveryCase, people: dict[str, Browser]
) -> None:
    sent = contact(case, given="voucher", worth="1500", agreed=str(cast.faith.id), seen=seen_on(people["brian"], case))
    for _time in range(2):
        assert people["brian"].post(*sent).status_code == 303
    (message,) = db.session.scalars(select(Message).where(Message.kind == "recovery.agreed"))
    assert message.person_id == cast.faith.id
    db.session.rollback()
    with clock.set_to(NOW + timedelta(hours=1)):
        inbox = people["faith"].get("/inbox").text
        assert "Brian Kamau wrote down that you agreed" in inbox
        assert (
            "A voucher, worth KES\xa01,500, to put a complaint right. If that is not so, speak with Brian Kamau."
            in inbox
        )
        assert "Amina" not in inbox
        with transaction():
            db.session.execute(delete(RecoveryCase).where(RecoveryCase.id == case.id))
        assert "you agreed" not in people["faith"].get("/inbox").text  # it goes with the complaint
    assert people["brian"].get("/inbox").text.count("you agreed") == 0


def test_in_small_pieces_it_is_the_same_sum(cast: Cast, case: RecoveryCase, people: dict[str, Browser]) -> None:
    brian = people["brian"]
    assert brian.post(*contact(case, given="refund", worth="700")).status_code == 303
    assert "KES\xa0700 were given in it so far without asking." in brian.get(f"/complaints/{case.id}").text
    answer = brian.post(*closing(case, given="voucher", worth="301"))
    assert answer.status_code == 422
    assert "With the KES\xa0700 given before" in answer.text
    assert brian.post(*closing(case, given="voucher", worth="300")).status_code == 303
    assert [row.is_within for row in rows()] == [True, True]


def test_sent_twice_it_is_given_once_and_later_once_more(case: RecoveryCase, people: dict[str, Browser]) -> None:
    brian = people["brian"]
    seen = seen_on(brian, case)
    for _time in range(2):  # the second would be more than the limit, if it were another one
        assert brian.post(*contact(case, given="refund", worth="700", seen=seen)).status_code == 303
    assert [row.worth for row in rows()] == [700]
    assert (
        brian.post(*contact(case, given="refund", worth="100", seen=seen)).status_code == 303
    )  # other words are another
    later = contact(case, given="refund", worth="100", seen=seen_on(brian, case))
    assert brian.post(*later).status_code == 303
    assert [row.worth for row in rows()] == [700, 100, 100]


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 40, "٣"])
def test_what_a_page_had_seen_can_be_anything(case: RecoveryCase, people: dict[str, Browser], seen: str) -> None:
    assert people["brian"].post(*contact(case, given="refund", worth="5", seen=seen)).status_code == 303
    assert len(rows()) == 1


def test_a_note_sent_twice_is_one(case: RecoveryCase, people: dict[str, Browser]) -> None:
    said = {"words": "Calls on Friday.", "seen": seen_on(people["brian"], case)}
    for _time in range(2):
        assert people["brian"].post(f"/complaints/{case.id}/notes", said).status_code == 303
    assert people["brian"].get(f"/complaints/{case.id}").text.count("Calls on Friday.") == 1


def test_closed_twice_is_closed_once_even_by_whoever_may_not_read_it_any_more(
    cast: Cast, case: RecoveryCase, people: dict[str, Browser]
) -> None:
    with transaction():
        db.session.get_one(RecoveryCase, case.id).owner_id = cast.faith.id
    faith = people["faith"]
    faith.post(*contact(case))
    for _time in range(2):
        assert faith.post(*closing(case, given="refund", worth="800")).status_code == 303
    assert [row.worth for row in rows()] == [800]
    other = faith.post(*closing(case, words="Something else.", given="refund", worth="800"))
    assert (other.status_code, "What you wrote then stands" in other.text) == (409, True)
    other = faith.post(*closing(case, given="refund", worth="80"))
    assert other.status_code == 409
    assert people["dora"].post(*closing(case)).status_code == 404
    assert people["brian"].post(*closing(case)).status_code == 409  # reads it, and did not close it


def test_nothing_is_offered_once_with_a_contact_and_once_with_the_end(
    case: RecoveryCase, people: dict[str, Browser]
) -> None:
    page = people["brian"].get(f"/complaints/{case.id}").text
    assert [page.count(f">{word}</option>") for word in ("Nothing so far", "Nothing", "An apology in words")] == [
        1,
        1,
        2,
    ]
    assert people["brian"].post(*contact(case, given="nothing")).status_code == 422


def test_what_others_gave_in_it_is_no_part_of_the_own_limit(
    cast: Cast, case: RecoveryCase, people: dict[str, Browser]
) -> None:
    people["brian"].post(*contact(case, given="refund", worth="900"))
    with transaction():
        db.session.get_one(RecoveryCase, case.id).owner_id = cast.faith.id
        choose_limit(None, Chosen(0, 0, "KES"), by=cast.chloe.id, at=NOW)
    page = people["faith"].get(f"/complaints/{case.id}").text
    assert "Ask whoever leads you before you give a customer anything of worth." in page
    assert "KES\xa0900 were given in it so far without asking." in page
    assert "of it are given" not in page


def test_what_was_agreed_does_not_use_it_up(cast: Cast, case: RecoveryCase, people: dict[str, Browser]) -> None:
    people["brian"].post(*contact(case, given="refund", worth="700", agreed=str(cast.faith.id)))
    assert people["brian"].post(*closing(case, given="voucher", worth="1000")).status_code == 303
    assert [row.is_within for row in rows()] == [False, True]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"given": ""}, "Choose what was given, or nothing"),
        ({"given": "gold"}, "What did you give the customer?"),
        ({"given": "refund"}, "Say what it was worth"),
        ({"given": "refund", "worth": "much"}, "whole number"),
        ({"given": "refund", "worth": "0"}, "A whole number from 1"),
        ({"given": "refund", "worth": "99999999999"}, "A whole number from 1"),
        ({"given": "apology", "worth": "5"}, "Choose what it was: money back"),
        ({"given": "", "worth": "5"}, "Choose what it was: money back"),
        ({"given": "nothing", "agreed": "faith"}, "Nobody is asked for that"),
        ({"given": "refund", "worth": "5", "agreed": "999999"}, "Choose one from the list"),
    ],
)
def test_what_does_not_go_together_is_said(
    cast: Cast, case: RecoveryCase, people: dict[str, Browser], sent: dict[str, str], said: str
) -> None:
    people["brian"].post(*contact(case))
    sent = {**sent, "agreed": str(cast.faith.id)} if sent.get("agreed") == "faith" else sent
    answer = people["brian"].post(*closing(case, **sent))
    assert answer.status_code == 422
    assert said in answer.text
    assert "Paid back." in answer.text
    assert rows() == []
    assert db.session.get_one(RecoveryCase, case.id).closed_at is None


def test_of_a_call_that_nobody_took_nothing_was_given(case: RecoveryCase, people: dict[str, Browser]) -> None:
    answer = people["brian"].post(*contact(case, reached="no", given="apology"))
    assert answer.status_code == 422
    assert "nothing can have been given" in answer.text
    stored = db.session.get_one(RecoveryCase, case.id)
    with pytest.raises(Invalid):
        actions.record_contact(stored, "No.", reached=False, by=1, at=NOW, gift=Gift("apology"))
    db.session.rollback()
    assert people["brian"].post(*contact(case, reached="no")).status_code == 303
    assert rows() == []


@pytest.mark.parametrize(("who", "status"), [("amina", 403), ("kevin", 404), ("dora", 404), ("faith", 404)])
def test_only_whoever_takes_care_writes_it(
    case: RecoveryCase, people: dict[str, Browser], who: str, status: int
) -> None:
    for sent in (contact(case, given="refund", worth="5"), closing(case, given="refund", worth="5")):
        assert people[who].post(*sent).status_code == status
    assert rows() == []


def test_the_limit_of_that_day_stays_with_it(cast: Cast, case: RecoveryCase, people: dict[str, Browser]) -> None:
    people["brian"].post(*contact(case, given="refund", worth="900"))
    with transaction():
        choose_limit(None, Chosen(0, 0, "KES"), by=cast.chloe.id, at=NOW)
    (row,) = rows()
    assert (row.own_limit, row.is_within) == (1000, True)
    answer = people["brian"].post(*closing(case, given="refund", worth="1"))
    assert answer.status_code == 422
    assert "You are asked to ask first" in answer.text


def test_before_a_currency_is_set_worth_is_not_asked(cast: Cast, people: dict[str, Browser]) -> None:
    with transaction():
        found = opening.open_case(a_rating(cast.amina, 1, at=NOW), contact="0722", at=NOW)
        assert found is not None
        id = found.id
    page = people["brian"].get(f"/complaints/{id}").text
    assert "Nothing is written down about what you may give" in page
    assert 'name="worth"' not in page
    people["brian"].post(f"/complaints/{id}/contact", {**CALLED, "given": "refund", "worth": "700"})
    (row,) = rows()
    assert (row.kind, row.worth, row.own_limit, row.is_within) == ("refund", None, None, None)


def test_whoever_has_nobody_above_asks_hr(cast: Cast, case: RecoveryCase, people: dict[str, Browser]) -> None:
    with transaction():
        db.session.get_one(RecoveryCase, case.id).owner_id = cast.faith.id
    page = people["faith"].get(f"/complaints/{case.id}").text
    assert "Chloe Yusuf</option>" in page
    assert people["faith"].post(*contact(case, given="refund", worth="5000")).status_code == 422
    agreed = contact(case, given="refund", worth="5000", agreed=str(cast.chloe.id))
    assert people["faith"].post(*agreed).status_code == 303


def test_it_is_in_the_own_file_and_in_nobody_elses(
    cast: Cast, case: RecoveryCase, people: dict[str, Browser], browse: Any
) -> None:
    people["brian"].post(*contact(case, given="refund", worth="1500", agreed=str(cast.faith.id)))
    (own,) = taken(browse(cast.brian))["given_on_the_spot"]
    assert (own["worth"], own["given_by_you"], own["somebody_agreed"]) == (1500, True, True)
    assert own["within_own_limit"] is False
    (agreed,) = taken(browse(cast.faith))["given_on_the_spot"]
    assert agreed["given_by_you"] is False
    assert taken(browse(cast.amina))["given_on_the_spot"] == []


def test_it_goes_with_the_case(case: RecoveryCase, people: dict[str, Browser]) -> None:
    people["brian"].post(*contact(case, given="refund", worth="5"))
    with transaction():
        db.session.execute(delete(RecoveryCase).where(RecoveryCase.id == case.id))
    assert db.session.scalar(select(func.count()).select_from(Given)) == 0


def test_the_customer_reads_no_amount(cast: Cast, browse: Any) -> None:
    with transaction():
        ensure_default_surveys(at=NOW)
        choose_limit(None, Chosen(500, 1000, "KES"), by=cast.chloe.id, at=NOW)
        amina = db.session.get_one(Person, cast.amina.id)
        token = open_link(amina, touchpoint_id=a_touchpoint("Tills").id, ended_at=NOW, by=cast.brian.id, at=NOW)
    customer = browse(None)
    customer.post(f"/rate/{token}", {"r": "1", "k": "y", "p": "0722", "c": "Charged twice."})
    case = db.session.scalars(select(RecoveryCase)).one()
    db.session.rollback()
    assert browse(cast.brian, at=NOW).post(*contact(case, given="refund", worth="777")).status_code == 303
    page = customer.get(f"/rate/{token}").text
    assert "We have spoken with you" in page
    assert "KES" not in page
    assert "Money back" not in page


PURSES = st.builds(
    Purse,
    st.none() | st.integers(0, 2_000),
    st.sampled_from(["KES", None]),
    st.integers(0, 2_000),
    st.sampled_from([[], [(7, "Faith")]]),
)
GIFTS = st.builds(Gift, st.sampled_from(KINDS), st.none() | st.integers(1, 3_000), st.sampled_from([None, 7, 8]))


@given(PURSES, GIFTS)
def test_nothing_beyond_the_limit_passes_unasked_where_somebody_can_be_asked(purse: Purse, gift: Gift) -> None:
    if problem_of(gift, purse) is not None:
        return
    if gift.kind not in KINDS_OF_WORTH:
        assert (gift.worth, gift.agreed_by) == (None, None)
    if gift.worth is not None and purse.limit is not None and purse.already + gift.worth > purse.limit:
        assert gift.agreed_by == 7 or not purse.above
        assert purse.is_within(gift) is False
    if purse.is_within(gift):
        assert gift.agreed_by is None


def test_how_complaints_go_counts_nothing_of_it_and_says_where_it_stands(cast: Cast, browse: Any) -> None:
    with transaction():
        choose_limit(None, Chosen(500, 1000, "KES"), by=cast.chloe.id, at=NOW - timedelta(days=60))
        for number in range(6):
            at = NOW - timedelta(days=40 - number)
            found = opening.open_case(a_rating(a_person(team=cast.tills), 1, at=at), contact="0722", at=at)
            assert found is not None
            gift = Gift("refund", 433)
            actions.record_contact(found, "Called.", reached=True, gift=gift, by=cast.brian.id, at=at)
            gift = Gift("voucher", 217)
            done = {"outcome": "solved", "words": "Done.", "cause": "process", "driver": None}
            actions.close(found, **done, gift=gift, by=cast.brian.id, at=at + timedelta(hours=1))
    for who, leads_on in (("chloe", 1), ("brian", 0)):
        page = browse(getattr(cast, who), at=NOW).get("/complaints/report").text
        assert "All together" in page
        assert page.count('href="/reports/engagement#map"') == leads_on
        assert not any(word in page for word in ("KES\xa0", "Money back", "A voucher"))
