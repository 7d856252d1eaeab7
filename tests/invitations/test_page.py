"""The page of invitations: counts and reasons by team, one by one without addresses, for who may."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from tests.conftest import Cast
from tests.core.smtp_sink import Sink
from tests.factories import a_rating
from tests.invitations.conftest import NOW, planned, the_invitation
from tests.invitations.test_mails import send
from tracker.core import clock
from tracker.core.db import db, transaction

ADDRESS = "njeri@example.org"


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.set_to(NOW):
        yield


def numbers(page: str) -> list[str]:
    """The cells of the first team."""
    row = page.split("<tbody>")[1].split("</tr>")[0]
    return [cell.split(">")[1].split("<")[0] for cell in row.split("<td")[1:]]


@pytest.fixture
def lived(cast: Cast, sink: Sink) -> Cast:
    """Four of Amina's customers: answered, sent, skipped, and one still planned."""
    team = {"team_id": cast.tills.id}
    answered = planned(cast.amina, "a@example.org", **team)
    planned(cast.amina, ADDRESS, **team)
    planned(cast.amina, ADDRESS, **team)
    send()
    planned(cast.amina, "late@example.org", **team)
    visit = the_invitation(answered).interaction_id
    with transaction():
        a_rating(db.session.merge(cast.amina), 2, interaction_id=visit)
    return cast


@pytest.mark.parametrize("who", ["brian", "chloe", "ruth"])
def test_counts_reasons_and_states(lived: Cast, browse: Any, who: str) -> None:
    page = browse(getattr(lived, who), at=NOW).get("/invitations").text
    assert numbers(page) == ["4", "1", "2", "1", "1"]
    assert "was asked in the last 30 days" in page
    for words in ("answered", "sent Wed 18 Nov", "not asked: was asked in the last 30 days", "planned for Wed 18 Nov"):
        assert words in page
    assert "stars" not in page


def test_only_who_leads_reads_an_address_and_only_while_it_is_kept(lived: Cast, browse: Any) -> None:
    assert ADDRESS in browse(lived.brian, at=NOW).get("/invitations").text
    for person in (lived.chloe, lived.ruth):
        assert "example.org" not in browse(person, at=NOW).get("/invitations").text


def test_another_leader_finds_nothing(lived: Cast, browse: Any) -> None:
    page = browse(lived.dora, at=NOW).get("/invitations")
    assert page.status_code == 200
    assert "No invitations yet" in page.text
    assert "Amina" not in page.text


def test_a_leader_reads_no_visit_from_before_the_tenure(cast: Cast, browse: Any) -> None:
    planned(cast.amina, team_id=cast.tills.id, ended_on=NOW.date().replace(year=2019))
    assert "No invitations yet" in browse(cast.brian, at=NOW).get("/invitations").text
    assert "Amina" in browse(cast.chloe, at=NOW).get("/invitations").text


def test_it_is_for_who_leads_and_the_office(cast: Cast, browse: Any) -> None:
    assert browse(cast.amina, at=NOW).get("/invitations").status_code == 403
    assert "Invitations" not in browse(cast.amina, at=NOW).get("/inbox").text
    assert "/invitations" in browse(cast.brian, at=NOW).get("/inbox").text


def test_nobody_in_the_office_reads_about_their_own_service(cast: Cast, browse: Any) -> None:
    planned(cast.chloe, team_id=cast.tills.id)
    assert "No invitations yet" in browse(cast.chloe, at=NOW).get("/invitations").text


def test_it_says_when_there_is_no_mail_server(app: Flask, cast: Cast, browse: Any, sink: Sink) -> None:
    assert "No mail server" not in browse(cast.brian, at=NOW).get("/invitations").text
    app.config["SMTP_URL"] = ""
    assert "No mail server is set up." in browse(cast.brian, at=NOW).get("/invitations").text


def test_what_is_older_than_30_days_is_not_shown(lived: Cast, browse: Any) -> None:
    with clock.set_to(NOW.replace(month=12, day=20)):
        assert "No invitations yet" in browse(lived.brian, at=clock.now()).get("/invitations").text


def test_the_list_of_mails_names_no_customer(lived: Cast, browse: Any) -> None:
    page = browse(lived.ruth, at=NOW).get("/mail").text
    assert "a customer" in page
    assert "Asking a customer" in page
    assert "example.org" not in page
