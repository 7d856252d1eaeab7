"""“Please don’t ask me again”: shown by a GET, done by a POST, by mail in one click, and taken back."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.conftest import Browser, Cast
from tests.intake.test_set_aside import a_mailed_link, send
from tests.invitations.conftest import planned, the_invitation
from tracker.access.rules import token_hash
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.intake.actions import open_and_mail_link, open_link
from tracker.invitations.models import DoNotAsk
from tracker.invitations.planning import hashed
from tracker.ratings.models import Customer, SurveyLink

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
ADDRESS = "customer@example.org"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.set_to(NOW):
        yield


@pytest.fixture
def token(cast: Cast) -> str:
    """Of a customer who is known by an address and by the company's reference."""
    with transaction():
        secret, _invitation = open_and_mail_link(
            db.session.merge(cast.amina),
            email=ADDRESS,
            language="en",
            ended_at=NOW,
            by=cast.brian.id,
            at=NOW,
            customer_reference="C-1",
        )
    return secret


def who_declined() -> set[Any]:
    db.session.rollback()
    rows = db.session.scalars(select(DoNotAsk).execution_options(populate_existing=True))
    return {row.address_hash or db.session.get_one(Customer, row.customer_id).reference for row in rows}


def test_reading_changes_nothing(token: str, browse: Any) -> None:
    for path in ("no-more", "one-click"):
        for method in ("GET", "HEAD"):
            page = browse(None).get(f"/rate/{token}/{path}", method=method)
            assert page.status_code == 200
        assert "Shall we not ask you again?" in browse(None).get(f"/rate/{token}/{path}").text
    assert who_declined() == set()


def test_it_holds_for_the_address_and_for_the_customer_and_is_taken_back(token: str, browse: Any, cast: Cast) -> None:
    customer: Browser = browse(None)
    for _time in range(2):
        assert customer.post(f"/rate/{token}/no-more").status_code == 303
    assert who_declined() == {hashed(ADDRESS), "C-1"}
    assert "We won’t ask you again" in customer.get(f"/rate/{token}/no-more").text
    assert the_invitation(planned(cast.kevin, ADDRESS)).skip_reason == "declined"
    assert customer.post(f"/rate/{token}/asking-again").status_code == 303
    assert who_declined() == set()
    assert the_invitation(planned(cast.kevin, ADDRESS)).skip_reason is None
    of_customers = select(AuditEntry).where(AuditEntry.action.like("customer.%")).order_by(AuditEntry.id)
    entries = db.session.scalars(of_customers).all()
    assert [(entry.action, entry.by_id, entry.details) for entry in entries] == [
        ("customer.declined", None, {}),
        ("customer.returned", None, {}),
    ]


def test_a_mail_program_does_it_in_one_click(token: str, cast: Cast, app: Any) -> None:
    """Without a cookie or a CSRF token, also long after the link is over."""
    client = app.test_client()
    with clock.set_to(NOW + timedelta(days=40)):
        assert client.post(f"/rate/{token}/one-click").status_code == 422
        assert who_declined() == set()
        assert client.post(f"/rate/{token}/one-click", data=ONE_CLICK).status_code == 200
    assert who_declined() == {hashed(ADDRESS), "C-1"}


def test_one_click_with_a_secret_that_is_not_ours_finds_nothing(app: Any, cast: Cast) -> None:
    unknown = app.test_client().post(f"/rate/{'x' * 43}/one-click", data=ONE_CLICK)
    assert unknown.status_code == 404
    assert who_declined() == set()


def test_the_other_two_want_their_token(token: str, app: Any) -> None:
    for path in ("no-more", "asking-again"):
        assert app.test_client().post(f"/rate/{token}/{path}").status_code == 400
    assert who_declined() == set()


def test_somebody_nobody_knows_has_nothing_to_stop(cast: Cast, browse: Any) -> None:
    with transaction():
        token = open_link(db.session.merge(cast.amina), ended_at=NOW, by=None, at=NOW)
    customer = browse(None)
    assert "We have no address of yours" in customer.get(f"/rate/{token}/no-more").text
    assert customer.post(f"/rate/{token}/no-more").status_code == 303
    assert who_declined() == set()
    customer.post(f"/rate/{token}", {"r": "5"})
    assert "ask me again" not in customer.get(f"/rate/{token}").text


def test_it_is_offered_after_the_answer(cast: Cast, browse: Any) -> None:
    token, customer = a_mailed_link(cast.amina), browse(None)
    later = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
    send(customer, token)
    with clock.set_to(later):
        page = customer.get(f"/rate/{token}").text
    assert f'href="/rate/{token}/no-more"' in page


@pytest.mark.parametrize(
    ("language", "sentence"), [("sw", "Tusikuulize tena?"), ("fr", "Préférez-vous ne plus recevoir nos questions")]
)
def test_the_page_speaks_the_customers_language(token: str, browse: Any, language: str, sentence: str) -> None:
    assert sentence in browse(None).get(f"/rate/{token}/no-more?language={language}").text


def test_staff_do_not_decline_for_a_customer(token: str, browse: Any, cast: Cast) -> None:
    assert browse(cast.amina).post(f"/rate/{token}/no-more").status_code == 403
    assert who_declined() == set()


def test_nobody_is_asked_by_hand_who_declined_or_was_asked(cast: Cast, browse: Any, token: str) -> None:
    form = {"person": str(cast.amina.id), "ended_on": "2026-11-18", "ended": "11:30"}
    brian = browse(cast.brian, at=NOW)
    again = brian.post("/links/new", {**form, "customer": "C-1"})
    assert (again.status_code, "asked in the last 30 days" in again.text) == (422, True)
    browse(None).post(f"/rate/{token}/no-more")
    for given in ({"customer": "C-1"}, {"email": ADDRESS}):
        page = brian.post("/links/new", {**form, **given})
        assert (page.status_code, "asked not to be asked again" in page.text) == (422, True)
    with transaction():
        db.session.merge(cast.kevin).email = "kevin@example.org"
    colleague = brian.post("/links/new", {**form, "email": "Kevin@example.org"})
    assert (colleague.status_code, "only customers rate" in colleague.text) == (422, True)
    assert brian.post("/links/new", {**form, "email": "no address"}).status_code == 422
    assert brian.post("/links/new", {**form, "email": "else@example.org"}).status_code == 200
    db.session.rollback()
    links = db.session.scalars(select(SurveyLink.token_hash)).all()
    assert len(links) == 2
    assert token_hash(token) in links
