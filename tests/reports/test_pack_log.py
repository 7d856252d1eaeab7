"""What the log says: counts that single nobody out, of months that have ended; who may have the pack, and the files."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from tests.conftest import Cast
from tests.factories import a_person
from tests.reports.packs import rows_of, sheets_of
from tests.statements import statements
from tracker.audit.actions import record
from tracker.audit.models import AuditEntry
from tracker.audit.words import WORDS
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.organisation.models import Person
from tracker.organisation.policy import matrix
from tracker.reports import pack_log
from tracker.reports.pack_log import is_of_office, months_ended

PACK, FILES = "/reports/works-council", "/reports/works-council/exports"
NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
HIDDEN = "hidden to protect people"


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.set_to(NOW):
        yield


@pytest.fixture
def staff(cast: Cast) -> list[Person]:
    with transaction():
        return [a_person(f"Till {number}", team=cast.tills) for number in range(6)]


def did(action: str, people: list[Person], *, at: datetime, about: list[Person] | None = None) -> None:
    with transaction():
        for number, one in enumerate(people):
            record(action, by=one.id, about="test", at=at, person=about[number].id if about else None)


def log_of(browse: Any, person: Person, url: str = PACK) -> dict[str, list[str]]:
    """What -> its months and their sum."""
    answer = browse(person, at=NOW).get(url)
    assert answer.status_code == 200
    return {row[0]: row[1:] for row in rows_of(answer.text)["log"]}


def october(day: int = 14, hour: int = 9) -> datetime:
    return datetime(2026, 10, day, hour, 0, tzinfo=UTC)


def test_a_count_is_shown_from_five_different_people_on(cast: Cast, staff: list[Person], browse: Any) -> None:
    did("dispute.asked", staff[:5], at=october())
    did("own.ratings_read", [*staff[:4]] * 3, at=october())
    log = log_of(browse, cast.chloe)
    assert log["Second look asked for"] == ["0"] * 11 + ["5", "5"]
    assert log["Own ratings read"] == ["0"] * 11 + [HIDDEN, f"– {HIDDEN}"]


def test_whom_it_is_about_counts_like_who_did_it(cast: Cast, staff: list[Person], browse: Any) -> None:
    """Five leaders who wrote up talks with one and the same person would tell of that person."""
    did("coaching.completed", staff[:5], at=october(), about=[cast.kevin] * 5)
    did("coaching.booked", [cast.brian] * 5, at=october(), about=staff[:5])
    did("training.waived", staff[:5], at=october(), about=staff[1:6])
    log = log_of(browse, cast.chloe)
    assert (log["Talk written up"][-2], log["Talk set"][-2], log["Course waived"][-2]) == (HIDDEN, HIDDEN, "5")


def test_what_the_product_does_by_itself_about_few_is_hidden_too(cast: Cast, browse: Any) -> None:
    with transaction():
        record("coaching.opened", by=None, about="test", at=october(), person=cast.kevin.id)
        record("pulse.closed", by=None, about="test", at=october())
    log = log_of(browse, cast.chloe)
    assert (log["Talk suggested by the weekly check"][-2], log[str(WORDS["pulse.closed"])][-2]) == (HIDDEN, "1")


def test_what_an_office_does_is_counted_however_seldom(cast: Cast, browse: Any) -> None:
    did("role.granted", [cast.ruth], at=october(), about=[cast.kevin])
    did("settings.edited", [cast.ruth], at=october())
    did("certificate.exported", [cast.brian], at=october())
    log = log_of(browse, cast.chloe)
    for what in ("Role given", "Settings changed", "File of certificates taken"):
        assert log[what] == ["0"] * 11 + ["1", "1"]


def test_every_file_that_is_taken_of_others_and_every_setting_is_an_offices_deed() -> None:
    assert [action for action in WORDS if action.endswith(".exported") and not is_of_office(action)] == []
    assert is_of_office("settings.edited")
    assert is_of_office("break_glass.opened")
    own = [action for action in WORDS if action.startswith(("own.", "dispute.", "session.", "thanks.", "obstacle."))]
    assert own
    assert [action for action in own if is_of_office(action)] == []
    assert not is_of_office("team_fall.told")


def test_a_sum_gives_no_hidden_month_away(cast: Cast, staff: list[Person], browse: Any) -> None:
    did("dispute.asked", staff, at=october())
    did("dispute.asked", staff[:2], at=datetime(2026, 9, 9, 9, 0, tzinfo=UTC))
    assert log_of(browse, cast.chloe)["Second look asked for"] == ["0"] * 10 + [HIDDEN, "6", "6"]


def test_only_months_that_have_ended_and_each_alike_in_every_period(
    cast: Cast, staff: list[Person], browse: Any
) -> None:
    did("dispute.asked", staff, at=october())
    did("dispute.asked", staff, at=NOW.replace(day=2))
    did("dispute.asked", staff[:1], at=datetime(2026, 8, 9, 9, 0, tzinfo=UTC))
    year = log_of(browse, cast.chloe)["Second look asked for"]
    quarter = log_of(browse, cast.chloe, f"{PACK}?until=2026-10&months=3")["Second look asked for"]
    earlier = log_of(browse, cast.chloe, f"{PACK}?until=2026-09&months=6")["Second look asked for"]
    assert quarter == [HIDDEN, "0", "6", "6"]
    assert year[-4:] == quarter
    assert earlier == ["0"] * 4 + [HIDDEN, "0", f"– {HIDDEN}"]


def test_months_begin_by_the_clock_of_the_organisation(cast: Cast, staff: list[Person], browse: Any) -> None:
    """Midnight in Nairobi is 21:00 of UTC."""
    did("settings.edited", [cast.ruth], at=datetime(2026, 10, 31, 20, 59, tzinfo=UTC))
    did("settings.edited", [cast.ruth], at=datetime(2026, 10, 31, 21, 0, tzinfo=UTC))
    assert log_of(browse, cast.chloe)["Settings changed"][-2:] == ["1", "1"]


def test_months_go_over_the_year() -> None:
    assert months_ended(date(2026, 2, 28), 3) == [date(2026, 1, 1), date(2025, 12, 1), date(2025, 11, 1)]


def test_it_names_nobody(cast: Cast, staff: list[Person], browse: Any) -> None:
    did("role.granted", [cast.ruth], at=october(), about=[cast.kevin])
    did("dispute.asked", staff, at=october())
    main = browse(cast.chloe, at=NOW).get(PACK).text.split("<main")[1].split('<section class="card')[1:]
    names = db.session.scalars(select(Person.name)).all()
    assert [name for name in names if any(name in part for part in main)] == []


@pytest.mark.parametrize(
    "asked", ["until=2026-11&months=12", "until=2019-01&months=12", "until=x&months=3", "until=2026-10&months=99"]
)
def test_a_period_that_is_not_offered_is_said_and_shows_the_last_year(cast: Cast, browse: Any, asked: str) -> None:
    did("settings.edited", [cast.ruth], at=october())
    answer = browse(cast.chloe, at=NOW).get(f"{PACK}?{asked}")
    assert answer.status_code == 422
    assert "Choose one from the list" in answer.text
    assert "Nov 2025" in answer.text
    assert "Error:" in answer.text.split("</title>")[0]


def test_hr_and_admins_have_it_and_nobody_else(cast: Cast, browse: Any) -> None:
    for person in (cast.chloe, cast.ruth):
        assert browse(person, at=NOW).get(PACK).status_code == 200
    for person in (cast.amina, cast.brian, cast.dora, cast.faith):
        assert browse(person, at=NOW).get(PACK).status_code == 403
        assert browse(person, at=NOW).post(FILES, {"file": "csv"}).status_code == 403
    assert browse(None).get(PACK).status_code == 303
    assert db.session.scalars(select(AuditEntry).where(AuditEntry.action == "works_council_pack.exported")).all() == []


def test_the_matrix_decides_not_the_role_alone(cast: Cast, browse: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(matrix()["works_council_pack.read"], "hr", "D")
    assert browse(cast.chloe, at=NOW).get(PACK).status_code == 403
    assert browse(cast.ruth, at=NOW).get(PACK).status_code == 200


def test_hr_find_it_in_the_side_bar(cast: Cast, browse: Any) -> None:
    assert f'href="{PACK}"' in browse(cast.chloe, at=NOW).get("/people").text
    assert f'href="{PACK}"' not in browse(cast.brian, at=NOW).get("/people").text


def sheets(browse: Any, person: Person, **form: str) -> dict[str, list[list[Any]]]:
    with browse(person, at=NOW).post(FILES, {"file": "xlsx", **form}) as answer:
        assert answer.status_code == 200
        return sheets_of(answer.data)


def test_the_file_has_the_rows_of_the_page(cast: Cast, staff: list[Person], browse: Any) -> None:
    did("dispute.asked", staff, at=october())
    did("own.ratings_read", staff[:1], at=october())
    page = rows_of(browse(cast.chloe, at=NOW).get(f"{PACK}?until=2026-10&months=3").text)
    file = sheets(browse, cast.ruth, until="2026-10", months="3")
    rights = file["Who may what"]
    relations = rights[0][3:13]
    assert [row[1] for row in rights[1:]] == [row[0].split("\n")[0] for row in page["rights"]]
    assert [row[13] for row in rights[1:]] == [row[1].split("\n")[0] for row in page["rights"]]
    letters = {row[2]: dict(zip(matrix()["rating.read"], row[3:13], strict=True)) for row in rights[1:]}
    assert letters == matrix()
    assert relations[:2] == ["the person it is about", "who leads the person today"]
    assert [row[1:] for row in file["Settings"][1:]] == page["set"]
    assert [row[:2] for row in file["What is not measured"][1:]] == page["denied"]
    assert [[row[1], row[0]] for row in file["By itself"][1:]] == page["alone"]
    shown = [[str(row[1]), *map(_on_page, row[2:5]), _sum_on_page(row[5])] for row in file["The log"][1:]]
    assert shown == page["log"]
    assert len(file["Addresses"]) - 1 == sum(
        len(list(filter(None, f"{one}, {two}".split(", ")))) for _p, one, two in page["addresses"]
    )
    tables = [line.split(": ")[0] for row in page["kept"] for line in row[2].split("\n") if ": " in line]
    assert sorted(tables) == sorted(row[3] for row in file["What is kept"][1:] if row[3])


def _on_page(value: Any) -> str:
    return HIDDEN if value == "fewer than 5 people" else str(value)


def _sum_on_page(value: Any) -> str:
    return f"– {HIDDEN}" if value is None else str(value)


def test_the_csv_says_the_same_and_the_audit_remembers_both(cast: Cast, browse: Any) -> None:
    book = sheets(browse, cast.chloe)
    with browse(cast.chloe, at=NOW).post(FILES, {"file": "csv"}) as answer:
        lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert lines[0] == ["Part", "Row", "Column", "Says"]
    parts = list(dict.fromkeys(line[0] for line in lines[1:]))
    assert parts == list(book)[: len(parts)]
    rights = [line[3] for line in lines if line[0] == "Who may what" and line[2] == "In words"]
    assert rights == [row[13] for row in book["Who may what"][1:]]
    taken = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "works_council_pack.exported")).all()
    assert sorted(one.details["kind"] for one in taken) == ["csv", "xlsx"]
    assert {(one.by_id, one.person_id) for one in taken} == {(cast.chloe.id, None)}
    assert {one.details["rows"] for one in taken} == {sum(len(rows) - 1 for rows in book.values())}


@pytest.mark.parametrize("form", [{"file": "exe"}, {}, {"file": "csv", "until": "x", "months": "3"}])
def test_another_file_or_period_is_refused_and_leaves_no_line(cast: Cast, browse: Any, form: dict[str, str]) -> None:
    assert browse(cast.chloe, at=NOW).post(FILES, form).status_code == 422
    assert db.session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("works_council"))).all() == []


def test_every_kind_of_deed_has_words_so_that_none_stands_as_a_key(cast: Cast, browse: Any) -> None:
    with transaction():
        for action in WORDS:
            record(action, by=None, about="test", at=october())
    assert set(log_of(browse, cast.chloe)) == {str(words) for words in WORDS.values()}
    assert pack_log.kinds_known() == len(WORDS)


def test_queries_are_few_and_flat_in_people_and_entries(cast: Cast, staff: list[Person], browse: Any) -> None:
    browser = browse(cast.chloe, at=NOW)
    with statements() as before:
        assert browser.get(PACK).status_code == 200
    with transaction():
        more = [a_person(f"More {number}", team=cast.floor) for number in range(30)]
    for day in range(1, 20):
        did("dispute.asked", [*staff, *more], at=october(day))
    with statements() as after:
        assert browser.get(PACK).status_code == 200
    assert len(after) == len(before) <= 35
