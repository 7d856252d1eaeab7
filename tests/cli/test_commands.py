"""Commands: JSON on standard output, progress and warnings on standard error; exit 0 done, 1 refused, 2 usage."""

import json
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from tests.conftest import Cast
from tests.factories import a_history, a_person, a_touchpoint, an_organisation, many_ratings
from tracker.audit.models import AuditEntry
from tracker.core.db import db, transaction
from tracker.organisation.models import Organisation, Person
from tracker.ratings.models import Fall, Rating, ScoreWeek

MONDAY = date(2026, 11, 16)
RATINGS = "rating_id,agent,when,score\nr1,T-1,2026-11-02,5\nr2,T-1,2026-11-03,9\nr3,nobody,2026-11-03,2\n"
MAPPED = ["--map", "external_id=rating_id", "--map", "employee=agent", "--map", "rated_at=when", "--map", "stars=score"]


def run(app: Flask, *arguments: str) -> Result:
    db.session.rollback()
    return app.test_cli_runner().invoke(args=list(arguments))


def json_of(result: Result) -> Any:
    return json.loads(result.stdout)


@pytest.fixture
def ratings_file(tmp_path: Path) -> str:
    path = tmp_path / "ratings.csv"
    path.write_text(RATINGS, encoding="utf-8")
    return str(path)


def test_ratings_import_tells_what_became_of_each_row(app: Flask, ratings_file: str) -> None:
    with transaction():
        an_organisation()
        a_person(staff_number="T-1")
    result = run(app, "ratings", "import", ratings_file, *MAPPED, "--json")
    told = json_of(result)
    assert (result.exit_code, told["stored"], told["waiting"], told["unchanged"]) == (0, 2, 1, 0)
    assert told["rejected"] == [{"line": 3, "reason": told["rejected"][0]["reason"]}]
    assert "1 to 5" in told["rejected"][0]["reason"]


def test_the_same_file_twice_changes_nothing_and_undo_takes_it_back(app: Flask, ratings_file: str) -> None:
    first = json_of(run(app, "ratings", "import", ratings_file, *MAPPED, "--create-missing", "--json"))
    second = json_of(run(app, "ratings", "import", ratings_file, *MAPPED, "--create-missing", "--json"))
    assert (first["stored"], second["stored"], second["unchanged"]) == (2, 0, 2)
    assert run(app, "ratings", "undo", str(first["import_id"]), "--json").exit_code == 0
    assert db.session.scalars(select(func.count()).select_from(Rating)).one() == 0
    assert db.session.scalars(select(func.count()).select_from(Person)).one() == 0
    assert db.session.scalars(select(func.count()).select_from(AuditEntry)).one() > 0


def test_undoing_what_is_not_there_is_refused_in_one_sentence(app: Flask) -> None:
    result = run(app, "ratings", "undo", "4711")
    assert result.exit_code == 1
    assert result.stderr == "Error: There is no import 4711.\n"


def test_a_mapping_that_is_none_is_a_usage_error(app: Flask, ratings_file: str) -> None:
    assert run(app, "ratings", "import", ratings_file, "--map", "stars").exit_code == 2
    assert run(app, "ratings", "import", "/nowhere.csv").exit_code == 2


def test_a_file_that_is_no_table_is_refused(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    result = run(app, "ratings", "import", str(tmp_path / "x.csv"), "--map", "stars=score")
    assert result.exit_code == 1
    assert "Traceback" not in result.output


def test_reconcile_mends_a_rollup_that_differs(app: Flask, ratings_file: str) -> None:
    run(app, "ratings", "import", ratings_file, *MAPPED, "--create-missing")
    with transaction():
        db.session.execute(ScoreWeek.__table__.update().values(n5=ScoreWeek.n5 + 3))
    assert json_of(run(app, "ratings", "reconcile", "--json"))["differing_cells"] > 0
    assert json_of(run(app, "ratings", "reconcile", "--json")) == {"differing_cells": 0}


def test_people_import_adds_and_is_unchanged_the_second_time(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("staff_number,name,team\nT-1,Asha Mbogo,Tills\nT-2,,Tills\n", encoding="utf-8")
    first = json_of(run(app, "people", "import", str(path), "--json"))
    second = json_of(run(app, "people", "import", str(path), "--json"))
    assert (first["added"], first["teams_created"], [row["line"] for row in first["rejected"]]) == (1, ["Tills"], [3])
    assert (second["added"], second["unchanged"]) == (0, 1)


@pytest.fixture
def fallen(cast: Cast) -> Cast:
    with transaction():
        others = [a_person(team=team) for team in (cast.tills, cast.floor) for _ in range(4)]
        a_history([cast.amina, cast.kevin, *others], until=MONDAY - timedelta(weeks=8), weeks=52, seed=3)
        a_history([cast.amina, *others], until=MONDAY, weeks=8, seed=4)
        many_ratings([(cast.kevin, 1 + n % 3, MONDAY - timedelta(days=1 + 2 * n)) for n in range(26)])
    return cast


def test_falls_check_lists_tested_people_and_writes_nothing(app: Flask, fallen: Cast) -> None:
    found = json_of(run(app, "falls", "check", "--on", "2026-11-16", "--json"))
    kevin = next(row for row in found if row["person"] == fallen.kevin.staff_number)
    assert set(kevin) == {
        "person",
        "window_days",
        "n",
        "expected",
        "observed",
        "fall",
        "p",
        "watch",
        "alert",
        "sentence",
    }
    assert kevin["alert"]
    assert kevin["window_days"] in {28, 56, 91}
    assert kevin["fall"] == pytest.approx(kevin["expected"] - kevin["observed"], abs=2e-4)
    assert [row["person"] for row in found if row["alert"]] == [fallen.kevin.staff_number]
    assert db.session.scalars(select(func.count()).select_from(Fall)).one() == 0


def test_a_week_counts_only_once_it_is_complete(app: Flask, fallen: Cast) -> None:
    """On the Sunday the week is still running: the check rests on the week before."""
    sunday = json_of(run(app, "falls", "check", "--on", "2026-11-15", "--json"))
    before = json_of(run(app, "falls", "check", "--on", "2026-11-09", "--json"))
    assert sunday == before


def test_falls_replay_keeps_the_cool_down(app: Flask, fallen: Cast) -> None:
    alerts = json_of(run(app, "falls", "replay", "--from", "2026-09-01", "--to", "2026-11-20", "--json"))
    days = [date.fromisoformat(row["on"]) for row in alerts if row["person"] == fallen.kevin.staff_number]
    assert days
    assert all(later - earlier >= timedelta(weeks=8) for earlier, later in pairwise(days))
    assert run(app, "falls", "replay", "--from", "2026-11-20", "--to", "2026-09-01").exit_code == 1
    assert run(app, "falls", "replay", "--from", "yesterday", "--to", "2026-09-01").exit_code == 2


def test_jobs_run_does_everything_due_once(app: Flask, fallen: Cast) -> None:
    done = json_of(run(app, "jobs", "run", "--at", "2026-11-16T04:00+03:00", "--json"))
    assert done["falls.check"] == 1
    assert json_of(run(app, "jobs", "run", "--at", "2026-11-16T04:01+03:00", "--json"))["falls.check"] == 0


def test_another_clock_is_refused_on_a_real_database(app: Flask, cast: Cast) -> None:
    with transaction():
        db.session.get_one(Organisation, 1).kind = "real"
    result = run(app, "jobs", "run", "--at", "2026-11-16T04:00+03:00")
    assert (result.exit_code, "refused" in result.stderr) == (1, True)


def test_the_audit_verifies_and_names_what_was_touched(app: Flask, cast: Cast) -> None:
    run(app, "jobs", "run")
    assert run(app, "audit", "verify", "--json").exit_code == 0
    with transaction():
        entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).first()
        assert entry is not None
        entry.action = "nothing.happened"
    result = run(app, "audit", "verify", "--json")
    assert result.exit_code == 1
    assert f"entry {entry.id} was changed" in json.loads(result.stdout)["problems"][0]


def test_the_demo_refuses_a_real_database(app: Flask, cast: Cast) -> None:
    with transaction():
        db.session.get_one(Organisation, 1).kind = "real"
    assert run(app, "demo", "load").exit_code == 1
    assert run(app, "demo", "load", "--again").exit_code == 1
    assert run(app, "demo", "load", "--if-empty").exit_code == 0


def test_a_link_is_printed_and_opens_the_customers_page(app: Flask, cast: Cast, browse: Any, tmp_path: Path) -> None:
    with transaction():
        a_touchpoint("Tills")
    told = json_of(
        run(
            app,
            "ratings",
            "link",
            "--employee",
            "N-0412",
            "--touchpoint",
            "Tills",
            "--qr",
            str(tmp_path / "q.svg"),
            "--json",
        )
    )
    assert (tmp_path / "q.svg").read_text(encoding="utf-8").startswith("<?xml")
    assert "served by Amina" in browse(None).get(told["link"].removeprefix("http://localhost")).text
    assert run(app, "ratings", "link", "--employee", "N-9999").stderr == "Error: Nobody has the staff number N-9999.\n"
    assert run(app, "ratings", "link", "--employee", "N-0412", "--touchpoint", "Moon").exit_code == 1
