"""What is told, when, and how much of it: as whoever made the webhook may see things at the moment of sending."""

import ast
import json
import re
import subprocess
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.coaching.test_check_falls import CHECKED, KEVINS_MORNING, SHARED, fallen  # noqa: F401 - a fixture by its name
from tests.conftest import Cast
from tests.factories import a_rating, a_touchpoint
from tests.intake.kiosks import a_kiosk
from tests.webhooks.receiver import Receiver, a_webhook, an_event, lines, receiving
from tracker.access.actions import set_roles
from tracker.coaching.actions import book_session, complete_session
from tracker.coaching.jobs import check_falls, share_cards
from tracker.coaching.models import CoachingCase
from tracker.core import clock, hooks
from tracker.core.db import db, transaction
from tracker.core.models import HookSubscription
from tracker.disputes.actions import appeal, ask, decide, withdraw
from tracker.disputes.models import Dispute
from tracker.intake.actions import receive, undo_import
from tracker.intake.importing import import_ratings
from tracker.intake.kiosk_actions import take_answers
from tracker.intake.kiosk_rules import Answer
from tracker.intake.models import Kiosk
from tracker.intake.rows import Choices
from tracker.organisation.models import Membership, Person
from tracker.ratings.actions import (
    Submission,
    edit_rating,
    erase_rating,
    exclude_rating,
    include_rating,
    reassign_rating,
)
from tracker.ratings.models import Rating
from tracker.recovery.actions import close, record_contact
from tracker.recovery.jobs import close_forgotten, follow_clocks
from tracker.recovery.models import RecoveryCase
from tracker.recovery.opening import open_case as open_complaint
from tracker.recovery.opening import take_back
from tracker.recovery.surveys import answer_survey
from tracker.webhooks.outbound_events import EVENTS, OFFERED
from tracker.webhooks.outbound_sending import send_due

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "webhooks-outgoing.md"
NOW = datetime(2026, 11, 18, 9, 0, tzinfo=KEVINS_MORNING.tzinfo)
HOUR = timedelta(hours=1)


@pytest.fixture
def receiver(app: Flask) -> Iterator[Receiver]:
    with receiving(app) as server:
        yield server


@pytest.fixture
def both(cast: Cast, receiver: Receiver) -> dict[str, str]:
    """Ruth, who leads nobody, and Brian, who leads Amina and Kevin and is an admin too, are told of everything."""
    with transaction():
        set_roles(db.session.get_one(Person, cast.brian.id), {"admin"}, by=cast.ruth.id, at=CHECKED - timedelta(days=9))
    return {name: str(a_webhook(getattr(cast, name), receiver.url)[0]) for name in ("ruth", "brian")}


def heard(
    receiver: Receiver, both: dict[str, str], *, at: datetime = NOW
) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """What each was told now: (kind, data)."""
    receiver.got.clear()
    send_due(at)
    bodies = {headers["webhook-id"]: json.loads(body) for headers, body in receiver.got}
    found: dict[str, list[tuple[str, dict[str, Any]]]] = {name: [] for name in both}
    names = {int(id): name for name, id in both.items()}
    for line in lines():
        if line.message_id in bodies:
            body = bodies[line.message_id]
            assert set(body["data"]) <= {field.name for field in EVENTS[body["type"]].fields}
            found[names[line.subscription_id]].append((body["type"], body["data"]))
    return found


def a_stored_rating(cast: Cast, stars: int = 4, *, person: Any = "amina") -> int:
    with transaction():
        given = Submission(
            source="till",
            external_id=f"{person}-{stars}",
            rated_at=NOW - HOUR,
            stars=stars,
            original_value=str(stars),
            person_id=getattr(cast, person).id if person else None,
            touchpoint_id=a_touchpoint().id,
            comment="Words of a customer",
        )
        first, second = receive(given, at=NOW), receive(given, at=NOW + HOUR)
        assert first.id == second.id
        return first.id


def test_a_rating_is_told_once_and_its_stars_only_to_who_reads_it(
    cast: Cast, receiver: Receiver, both: dict[str, str]
) -> None:
    id = a_stored_rating(cast)
    told = heard(receiver, both)
    seen = {
        "rating_id": id, "rated_at": (NOW - HOUR).isoformat(), "touchpoint": "Tills", "team": "Nairobi Central tills", "waiting": False
    }  # fmt: skip
    assert told["ruth"] == [("rating.created", seen)]
    more = {
        "stars": 4,
        "counts": True,
        "staff_number": "N-0412",
        "url": f"http://localhost/people/{cast.amina.id}/ratings",
    }
    assert told["brian"] == [("rating.created", {**seen, **more})]
    assert all(b"Words" not in body and b"Otieno" not in body for _headers, body in receiver.got)


def test_what_waits_in_the_tray_is_told_as_the_tray_shows_it(
    cast: Cast, receiver: Receiver, both: dict[str, str]
) -> None:
    id = a_stored_rating(cast, 4, person=None)
    (_kind, data) = heard(receiver, both)["ruth"][0]
    assert (data["waiting"], data["stars"], data["url"]) == (True, 4, f"http://localhost/tray/{id}")
    assert "staff_number" not in data


def test_a_former_leader_is_told_no_more_than_any_admin(cast: Cast, receiver: Receiver, both: dict[str, str]) -> None:
    """The right counts at the moment of sending, not of the deed."""
    a_stored_rating(cast)
    with transaction():
        kept = db.session.get_one(Person, cast.amina.id)
        joined = db.session.scalars(select(Membership).where(Membership.person_id == kept.id)).one()
        joined.ended_on = date(2026, 11, 18)
    told = heard(receiver, both)
    assert set(told["brian"][0][1]) == set(told["ruth"][0][1])


def test_every_change_of_a_rating_is_told(cast: Cast, receiver: Receiver, both: dict[str, str]) -> None:
    id = a_stored_rating(cast)
    heard(receiver, both)
    ruth = cast.ruth.id
    deeds = (
        ("rating.changed", lambda it: edit_rating(it, stars=5, comment=None, emotions=[], drivers=[], at=NOW)),
        ("rating.changed", lambda it: exclude_rating(it, by=ruth, reason="x", at=NOW + HOUR)),
        ("rating.changed", lambda it: include_rating(it, by=ruth, reason="x", at=NOW + 2 * HOUR)),
        ("rating.reassigned", lambda it: reassign_rating(it, None, by=ruth, reason="x", at=NOW)),
        ("rating.erased", lambda it: erase_rating(it, at=NOW)),
    )
    for position, (kind, deed) in enumerate(deeds):
        with transaction():
            deed(db.session.get_one(Rating, id))
        told = heard(receiver, both, at=NOW + 3 * HOUR)
        assert [name for name, _data in told["ruth"]] == [kind], position
        assert [name for name, _data in told["brian"]] == [kind], position
        assert told["ruth"][0][1]["rating_id"] == id
        if position == 1:
            assert told["brian"][0][1]["counts"] is False


def test_what_is_gone_before_it_is_sent_is_not_told(cast: Cast, receiver: Receiver, both: dict[str, str]) -> None:
    id = a_stored_rating(cast)
    with transaction():
        erase_rating(db.session.get_one(Rating, id), at=NOW)
    assert [kind for kind, _data in heard(receiver, both)["ruth"]] == ["rating.erased"]
    dropped = [line for line in lines() if line.dropped_at]
    assert {line.kind for line in dropped} == {"rating.created"}
    assert "not there any more" in str(dropped[0].last_error)


def test_a_file_is_one_event_however_long(cast: Cast, receiver: Receiver, both: dict[str, str], tmp_path: Path) -> None:
    rows = [f"{number},2026-11-1{number % 8},5,N-0412" for number in range(300)]
    (tmp_path / "file.csv").write_text("\n".join(["external_id,rated_at,stars,employee", *rows]), encoding="utf-8")
    mapping = {name: name for name in ("external_id", "rated_at", "stars", "employee")}
    result = import_ratings(tmp_path / "file.csv", Choices(mapping=mapping), by=None, at=NOW)
    told = heard(receiver, both, at=NOW + HOUR)
    ((kind, data),) = told["ruth"]
    assert (kind, data["stored"], data["rejected"], data["import_id"]) == ("ratings.imported", 300, 0, result.import_id)
    assert data["url"].endswith(f"/imports/{result.import_id}")
    with transaction():
        undo_import(result.import_id, by=None, at=NOW + HOUR)
    assert [kind for kind, _data in heard(receiver, both, at=NOW + 2 * HOUR)["ruth"]] == ["ratings.import_undone"]


def test_for_24_hours_no_row_and_no_count_gives_a_fall_away(
    fallen: Cast,  # noqa: F811 - the fixture
    receiver: Receiver,
    both: dict[str, str],
    browse: Any,
) -> None:
    before = browse(None).get("/healthz/ready").json["events_waiting"]
    page = browse(fallen.ruth).get(f"/settings/outgoing-webhooks/{both['ruth']}").text
    for moment in (CHECKED, KEVINS_MORNING, SHARED - timedelta(seconds=1)):
        check_falls(moment)
        share_cards(moment)
        assert heard(receiver, both, at=moment) == {"ruth": [], "brian": []}
        assert lines() == []
    assert db.session.scalar(select(CoachingCase.id)) is not None
    assert browse(None).get("/healthz/ready").json["events_waiting"] == before
    again = browse(fallen.ruth).get(f"/settings/outgoing-webhooks/{both['ruth']}").text
    assert _without_tokens(again) == _without_tokens(page)
    share_cards(SHARED)
    told = heard(receiver, both, at=SHARED)
    case = db.session.scalars(select(CoachingCase)).one()
    assert [kind for kind, _data in told["ruth"]] == ["fall.alerted", "case.opened"]
    for kind, data in told["ruth"]:
        assert set(data) == {"case"}, kind
        assert re.fullmatch(r"case_[0-9a-f]{20}", data["case"])
    (_kind, fall), (_kind_2, opened) = told["brian"]
    url = f"http://localhost/coaching/{case.id}"
    assert opened == {"case": told["ruth"][0][1]["case"], "staff_number": fallen.kevin.staff_number, "url": url}
    assert fall == {**opened, "week": "2026-11-09"}
    share_cards(SHARED + HOUR)
    assert heard(receiver, both, at=SHARED + HOUR) == {"ruth": [], "brian": []}


def _without_tokens(page: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]*"', "", page)


def test_an_event_that_came_too_early_says_nothing(
    fallen: Cast,  # noqa: F811 - the fixture
    receiver: Receiver,
    both: dict[str, str],
) -> None:
    """Whoever announces, the head start is looked at again when it is sent."""
    check_falls(CHECKED)
    case_id = db.session.scalars(select(CoachingCase.id)).one()
    with transaction():
        for kind in ("fall.alerted", "case.opened"):
            hooks.announce(kind, about=case_id, key=f"{kind}|{case_id}", at=CHECKED)
    assert heard(receiver, both, at=SHARED - timedelta(seconds=1)) == {"ruth": [], "brian": []}
    assert all(line.dropped_at for line in lines())


def test_a_talk_is_told_from_booking_to_close(
    fallen: Cast,  # noqa: F811 - the fixture
    receiver: Receiver,
    both: dict[str, str],
) -> None:
    check_falls(CHECKED)
    share_cards(SHARED)
    heard(receiver, both, at=SHARED)
    brian, case_id = fallen.brian.id, db.session.scalars(select(CoachingCase.id)).one()
    for at, kind, starts_at in ((NOW, "talk.booked", NOW + 2 * HOUR), (NOW + HOUR, "talk.moved", NOW + 3 * HOUR)):
        with transaction():
            case = db.session.get_one(CoachingCase, case_id)
            book_session(case, by=brian, starts_at=starts_at, minutes=25, place="Back office", at=at)
        told = heard(receiver, both, at=at)
        assert [name for name, _data in told["ruth"]] == [kind]
        assert set(told["ruth"][0][1]) == {"case", "talk"}
        data = told["brian"][0][1]
        assert (data["starts_at"], data["minutes"]) == (starts_at.isoformat(), 25)
        assert data["staff_number"] == fallen.kevin.staff_number
        assert "place" not in data
    with transaction():
        case = db.session.get_one(CoachingCase, case_id)
        complete_session(case, by=brian, note="Words", agreed=[], follow_up_on=None, at=NOW + 4 * HOUR)
    told = heard(receiver, both, at=NOW + 4 * HOUR)
    assert [kind for kind, _data in told["ruth"]] == ["talk.held", "case.closed"]
    assert len({data["case"] for _kind, data in told["ruth"] + told["brian"]}) == 1


def test_a_second_look_is_told_and_its_answer_only_to_who_reads_it(
    cast: Cast, receiver: Receiver, both: dict[str, str]
) -> None:
    with transaction():
        amina = db.session.get_one(Person, cast.amina.id)
        rating = a_rating(amina, 2, at=NOW - timedelta(days=2))
        other = a_rating(amina, 1, at=NOW - timedelta(days=2))
        dispute_id, rating_id = ask(rating, kind="unkind", comment="Words", at=NOW).id, rating.id
        withdrawn = ask(other, kind="unkind", comment="Words", at=NOW).id
    told = heard(receiver, both)
    assert told["ruth"] == [("second_look.asked", {"second_look_id": id, "round": 1}) for id in (dispute_id, withdrawn)]
    with transaction():
        dispute = db.session.get_one(Dispute, dispute_id)
        decide(dispute, outcome="declined", reason="Words", by=cast.chloe.id, at=NOW + HOUR)
        withdraw(db.session.get_one(Dispute, withdrawn), at=NOW + HOUR)
    told = heard(receiver, both, at=NOW + HOUR)
    assert [kind for kind, _data in told["ruth"]] == ["second_look.answered", "second_look.withdrawn"]
    assert told["ruth"][0][1] == {"second_look_id": dispute_id, "round": 1}
    assert told["brian"][0][1] == {
        "second_look_id": dispute_id, "round": 1, "rating_id": rating_id, "staff_number": "N-0412", "outcome": "declined",
        "url": f"http://localhost/second-looks/{dispute_id}",
    }  # fmt: skip
    with transaction():
        appeal(db.session.get_one(Dispute, dispute_id), comment="Words", at=NOW + 2 * HOUR)
    assert heard(receiver, both, at=NOW + 2 * HOUR)["ruth"][0][1]["round"] == 2


def test_a_burst_at_a_kiosk_is_told_and_its_counts_only_to_who_leads(
    cast: Cast, receiver: Receiver, both: dict[str, str]
) -> None:
    kiosk_id = a_kiosk(cast)
    answers = [Answer(id=str(n), stars=1, person_id=None, rated_at=NOW - timedelta(minutes=n)) for n in range(4)]
    with transaction():
        take_answers(db.session.get_one(Kiosk, kiosk_id), answers, at=NOW)
    told = {
        name: [data for kind, data in events if kind == "kiosk.unhappy_burst"]
        for name, events in heard(receiver, both).items()
    }
    seen = {
        "kiosk_id": kiosk_id, "place": "Till 2", "team": "Nairobi Central tills", "url": "http://localhost/kiosks",
        "since": (NOW - timedelta(minutes=3)).isoformat(), "until": NOW.isoformat(),
    }  # fmt: skip
    assert told == {"ruth": [seen], "brian": [{**seen, "unhappy": 4, "count": 4}]}


def test_a_complaint_is_told_and_its_ratings_only_to_who_reads_it(
    cast: Cast, receiver: Receiver, both: dict[str, str]
) -> None:
    """Opened, escalated twice, closed, answered: never a word, a contact or a name."""
    with transaction():
        rating = a_rating(cast.amina, 1, at=NOW - HOUR, comment="Words")
        case = open_complaint(rating, contact="0722 417 318", at=NOW)
        assert case is not None
        rating_id, id = rating.id, case.id
    told = heard(receiver, both)
    due_at = (NOW + 4 * HOUR).isoformat()
    seen = {"complaint_id": id, "team": "Nairobi Central tills", "opened_at": NOW.isoformat(), "due_at": due_at}
    read = {"rating_ids": [rating_id], "url": f"http://localhost/complaints/{id}"}
    assert told == {"ruth": [("complaint.opened", seen)], "brian": [("complaint.opened", seen | read)]}
    late, ended = NOW + timedelta(days=3), NOW + timedelta(days=6)
    follow_clocks(late)
    told = heard(receiver, both, at=late)
    assert told["ruth"] == [("complaint.escalated", seen | {"level": level}) for level in (1, 2)]
    follow_clocks(late)
    assert heard(receiver, both, at=late)["ruth"] == []
    with transaction():
        case = db.session.get_one(RecoveryCase, id)
        record_contact(case, "Words", reached=True, by=cast.brian.id, at=ended)
        close(case, outcome="solved", words="Words", by=cast.brian.id, at=ended, cause="process", driver=None)
    closed = {"closed_at": ended.isoformat()}
    told = heard(receiver, both, at=ended)
    assert told["ruth"] == [("complaint.closed", seen | closed)]
    assert told["brian"] == [("complaint.closed", seen | closed | read | {"outcome": "solved"})]
    with transaction():
        case = db.session.get_one(RecoveryCase, id)
        answer_survey(case, solved="partly", stars=3, comment="Words", at=ended + timedelta(days=3))
    told = heard(receiver, both, at=ended + timedelta(days=3))
    assert told["ruth"] == [("complaint.answered", seen | closed)]
    more = {"outcome": "solved", "solved": "partly"}
    assert told["brian"] == [("complaint.answered", seen | closed | read | more)]
    said = b"".join(body for _headers, body in receiver.got)
    assert not {word for word in (b"Words", b"0722", b"Amina", b"Brian", b"Otieno") if word in said}


def test_complaints_that_end_without_anybody_are_told_too(cast: Cast, receiver: Receiver, both: dict[str, str]) -> None:
    with transaction():
        taken_back = a_rating(cast.amina, 1, at=NOW - HOUR)
        for rating in (taken_back, a_rating(cast.kevin, 1, at=NOW - HOUR)):
            assert open_complaint(rating, at=NOW) is not None
    heard(receiver, both)
    with transaction():
        take_back(db.session.merge(taken_back), at=NOW)
    close_forgotten(NOW + timedelta(days=20))
    told = heard(receiver, both, at=NOW + timedelta(days=20))
    assert [kind for kind, _data in told["ruth"]] == ["complaint.closed"] * 2
    assert [data.get("outcome") for _kind, data in told["brian"]] == [None, "not_reached"]


def test_the_events_offered_are_those_announced() -> None:
    assert set(OFFERED) == announced()


def announced() -> set[str]:
    """The kinds written out in calls of `announce`, and of the small functions named after it."""
    calls = (
        node
        for path in (ROOT / "tracker").rglob("*.py")
        if "organisation" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"hooks.announce", "_announce"} and node.args
    )
    return {
        piece.value
        for call in calls
        for piece in ast.walk(call.args[0])
        if isinstance(piece, ast.Constant) and isinstance(piece.value, str) and piece.value != "coaching.moved"
    }


def test_every_event_and_field_is_documented(app: Flask) -> None:
    sections = DOCUMENT.read_text(encoding="utf-8").split("\n### ")[1:]
    documented = {
        part.split("\n")[0]: set(re.findall(r"^\| `(\w+)`( \(\*\*maker\*\*\))? \|", part, re.M)) for part in sections
    }
    expected = {
        kind: {(field.name, " (**maker**)" if field.needs else "") for field in event.fields}
        for kind, event in OFFERED.items()
    }
    assert documented == expected


@pytest.mark.usefixtures("real_clock")  # the examples ask the machine what time it is
def test_the_examples_of_the_document_check_a_signature(
    cast: Cast, receiver: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    _id, secret = a_webhook(cast.ruth, receiver.url)
    an_event(at=clock.now())
    send_due(clock.now())
    headers, body = receiver.got[0]
    python, shell = (example(language) for language in ("python", "sh"))
    names: dict[str, Any] = {"secret": secret, "body": body, "headers": headers}
    exec(python, names)  # noqa: S102 - the document's own example
    assert names["event"]["type"] == "rating.erased"
    variables = {
        "SECRET": secret, "ID": headers["webhook-id"], "TIMESTAMP": headers["webhook-timestamp"], "BODY": body.decode(),
        "PATH": "/usr/bin:/bin",
    }  # fmt: skip
    printed = subprocess.run(["sh", "-ec", shell], env=variables, capture_output=True, text=True, check=True).stdout
    assert f"v1,{printed.strip()}" == headers["webhook-signature"]


def example(language: str) -> str:
    return DOCUMENT.read_text(encoding="utf-8").split(f"```{language}\n")[1].split("```")[0]


def test_nobody_is_asked_twice_about_nothing(cast: Cast, both: dict[str, str]) -> None:
    """A webhook that is told of other things gets no row."""
    for id in both.values():
        with transaction():
            db.session.get_one(HookSubscription, int(id)).kinds = ["case.closed"]
    a_stored_rating(cast)
    assert lines() == []
