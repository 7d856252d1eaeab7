"""HR watches a round: the company's share and nothing else, ends it early, prints slips; and what a lost key means."""

import re
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from tests.conftest import NOW, Cast
from tests.factories import a_person
from tests.pulse.rounds import an_open_round
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.core.tasks import run_due
from tracker.notifications.models import Message
from tracker.organisation.models import Person
from tracker.pulse.answering import Answers, Outcome, Voter, answer, code_hash
from tracker.pulse.bank import next_items
from tracker.pulse.codes import bare, new_code
from tracker.pulse.jobs import close_due
from tracker.pulse.models import PulseCode, PulseMember, PulseRound
from tracker.pulse.round_queries import slips_by_node
from tracker.pulse.round_sentences import share_so_far_words, share_words

OPENED = NOW - timedelta(days=4)
FIRST = next_items([])[0].key
CODE = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}\b")


@pytest.fixture
def company(cast: Cast) -> Cast:
    with transaction():
        for number in range(9):
            a_person(f"Till {number}", team=cast.tills)
    return cast


def an_open(**given: Any) -> tuple[int, str]:
    round_id = an_open_round(opens_at=OPENED, **given)
    return round_id, f"/pulse/rounds/{round_id}"


def answers(round_id: int, people: int) -> None:
    asked = select(PulseMember.person_id).where(PulseMember.round_id == round_id, PulseMember.by_code.is_(False))
    for person_id in list(db.session.scalars(asked.order_by(PulseMember.person_id).limit(people))):
        assert answer(round_id, Voter(person_id=person_id), Answers({FIRST: 4}, {})) == Outcome.KEPT


def test_the_share_of_the_company_is_all_there_is(company: Cast, browse: Any) -> None:
    round_id, url = an_open()
    chloe = browse(company.chloe)
    answers(round_id, 4)
    for path in ("/pulse/rounds", url, f"{url}/closing"):
        page = chloe.get(path).text
        assert "fewer than 5 people have answered" in page
        assert "25%" not in page
    for more, said in ((1, "at least 31%"), (6, "at least 31%"), (1, "nearly all")):
        answers_more(round_id, more)
        assert f"{said} of 16 people have answered" in chloe.get(url).text
    page = chloe.get(url).text
    for said in ("Nairobi Central tills", "Kevin", "Amina", "10 of 16"):
        assert said not in page
    assert "16 people are asked" in page


def answers_more(round_id: int, people: int) -> None:
    asked = select(PulseMember.person_id).where(PulseMember.answered.is_(False)).order_by(PulseMember.person_id)
    for person_id in list(db.session.scalars(asked.limit(people))):
        assert answer(round_id, Voter(person_id=person_id), Answers({FIRST: 4}, {})) == Outcome.KEPT


def test_no_count_below_the_smallest_group_is_said_from_either_end(app: Flask) -> None:
    said = [share_words(answered, 84, 5) for answered in (0, 4, 5, 79, 80, 84)]
    few, nearly = "fewer than 5 people have answered", "nearly all of 84 people have answered"
    assert said == [few, few, "5% of 84 people have answered", "94% of 84 people have answered", nearly, nearly]
    assert share_words(7, 9, 7) == "nearly all of 9 people have answered"
    assert share_words(3, 3, 5) == few


@pytest.mark.parametrize(
    ("invited", "fewest"), [(16, 5), (84, 5), (84, 7), (1000, 10), (14, 5), (13, 5), (5, 5), (0, 5)]
)
def test_while_it_is_open_nobody_sees_a_single_answer_arrive(app: Flask, invited: int, fewest: int) -> None:
    """Between two sentences that differ there are so many answers, from the first to the last."""
    said = [share_so_far_words(answered, invited, fewest) for answered in range(invited + 1)]
    runs = [len(list(same)) for _words, same in groupby(said)]
    assert all(run >= fewest for run in runs) or len(runs) == 1


def test_it_is_ended_early_and_then_counted_by_the_timetable(company: Cast, browse: Any) -> None:
    round_id, url = an_open()
    answers(round_id, 8)
    chloe = browse(company.chloe)
    assert "It can’t be opened again" in chloe.get(f"{url}/closing").text
    assert chloe.post(f"{url}/closing").status_code == 303
    assert chloe.post(f"{url}/closing").status_code == 409
    assert "being counted" in chloe.get(url).text
    assert answer(round_id, Voter(person_id=company.kevin.id), Answers({FIRST: 4}, {})) in {
        Outcome.CLOSED,
        Outcome.ANSWERED,
    }
    db.session.rollback()
    assert close_due(NOW) == 2
    assert "50% of 16 people have answered" in chloe.get(url).text
    lines = db.session.execute(
        select(AuditEntry.action, AuditEntry.by_id).where(AuditEntry.action.in_(["pulse.closing", "pulse.closed"]))
    ).all()
    assert sorted(lines) == [("pulse.closed", None), ("pulse.closing", company.chloe.id)]
    assert chloe.get(f"{url}/closing").status_code == 303


def test_reminders_are_listed_as_sent_or_to_come(company: Cast, browse: Any) -> None:
    _round_id, url = an_open()
    with transaction():
        db.session.execute(update(PulseRound).values(reminders=1))
    page = browse(company.chloe).get(url).text
    assert page.count(">sent<") == 1
    assert page.count(">to come<") == 1
    assert "To everybody invited, in the same words" in page


def without_mail(*names: str) -> None:
    with transaction():
        for name in names:
            db.session.execute(update(Person).where(Person.name == name).values(email=None))
        others = update(Person).where(Person.name.not_in(names), Person.email.is_(None))
        db.session.execute(others.values(email=func.lower(Person.staff_number) + "@example.org"))


def test_slips_are_made_by_team_shown_once_and_kept_as_hashes(company: Cast, browse: Any) -> None:
    without_mail(*(f"Till {number}" for number in range(1, 6)))
    round_id, url = an_open(uses_codes=True)
    chloe = browse(company.chloe)
    assert "5 people answer by slips" in chloe.get(url).text
    page = chloe.post(f"{url}/slips")
    codes = CODE.findall(page.text)
    assert (page.status_code, len(set(codes))) == (200, 5)
    assert [(name, count) for _node, name, count in slips_by_node(round_id)] == [("Nairobi Central tills", 5)]
    for said in (
        "Nairobi Central tills: 5 slips",
        "face down",
        "http://localhost/pulse/code",
        'lang="sw"',
        'lang="fr"',
    ):
        assert said in page.text
    assert set(db.session.scalars(select(PulseCode.hash))) == {code_hash(code) for code in codes}
    assert not CODE.search(chloe.get(url).text)
    again = CODE.findall(chloe.post(f"{url}/slips").text)
    assert not set(again) & set(codes)
    typed = again[0].lower().replace("-", " ")
    assert answer(round_id, Voter(code_hash=code_hash(codes[0])), Answers({FIRST: 2}, {})) == Outcome.NOT_ASKED
    assert answer(round_id, Voter(code_hash=code_hash(typed)), Answers({FIRST: 2}, {})) == Outcome.KEPT
    assert chloe.post(f"{url}/slips").status_code == 409, "whoever has answered could take a second one"
    db.session.rollback()
    assert set(db.session.scalars(select(PulseCode.hash))) == {code_hash(code) for code in again}
    made = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "pulse.slips_made")).all()
    assert [line.details for line in made] == [{"slips": 5}, {"slips": 5}]


@pytest.mark.parametrize("has_answered", [False, True])
def test_whether_few_have_used_their_slips_cannot_be_tried_out(company: Cast, browse: Any, has_answered: bool) -> None:
    without_mail("Till 1", "Till 2")
    round_id, url = an_open(uses_codes=True)
    chloe = browse(company.chloe)
    assert "for ten minutes only" in chloe.get(url).text
    chloe.post(f"{url}/slips")
    codes = CODE.findall(chloe.post(f"{url}/slips").text)
    assert len(codes) == 2, "the button was pressed twice"
    if has_answered:
        assert answer(round_id, Voter(code_hash=code_hash(codes[0])), Answers({FIRST: 2}, {})) == Outcome.KEPT
    with clock.set_to(NOW + timedelta(minutes=11)):
        refused = chloe.post(f"{url}/slips")
    assert (refused.status_code, "for ten minutes only" in refused.text) == (409, True)
    db.session.rollback()
    assert set(db.session.scalars(select(PulseCode.hash))) == {code_hash(code) for code in codes}


def test_no_slips_before_it_opens_or_where_everybody_has_mail(company: Cast, browse: Any) -> None:
    without_mail()
    _round_id, url = an_open(uses_codes=True)
    chloe = browse(company.chloe)
    assert "there is no slip to print" in chloe.get(url).text
    with transaction():
        db.session.execute(update(PulseRound).values(state="closing"))
    assert chloe.post(f"{url}/slips").status_code == 409


def test_codes_are_forgiving() -> None:
    code = new_code()
    assert CODE.fullmatch(code)
    assert bare("o1l-i 0") == "01110"
    assert bare(code) == bare(f"  {code.lower()} ")
    assert len({new_code() for _draw in range(200)}) == 200


def key_file(app: Flask, round_id: int) -> Path:
    name = db.session.get_one(PulseRound, round_id).key_name
    assert name
    return Path(app.config["KEY_DIR"]) / name


def test_without_its_key_the_instance_is_not_ready_and_says_so(company: Cast, browse: Any, app: Flask) -> None:
    round_id, url = an_open()
    stranger, chloe = browse(None), browse(company.chloe)
    path = key_file(app, round_id)
    db.session.rollback()
    run_due(app, [], at=NOW)
    ready = stranger.get("/healthz/ready")
    assert (ready.status_code, ready.json["pulse_key"]) == (200, "ok")
    assert "is_ready" not in ready.json
    path.rename(path.with_suffix(".away"))
    ready = stranger.get("/healthz/ready")
    assert (ready.status_code, ready.json["status"], ready.json["pulse_key"]) == (503, "failing", "unreadable")
    assert "The key of this round can’t be read" in chloe.get(url).text
    path.with_suffix(".away").rename(path)
    assert stranger.get("/healthz/ready").status_code == 200


def test_an_operator_ends_a_round_whose_key_is_gone(company: Cast, browse: Any, app: Flask) -> None:
    round_id, url = an_open()
    path = key_file(app, round_id)
    db.session.rollback()
    refused = app.test_cli_runner().invoke(args=["pulse", "lose"])
    assert (refused.exit_code, "nothing is lost" in refused.stderr) == (1, True)
    path.unlink()
    done = app.test_cli_runner().invoke(args=["pulse", "lose", "--json"])
    assert (done.exit_code, f'"lost": {round_id}' in done.stdout) == (0, True)
    db.session.rollback()
    found = db.session.get_one(PulseRound, round_id)
    assert (found.state, found.is_running) == ("lost", None)
    assert db.session.scalars(select(Message.person_id).where(Message.kind == "pulse.lost")).all() == [company.chloe.id]
    assert "What happened" in browse(company.chloe).get(url).text
    db.session.rollback()
    again = app.test_cli_runner().invoke(args=["pulse", "lose"])
    assert (again.exit_code, "No round is running" in again.stdout) == (0, True)


def test_hr_reads_the_messages_and_nobody_else(company: Cast, browse: Any, app: Flask) -> None:
    round_id, _url = an_open()
    key_file(app, round_id).unlink()
    db.session.rollback()
    app.test_cli_runner().invoke(args=["pulse", "lose"])
    with transaction():
        db.session.execute(update(Message).values(visible_at=OPENED))
        db.session.query(Message).filter(Message.kind == "pulse.open").delete()
    assert "was lost" in browse(company.chloe).get("/inbox").text
    with transaction():
        db.session.execute(update(Message).values(person_id=company.kevin.id))
    assert "was lost" not in browse(company.kevin).get("/inbox").text
