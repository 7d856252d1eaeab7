"""After an upgrade figures of an older form lie in the database: no page breaks on them, they are made anew, and a change of form is
not forgotten."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from tests.conftest import Cast
from tests.factories import a_team
from tests.reports.companies import LAST, a_published_round, many_teams
from tests.reports.jobs import READ
from tests.reports.made import october_rated
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.reports.figures import FORMS, KINDS
from tracker.reports.jobs import RENEWED_AFTER, work_out
from tracker.reports.models import ReportFigures


@pytest.fixture(autouse=True)
def _later() -> Iterator[None]:
    with clock.set_to(READ):
        yield


def worked_out() -> None:
    while work_out(READ):
        pass


@pytest.mark.parametrize("kind", sorted(FORMS))
def test_an_older_form_is_as_if_it_were_not_there_and_is_made_anew(cast: Cast, browse: Any, kind: str) -> None:
    october_rated(cast)
    month = {"engagement": "2026-10", "fairness": "2026-09"}[kind]
    with transaction():
        for row in db.session.scalars(select(ReportFigures).where(ReportFigures.kind == kind)):
            row.figures = {"of": "another time"}
    chloe = browse(cast.chloe)
    page = chloe.get(f"/reports/{kind}?month={month}")
    assert (page.status_code, "Being worked out" in page.text) == (200, True)
    with chloe.post(f"/reports/{kind}/files", {"file": "xlsx", "month": month}) as answer:
        assert answer.status_code == 200
    worked_out()
    page = chloe.get(f"/reports/{kind}?month={month}")
    assert (page.status_code, "Being worked out" in page.text) == (200, False)


# A page reads these without asking whether they are there. Another one, or one less: a new FORM for that kind, or months that were
# worked out before an upgrade break its pages; then put the keys here.
KEYS = {
    ("complaints", None): {"hidden", "months"},
    ("complaint_links", None): {"complaints", "links", "months", "ratings"},
    ("coverage", None): {"months", "touchpoints"},
    ("drivers", None): {"ahead", "drivers", "low", "obstacles", "silent"},
    ("engagement", 2): {
        *("cells", "cover", "form", "given", "groups", "links", "months", "people", "perception", "round", "rounds"),
        "stars",
    },
    ("fairness", 1): {"checks", "form", "looked_at", "people", "quarter", "ratings"},
    ("happy", None): {"customers", "five", "followed", "four", "months", "ratings"},
    ("listening", None): {"groups", "hidden", "low", "reviews", "times", "words"},
    ("modes", None): {"channels", "interview", "review", "survey"},
    ("repeat", None): {"again", "new", "since", "until"},
    ("stages", None): {"five", "four"},
}


def test_what_is_kept_has_the_keys_of_its_form(cast: Cast) -> None:
    october_rated(cast)
    found: dict[tuple[str, int | None], set[str]] = {}
    for row in db.session.scalars(select(ReportFigures)):
        found.setdefault((row.kind, row.figures.get("form")), set()).update(row.figures)
    assert {kind for kind, _form in found} == set(KINDS)
    assert {
        place: keys - KEYS.get(place, set()) for place, keys in found.items() if not keys <= KEYS.get(place, set())
    } == {}
    assert set(KEYS) == set(found)


def test_two_tops_that_became_one_leave_every_page_standing(cast: Cast, browse: Any) -> None:
    """What had a cell of its own in a round is the whole company now: clearly apart then, and no group any more."""
    made = many_teams(2, 2, lambda _team, _month: 4.0, lambda _team, _month: 0.0, asks=False)
    with transaction():
        other = a_team("Mombasa")
        a_published_round(LAST, [(cast.root.id, 1.5), (made.team_ids[0], 4.8)], other, 60)
        other.parent_id = cast.root.id
    worked_out()
    for person in (cast.chloe, cast.faith):
        assert browse(person).get("/reports/engagement").status_code == 200
    kept = db.session.get_one(ReportFigures, (LAST, "engagement")).figures
    assert all(set(cells) == {"0", str(made.team_ids[0])} for cells in kept["cells"].values())


def test_the_latest_month_is_renewed_day_by_day_in_todays_form(cast: Cast) -> None:
    october_rated(cast)
    assert work_out(READ) == 0
    assert work_out(READ + RENEWED_AFTER) > 0
