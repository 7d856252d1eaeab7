"""A report that has not changed is not made again; whoever has signed out or lost the right gets no old one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.signals import template_rendered
from sqlalchemy import update

from tests.conftest import Browser, Cast
from tests.home.test_query_counts import AT_MOST, selects
from tests.reports.jobs import READ
from tests.reports.made import october_rated
from tracker.access.actions import set_roles
from tracker.access.models import Account, SignInSession
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.notifications.actions import tell
from tracker.organisation.models import Organisation, Person
from tracker.reports.models import ReportFigures

PAGE = "/reports/customers"


@pytest.fixture(autouse=True)
def _later() -> Iterator[None]:
    with clock.set_to(READ):
        yield


@pytest.fixture
def browser(cast: Cast, browse: Any) -> Browser:
    october_rated(cast)
    opened: Browser = browse(cast.chloe)
    return opened


def kept(browser: Browser) -> dict[str, str]:
    """What a browser sends that has kept the page."""
    page = browser.get(PAGE)
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "private, no-cache")
    assert "Cookie" in page.headers["Vary"]
    return {"If-None-Match": page.headers["ETag"]}


def test_an_unchanged_page_is_not_made_again(app: Flask, browser: Browser) -> None:
    has_it, made = kept(browser), []
    with template_rendered.connected_to(lambda *_args, **_more: made.append(1), app), selects() as seen:
        again = browser.get(PAGE, headers=has_it)
    assert (again.status_code, again.data, made) == (304, b"", [])
    assert (again.headers["ETag"], again.headers["Cache-Control"]) == (has_it["If-None-Match"], "private, no-cache")
    assert "Cookie" in again.headers["Vary"]
    assert len(seen) <= AT_MOST, "\n\n".join(seen)


def test_the_page_takes_few_questions_cold_too(browser: Browser) -> None:
    with selects() as seen:
        assert browser.get(PAGE).status_code == 200
    assert len(seen) <= AT_MOST, "\n\n".join(seen)


def _figures_change(_cast: Cast) -> None:
    db.session.execute(update(ReportFigures).values(version=ReportFigures.version + 1))


def _figures_are_made_later(_cast: Cast) -> None:
    db.session.execute(update(ReportFigures).values(made_at=READ + timedelta(hours=1)))


def _a_message_comes(cast: Cast) -> None:
    tell("week", to=cast.chloe.id, key="new", at=READ, visible_at=READ, state="plain", count=3)


def _the_name_changes(_cast: Cast) -> None:
    db.session.get_one(Organisation, 1).name = "Another"


def _another_role(cast: Cast) -> None:
    set_roles(db.session.merge(cast.chloe), {"hr", "admin"}, by=cast.ruth.id, at=READ)


@pytest.mark.parametrize(
    "happens", [_figures_change, _figures_are_made_later, _a_message_comes, _the_name_changes, _another_role]
)
def test_whatever_the_page_shows_makes_another_page(browser: Browser, cast: Cast, happens: Any) -> None:
    has_it = kept(browser)
    with transaction():
        happens(cast)
    assert browser.get(PAGE, headers=has_it).status_code == 200


def test_another_month_another_day_and_another_session_are_other_pages(
    browser: Browser, cast: Cast, browse: Any
) -> None:
    in_the_evening = READ + timedelta(hours=8)
    browser = browse(cast.chloe, at=in_the_evening)
    has_it = kept(browser)
    assert browser.get(PAGE + "?month=2026-10", headers=has_it).status_code == 200
    assert browse(cast.chloe).get(PAGE, headers=has_it).status_code == 200
    with clock.set_to(READ + timedelta(hours=16)):
        assert browser.get(PAGE, headers=has_it).status_code == 200


def test_a_notice_is_shown_and_not_kept(browser: Browser) -> None:
    has_it = kept(browser)
    with browser.client.session_transaction() as session:
        session["_flashes"] = [("info", ["Saved.", None, None])]
    with_notice = browser.get(PAGE, headers=has_it)
    assert (with_notice.status_code, "Saved." in with_notice.text) == (200, True)
    assert (with_notice.headers["Cache-Control"], "ETag" in with_notice.headers) == ("no-store", False)
    assert browser.get(PAGE, headers=has_it).status_code == 304


def test_on_a_shared_terminal_nothing_is_kept(browser: Browser, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    has_it = kept(browser)
    real = app.extensions["load_viewer"]
    monkeypatch.setitem(app.extensions, "load_viewer", lambda: replace(real(), terminal_id=1))
    page = browser.get(PAGE, headers=has_it)
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")


def _signs_out(browser: Browser, _cast: Cast) -> None:
    left = browser.post("/sign-out")
    assert left.headers["Clear-Site-Data"] == '"cache"'


def _session_ends(_browser: Browser, _cast: Cast) -> None:
    with transaction():
        db.session.execute(update(SignInSession).values(ended_at=READ))


def _is_shut_out(_browser: Browser, cast: Cast) -> None:
    with transaction():
        db.session.execute(update(Account).where(Account.person_id == cast.chloe.id).values(deactivated_at=READ))


def _leaves(_browser: Browser, cast: Cast) -> None:
    with transaction():
        db.session.get_one(Person, cast.chloe.id).ended_on = (READ - timedelta(days=2)).date()


@pytest.mark.parametrize("happens", [_signs_out, _session_ends, _is_shut_out, _leaves])
def test_whoever_is_signed_in_no_more_is_asked_to_sign_in(browser: Browser, cast: Cast, happens: Any) -> None:
    has_it = kept(browser)
    happens(browser, cast)
    answer = browser.get(PAGE, headers=has_it)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=%2Freports%2Fcustomers")
    assert answer.headers["Cache-Control"] == "no-store"


def test_whoever_lost_the_role_is_refused(browser: Browser, cast: Cast) -> None:
    has_it = kept(browser)
    with transaction():
        set_roles(db.session.merge(cast.chloe), set(), by=cast.ruth.id, at=READ)
    answer = browser.get(PAGE, headers=has_it)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (403, "no-store")
    assert browser.get(PAGE, headers={"If-None-Match": "*"}).status_code == 403
