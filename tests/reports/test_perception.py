"""The perception gap: a pulse that asked about the stages, beside the ratings of the same teams’ customers."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.conftest import Cast
from tests.factories import a_customer, a_person, a_rating, a_team, a_touchpoint, leads
from tests.pulse.rounds import CLOSES, an_open_round, closed, everybody_answers
from tests.statements import statements
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.organisation.models import Person
from tracker.pulse.bank import next_items, stage_items
from tracker.ratings.fall_queries import TOLD_LATER
from tracker.reports.periods import period_before
from tracker.statistics.proportions import effective_n_of, newcombe, sums_of

STAGES = stage_items()
BUY = STAGES[1].key
LATER = CLOSES + timedelta(days=3)  # a Thursday
LAST = date(2026, 11, 8)  # the Sunday whose check was told two days before the close, a Monday
PLAIN = next_items([])


@pytest.fixture(autouse=True)
def _later() -> Iterator[None]:
    with clock.set_to(LATER):
        yield


@pytest.fixture
def company(cast: Cast) -> Cast:
    """Twelve at the tills under Brian, twelve on the floor under Dora, and three more who lead teams of nobody; an office."""
    with transaction():
        for number in range(10):
            a_person(f"Till {number}", team=cast.tills)
        for number in range(12):
            a_person(f"Floor {number}", team=cast.floor)
        for number in range(6):
            a_person(f"Office {number}", team=cast.root)
        for number in range(3):
            leads(a_person(f"Lead {number}", team=cast.root), a_team(f"Shop {number}", parent=cast.root))
    return cast


def pulse(company: Cast, says: Mapping[str, Mapping[int, int]], *, items: Any = (*PLAIN, *STAGES)) -> int:
    """A closed round. says: item -> person -> number; whoever is not named says 4 and 2 in turn."""
    round_id = an_open_round(items=items)
    keys = [item.key for item in items]
    everybody_answers(
        round_id, lambda person: {key: says.get(key, {}).get(person, 4 if person % 2 else 2) for key in keys}
    )
    closed(round_id)
    return round_id


def rated(
    people: Sequence[Person], stars: list[int], *, on: date = LAST, each: int = 1, stage: str = "purchase"
) -> None:
    """One customer a number of stars, `each` times, for each of these people in turn."""
    with transaction():
        place = a_touchpoint(f"At {stage}", stage)
        for number, given in enumerate(stars):
            customer = a_customer()
            for _time in range(each):
                person = people[number % len(people)]
                a_rating(person, given, on=on, touchpoint_id=place.id, customer_id=customer.id)


def five(team: str) -> Sequence[Person]:
    """As few people of the tills or the floor as may be spoken of."""
    return db.session.scalars(select(Person).where(Person.name.like(f"{team} %")).order_by(Person.id).limit(5)).all()


def page(browse: Any, person: Person | None, url: str = "/reports/perception") -> str:
    answer = browse(person, at=LATER).get(url)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def rows(browse: Any, person: Person, **form: str) -> list[dict[str, str]]:
    with browse(person, at=LATER).post("/reports/perception/exports", {"file": "csv", **form}) as answer:
        assert answer.status_code == 200
        table = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    names = ["stage", "group", "month", "closed", "answers", "staff", "staff_low", "staff_high", "since", "until"]
    names += ["ratings", "customers", "happy", "happy_low", "happy_high", "gap", "low", "high", "finding"]
    return [dict(zip(names, line, strict=True)) for line in table[1:]]


def of_group(found: list[dict[str, str]], group: str, stage: str = "When they buy") -> dict[str, str]:
    [row] = [row for row in found if (row["group"], row["stage"]) == (group, stage)]
    return row


def test_nobody_has_been_asked_yet(company: Cast, browse: Any) -> None:
    assert "Not asked yet" in page(browse, company.chloe)
    pulse(company, {}, items=PLAIN)
    assert "Not asked yet" in page(browse, company.chloe), "a round without the stages"


def test_the_gap_is_newcombes_with_customers_worth_what_they_are(company: Cast, browse: Any) -> None:
    tills = [person.id for person in db.session.scalars(select(Person).where(Person.name.like("Till %")))]
    pulse(company, {BUY: {person: 5 if person != tills[0] else 2 for person in (*tills, company.amina.id)}})
    rated(five("Till"), [5] * 10 + [4] * 10 + [2] * 25, each=2)
    found = of_group(rows(browse, company.chloe), "Nairobi Central tills")
    happy, n = [2] * 20 + [0] * 25, effective_n_of(sums_of([2] * 45, [2] * 20 + [0] * 25))
    answers, staff = int(found["answers"]), int(found["staff"])
    low, high = newcombe(answers * staff / 100, answers, n * sum(happy) / 90, n)
    assert (found["ratings"], found["customers"], found["happy"]) == ("90", "45", "44")
    assert 43 < n < 46, "each customer’s two are alike"
    assert int(found["low"]) <= 100 * low < int(found["low"]) + 1
    assert int(found["high"]) - 1 < 100 * high <= int(found["high"])
    assert found["gap"] == str(round(staff - 100 * 40 / 90))
    assert (found["since"], found["until"]) == ("2026-08-10", "2026-11-08")
    assert found["finding"] == "staff see it better"
    words = page(browse, company.chloe)
    assert "from 10 August to 8 November" in words
    assert f"{staff} %" in words
    assert "90 ratings from 45 customers" in words


def test_fives_alone_are_another_question(company: Cast, browse: Any) -> None:
    pulse(company, {})
    rated(five("Till"), [5] * 10 + [4] * 20 + [1] * 10)
    assert of_group(rows(browse, company.chloe), "Zawadora")["happy"] == "75"
    assert of_group(rows(browse, company.chloe, happy="5"), "Zawadora")["happy"] == "25"
    words = page(browse, company.chloe, "/reports/perception?happy=5")
    assert "25 % of customers’ ratings are five of five" in words


def test_where_the_range_holds_zero_nothing_is_claimed(company: Cast, browse: Any) -> None:
    pulse(company, {})
    rated(five("Till"), [5] * 20 + [2] * 20)
    found = of_group(rows(browse, company.chloe), "Zawadora")
    assert int(found["low"]) <= 0 <= int(found["high"])
    assert found["finding"] == "cannot tell"
    words = page(browse, company.chloe)
    assert "we cannot tell whether they differ" in words
    assert "points apart" not in words


@pytest.mark.parametrize(("customers", "each"), [(29, 1), (19, 3)], ids=["29 ratings", "19 customers"])
def test_too_few_ratings_give_no_figure(company: Cast, browse: Any, customers: int, each: int) -> None:
    pulse(company, {})
    rated(five("Till"), [5] * customers, each=each)
    found = of_group(rows(browse, company.chloe), "Zawadora")
    assert (found["happy"], found["gap"], found["low"], found["high"]) == ("", "", "", "")
    assert found["finding"] == "too few ratings"
    assert f"{customers * each} ratings from {customers} customers, it takes 30 from 20" in page(browse, company.chloe)


def test_only_the_thirteen_weeks_the_stage_and_what_counts(company: Cast, browse: Any) -> None:
    pulse(company, {})
    rated(five("Till"), [5] * 30)
    rated(five("Till"), [1] * 7, on=LAST + timedelta(days=1))  # its check is told only after the close
    rated(five("Till"), [1] * 7, on=LAST - timedelta(days=91))
    rated(five("Till"), [1] * 7, stage="post_purchase")
    with transaction():
        a_rating(None, 1, on=LAST)
        out = a_rating(company.kevin, 1, on=LAST, touchpoint_id=a_touchpoint("At purchase").id)
        out.excluded_at = LATER
    found = of_group(rows(browse, company.chloe), "Zawadora")
    assert (found["ratings"], found["happy"]) == ("30", "100")
    after = of_group(rows(browse, company.chloe), "Zawadora", "After they have bought")
    assert after["ratings"] == "7"


def test_a_customer_of_two_teams_is_one_customer_above_them(company: Cast, browse: Any) -> None:
    pulse(company, {})
    tills, floor = five("Till"), five("Floor")
    with transaction():
        place = a_touchpoint("At purchase")
        for number in range(20):
            customer = a_customer()
            for person in (tills[number % 5], floor[number % 5]):
                a_rating(person, 4, on=LAST, touchpoint_id=place.id, customer_id=customer.id)
        a_rating(floor[0], 4, on=LAST, touchpoint_id=place.id)
    found = rows(browse, company.chloe)
    assert (of_group(found, "Zawadora")["ratings"], of_group(found, "Zawadora")["customers"]) == ("41", "21")
    assert of_group(found, "Nairobi Central tills")["customers"] == "20"
    assert of_group(found, "Nairobi Central floor")["customers"] == "21", "one without a number is one customer’s"


@pytest.mark.parametrize("others", [0, 1, 4], ids=["one person’s", "two people’s", "a rest of one"])
def test_customers_of_fewer_than_five_people_are_spoken_of_nowhere(company: Cast, browse: Any, others: int) -> None:
    pulse(company, {})
    rated([company.kevin], [5] * 37)
    rated(five("Floor")[: max(others, 1)] if others else [company.kevin], [2] * 41)
    found = {name: of_group(rows(browse, company.chloe), name) for name in ("Zawadora", "Nairobi Central tills")}
    assert found["Nairobi Central tills"]["ratings"] == found["Nairobi Central tills"]["happy"] == ""
    assert found["Nairobi Central tills"]["finding"] == "hidden to protect people"
    assert found["Zawadora"]["ratings"] == ("78" if others == 4 else "")
    assert of_group(rows(browse, company.chloe), "Managers")["ratings"] == found["Zawadora"]["ratings"]
    words = page(browse, company.chloe)
    assert "37 ratings" not in words
    assert "what customers say is hidden to protect people" in words


def test_what_is_left_of_shown_groups_is_of_five_people_too(company: Cast, browse: Any) -> None:
    pulse(company, {})
    rated(five("Till"), [5] * 40)
    rated([company.kevin], [1] * 40)
    rated(five("Floor")[:2], [4] * 45)
    found = {name: of_group(rows(browse, company.chloe), name) for name in ("Zawadora", "Nairobi Central tills")}
    assert found["Zawadora"]["ratings"] == "125"
    assert found["Nairobi Central tills"]["ratings"] == "", "or the floor’s two would be the rest"


def test_somebody_of_two_teams_makes_no_five_of_four(company: Cast, browse: Any) -> None:
    pulse(company, {})
    tills = five("Till")[:4]
    rated(tills, [5] * 40)
    with transaction():
        place = a_touchpoint("At purchase")
        for _number in range(40):
            a_rating(tills[0], 2, on=LAST, touchpoint_id=place.id).team_id = company.floor.id
    assert of_group(rows(browse, company.chloe), "Zawadora")["ratings"] == ""


def test_managers_stand_apart_against_the_whole_company(company: Cast, browse: Any) -> None:
    managers = [company.brian, company.dora, company.faith]
    pulse(company, {BUY: {person.id: 5 for person in managers}})
    rated(five("Till"), [2] * 40)
    found = of_group(rows(browse, company.chloe), "Managers")
    assert (found["answers"], found["ratings"]) == ("6", "40")


def test_hidden_groups_are_hidden_here_too(company: Cast, browse: Any) -> None:
    with transaction():
        small = a_team("Nairobi Central desk", parent=company.root)
        for number in range(4):
            a_person(f"Desk {number}", team=small)
    pulse(company, {})
    rated(five("Till"), [4] * 40)
    assert {row["group"] for row in rows(browse, company.chloe)}.isdisjoint({"Nairobi Central desk"})
    assert "Nairobi Central desk" not in page(browse, company.chloe)


def test_a_leader_reads_their_own_and_what_is_above_and_dora_nothing_of_brians(company: Cast, browse: Any) -> None:
    pulse(company, {})
    rated(five("Till"), [4] * 40)
    mine = {row["group"] for row in rows(browse, company.brian)}
    assert "Nairobi Central tills" in mine
    assert "Zawadora" in mine
    assert "Nairobi Central floor" not in mine
    assert "Nairobi Central tills" not in {row["group"] for row in rows(browse, company.dora)}
    assert "Nairobi Central tills" not in page(browse, company.dora)
    assert {"Nairobi Central tills", "Nairobi Central floor"} <= {row["group"] for row in rows(browse, company.faith)}


def test_staff_and_admins_are_refused_and_strangers_sign_in(company: Cast, browse: Any) -> None:
    for person in (company.amina, company.ruth):
        browser = browse(person, at=LATER)
        assert browser.get("/reports/perception").status_code == 403
        assert browser.post("/reports/perception/exports", {"file": "csv"}).status_code == 403
    assert browse(None).get("/reports/perception").status_code == 303


def test_an_open_round_tells_nothing(company: Cast, browse: Any) -> None:
    round_id = an_open_round(items=(*PLAIN, *STAGES))
    everybody_answers(round_id, lambda _person: {BUY: 5})
    assert "Not asked yet" in page(browse, company.chloe)


def test_a_file_is_remembered_and_an_unknown_one_refused(company: Cast, browse: Any) -> None:
    pulse(company, {})
    rated(five("Till"), [4] * 40)
    browser = browse(company.chloe, at=LATER)
    assert browser.post("/reports/perception/exports", {"file": "exe"}).status_code == 422
    with browser.post("/reports/perception/exports", {"file": "xlsx"}) as answer:
        assert answer.data[:2] == b"PK"
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "perception.exported")).one()
    assert entry.by_id == company.chloe.id


def test_queries_are_few_and_flat_in_teams(company: Cast, browse: Any) -> None:
    pulse(company, {})
    rated(five("Till"), [4] * 40)
    browser = browse(company.chloe, at=LATER)
    browser.get("/reports/perception")
    with statements() as before:
        assert browser.get("/reports/perception").status_code == 200
    with transaction():
        for number in range(6):
            team = a_team(f"Team {number}", parent=company.root)
            for member in range(6):
                a_person(f"Member {number} {member}", team=team)
    round_id = an_open_round(items=(*PLAIN, *STAGES), opens_at=CLOSES + timedelta(hours=1))
    everybody_answers(round_id, lambda person: {BUY: 4 if person % 2 else 2})
    closed(round_id, at=CLOSES + timedelta(hours=2))
    with statements() as after:
        assert browser.get("/reports/perception").status_code == 200
    assert len(after) == len(before)
    assert sum("pulse_" in one or "FROM rating " in one for one in after) <= 6


def test_the_period_ends_before_what_nobody_has_heard_of_yet() -> None:
    for day in range(7):
        at = datetime.combine(date(2026, 11, 16), CLOSES.timetz()) + timedelta(days=day)
        found = period_before(at, told_later=TOLD_LATER)
        assert found.last == (LAST if day < 2 else LAST + timedelta(days=7))
        assert (found.until - found.since).days == 91
