"""A report that is there once a quarter goes by mail once a quarter, and keeps nobody else’s from going."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.conftest import Cast
from tests.reports.jobs import READ, all_worked_out
from tests.reports.made import NEXT_READ, october_rated
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.core.models import OutboxMail
from tracker.reports.mail_jobs import plan_mails
from tracker.reports.mail_models import ReportMail


@pytest.fixture(autouse=True)
def _later() -> Iterator[None]:
    with clock.set_to(READ):
        yield


def test_a_month_without_a_quarter_is_passed_over_and_the_others_go(cast: Cast, browse: Any) -> None:
    october_rated(cast)
    for report in ("fairness", "customers"):
        answer = browse(cast.chloe).post(f"/reports/{report}/mails", {"people": cast.chloe.staff_number})
        assert answer.status_code == 303
    all_worked_out(NEXT_READ)
    assert plan_mails(NEXT_READ) == 1, "November ends no quarter"
    [planned] = db.session.scalars(select(OutboxMail).where(OutboxMail.kind == "report"))
    of = {row.id: (row.report, row.planned_month) for row in db.session.scalars(select(ReportMail))}
    assert of[planned.parameters["mail"]] == ("customers", date(2026, 11, 1))
    assert ("fairness", date(2026, 11, 1)) not in of.values()


def test_nothing_about_it_speaks_of_months(cast: Cast, browse: Any) -> None:
    october_rated(cast)
    chloe = browse(cast.chloe)
    chloe.post("/reports/fairness/mails", {"people": cast.chloe.staff_number})
    for page in ("/reports/fairness", "/reports/fairness/mails", "/inbox"):
        assert not re.search(r"monthly|once a month", chloe.get(page).text, re.IGNORECASE), page
    assert "Send by mail" in chloe.get("/reports/fairness").text


def test_the_quarter_goes_when_it_is_there(cast: Cast, browse: Any) -> None:
    october_rated(cast)
    browse(cast.chloe).post("/reports/fairness/mails", {"people": cast.chloe.staff_number})
    with transaction():
        db.session.execute(update(ReportMail).values(planned_month=date(2026, 8, 1)))
    assert (plan_mails(READ), plan_mails(READ)) == (1, 0)
    assert db.session.scalars(select(ReportMail.planned_month)).one() == date(2026, 9, 1)
    assert db.session.scalars(select(OutboxMail)).one().parameters["month"] == "2026-09"
