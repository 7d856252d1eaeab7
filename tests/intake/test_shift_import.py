"""Bringing in shifts from a file: the plan is what is done, and the same file twice changes nothing."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import NOW, Cast
from tests.factories import a_person, a_team, joins
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.core.errors import Invalid
from tracker.intake.shifts import ShiftImport, import_shifts, preview_shifts
from tracker.organisation.models import Person
from tracker.posts.models import STANDS, Shift

HEADER = "post,employee,day,start,end"


@pytest.fixture
def run(app: Flask, cast: Cast, tmp_path: Path) -> Any:
    """run(line, ...) -> the result of saving these lines as Chloe."""

    def save(*lines: str, header: str = HEADER, by: Person | None = None) -> ShiftImport:
        file = tmp_path / "shifts.csv"
        file.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        who = (by or cast.chloe).id
        before = preview_shifts(file, by=who, at=NOW)
        db.session.rollback()
        with transaction():
            result = import_shifts(file, by=who, at=NOW)
        assert before == result, "the preview must say what saving does"
        return result

    return save


def counts(result: ShiftImport) -> tuple[int, int, int, int]:
    return result.added, result.corrected, result.unchanged, len(result.rejected)


def spans() -> list[tuple[str, datetime, datetime]]:
    db.session.rollback()
    rows = select(Person.staff_number, Shift.starts_at, Shift.ends_at).join(Shift, Shift.person_id == Person.id)
    return [tuple(row) for row in db.session.execute(rows.where(STANDS).order_by(Shift.starts_at))]


def test_a_file_twice_changes_nothing(run: Any) -> None:
    lines = ("Till 3,N-0412,2026-11-16,08:00,14:00", "Till 3,Kevin Odhiambo,16/11/2026,2 pm,22h00")
    first = run(*lines)
    assert (counts(first), first.posts_opened) == ((2, 0, 0, 0), ["Till 3"])
    assert counts(run(*lines)) == (0, 0, 2, 0)
    assert [span[1:] for span in spans()] == [
        (datetime(2026, 11, 16, 5, tzinfo=UTC), datetime(2026, 11, 16, 11, tzinfo=UTC)),
        (datetime(2026, 11, 16, 11, tzinfo=UTC), datetime(2026, 11, 16, 19, tzinfo=UTC)),
    ]


def test_nights_whole_moments_and_zones(run: Any, cast: Cast) -> None:
    with transaction():
        paris = a_team("Paris", time_zone="Europe/Paris")
        joins(a_person("Lucie Moreau", staff_number="P-1"), paris)
    run("Desk,P-1,2026-10-24,22:00,06:00")  # the clocks go back in this night
    run("Desk,P-1,,2026-11-02 22:00,2026-11-03 06:00")
    run("Desk,P-1,,2026-11-04T22:00:00Z,2026-11-05T05:00:00Z")
    assert [span[1:] for span in spans()] == [
        (datetime(2026, 10, 24, 20, tzinfo=UTC), datetime(2026, 10, 25, 5, tzinfo=UTC)),
        (datetime(2026, 11, 2, 21, tzinfo=UTC), datetime(2026, 11, 3, 5, tzinfo=UTC)),
        (datetime(2026, 11, 4, 22, tzinfo=UTC), datetime(2026, 11, 5, 5, tzinfo=UTC)),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",N-0412,2026-11-16,08:00,14:00", "no post"),
        ("Till 3,,2026-11-16,08:00,14:00", "nobody’s number"),
        ("Till 3,N-9999,2026-11-16,08:00,14:00", "nobody’s staff number"),
        ("Till 3,N-0412,,08:00,14:00", "no day"),
        ("Till 3,N-0412,2026-11-31,08:00,14:00", "has no day 31"),
        ("Till 3,N-0412,2026-11-16,25:00,14:00", "no time"),
        ("Till 3,N-0412,2026-11-16,soon,14:00", "no time"),
        ("Till 3,N-0412,2026-11-16,08:00,", "when the shift ends"),
        ("Till 3,N-0412,2019-11-16,08:00,14:00", "does not work here"),
        ("Till 3,N-0412,2028-11-16,08:00,14:00", "in the future"),
        ("Till 3,Chloe Yusuf,2026-11-16,08:00,14:00", "your own"),
        ("Till 3,N-0412,03/04/2026,08:00,14:00", "3 April or 4 March"),
    ],
)
def test_a_row_that_cannot_be_is_left_out_with_line_and_reason(run: Any, line: str, reason: str) -> None:
    result = run("Till 3,Kevin Odhiambo,2026-11-16,08:00,14:00", line)
    assert counts(result) == (1, 0, 0, 1)
    assert result.rejected[0][0] == 3
    assert reason in result.rejected[0][1], result.rejected


def test_other_hours_take_the_place_of_those_before(run: Any, cast: Cast) -> None:
    run("Till 3,N-0412,2026-11-16,08:00,14:00")
    assert counts(run("Till 3,N-0412,2026-11-16,09:00,15:00")) == (0, 1, 0, 0)
    assert [span[1].hour for span in spans()] == [6]
    (gone,) = db.session.scalars(select(Shift).where(Shift.withdrawn_at.is_not(None))).all()
    assert (gone.reason, gone.withdrawn_by_id) == ("Corrected by a file", cast.chloe.id)


def test_two_rows_of_one_file_that_contradict_each_other(run: Any) -> None:
    result = run("Till 3,N-0412,2026-11-16,08:00,14:00", "Till 3,N-0412,2026-11-16,09:00,15:00")
    assert counts(result) == (1, 0, 0, 1)
    assert "line 2" in result.rejected[0][1]


def test_a_name_in_two_teams_needs_the_team(run: Any, cast: Cast) -> None:
    header = HEADER + ",team"
    run("Till 3,N-0412,2026-11-16,08:00,14:00,Nairobi Central tills", header=header)
    run("Till 3,Dora Mwangi,2026-11-16,08:00,14:00,Nairobi Central floor", header=header)
    result = run("Till 3,N-0412,2026-11-17,08:00,14:00")
    assert "More than one team" in result.rejected[0][1]
    assert "no team" in run("Till 3,N-0412,2026-11-17,08:00,14:00,Nowhere", header=header).rejected[0][1]


def test_a_file_without_a_column_it_needs(run: Any) -> None:
    with pytest.raises(Invalid, match="end"):
        run("Till 3,N-0412,2026-11-16,08:00", header="post,employee,day,start")


def test_the_pages(cast: Cast, browse: Any) -> None:
    with clock.set_to(NOW):
        chloe = browse(cast.chloe, at=NOW)
        assert chloe.get("/posts/import").status_code == 200
        assert chloe.post("/posts/import", {}).status_code == 422
        content = f"{HEADER}\nTill 3,N-0412,2026-11-16,08:00,14:00\nTill 3,N-1,2026-11-16,08:00,14:00\n".encode()
        sent = chloe.post("/posts/import", {"file": (io.BytesIO(content), "plan.csv")})
        check = sent.headers["Location"]
        assert "1 shift is ready" in chloe.get(check).text
        assert browse(cast.ruth, at=NOW).get(check).status_code == 404
        assert "1 row was left out" in chloe.post(check).text
        assert chloe.get(check).status_code == 404
        assert browse(cast.brian, at=NOW).get("/posts/import").status_code == 403
    assert len(spans()) == 1
