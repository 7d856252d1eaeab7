"""Whatever happens to ratings, in any order, the weekly rollup and the monthly totals are what they say."""

import contextlib
import csv
import os
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from tests.conftest import empty_database
from tests.factories import a_channel, a_person, a_shift, a_team, a_touchpoint
from tracker.core.clock import week_of
from tracker.core.db import db, transaction, upsert
from tracker.core.errors import Conflict, Invalid
from tracker.disputes import actions as second_looks
from tracker.disputes.models import Dispute, DisputeRound
from tracker.intake.actions import credited_by_post, import_ratings, receive, undo_import, undo_imports_cut_off
from tracker.intake.rows import Choices
from tracker.organisation.models import Person
from tracker.ratings import rollup
from tracker.ratings.actions import (
    Submission,
    edit_rating,
    erase_rating,
    exclude_rating,
    include_rating,
    reassign_rating,
)
from tracker.ratings.import_models import Import
from tracker.ratings.jobs import fold_months
from tracker.ratings.ledger import add_contributor, note_contributors, transfer_interaction
from tracker.ratings.models import CellWeek, Interaction, Rating
from tracker.ratings.month_models import TeamMonth
from tracker.ratings.months import next_month
from tracker.ratings.policy import counted

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
HEADERS = ("external_id", "rated_at", "stars", "employee", "touchpoint", "team", "place", "contributors")
STARS = st.integers(1, 5)
DAYS = st.integers(0, 30)
WHO = st.integers(0, 2)
NUMBERS = st.integers(0, 12)
ANSWERS = st.sampled_from(["leave_out", "credit", "partly", "declined", "withdrawn"])
FILE_ROWS = st.lists(st.tuples(NUMBERS, DAYS, STARS, st.sampled_from(["P-0", "P-1", "new", ""])), max_size=6)


class Ratings(RuleBasedStateMachine):
    """Every verb there is, on a small company: three people in two teams of different zones."""

    def __init__(self) -> None:
        super().__init__()
        empty_database()
        with transaction():
            teams = [a_team("Nairobi"), a_team("Tokyo", time_zone="Asia/Tokyo")]
            people = [a_person(f"Person {n}", team=teams[n % 2], staff_number=f"P-{n}") for n in range(3)]
            self.people = [person.id for person in people]
            self.somebody = a_person("Somebody").id
            self.touchpoints = [None, a_touchpoint("Tills").id, a_touchpoint("Floor").id]
            a_channel()

    @rule(number=NUMBERS, day=DAYS, hour=st.integers(0, 23), stars=STARS, who=st.integers(0, 3), touchpoint=WHO)
    def record(self, number: int, day: int, hour: int, stars: int, who: int, touchpoint: int) -> None:
        with transaction():
            receive(
                Submission(
                    source="door",
                    external_id=str(number),
                    rated_at=NOW - timedelta(days=day, hours=hour),
                    stars=stars,
                    original_value=str(stars),
                    person_id=self.people[who] if who < 3 else None,
                    touchpoint_id=self.touchpoints[touchpoint],
                ),
                at=NOW,
            )

    @rule(day=DAYS, who=WHO)
    def hold_the_desk(self, day: int, who: int) -> None:
        """So that answers from there that name nobody are somebody's, or nobody's again when two hold it."""
        starts = NOW - timedelta(days=day, hours=12)
        with transaction(), contextlib.suppress(IntegrityError), db.session.begin_nested():
            a_shift("Desk", db.session.get_one(Person, self.people[who]), starts, starts + timedelta(hours=24))

    @rule(number=NUMBERS, day=DAYS, stars=STARS)
    def record_by_post(self, number: int, day: int, stars: int) -> None:
        at = NOW - timedelta(days=day)
        with transaction():
            credit = credited_by_post("Desk", at)
            given = {"rated_at": at, "stars": stars, "original_value": str(stars), "place": "Desk"}
            receive(Submission(source="desk", external_id=str(number), **given, **credit), at=NOW)

    @rule(number=NUMBERS, day=DAYS, who=WHO, to=WHO, early=st.booleans(), rated=st.booleans())
    def serve_rate_and_hand_on(self, number: int, day: int, who: int, to: int, early: bool, rated: bool) -> None:
        at = NOW - timedelta(days=day)
        with transaction():
            served = Interaction(person_id=self.people[who], handled_how="explicit", ended_at=at, ended_on=at.date())
            db.session.add(served)
            db.session.flush()
            note_contributors(served, self.people, by=None, at=NOW)
            key = {"source": "served", "external_id": f"{served.id}"}
            given = {"rated_at": at, "stars": 1 + number % 5, "original_value": "1", "interaction_id": served.id}
            if rated:
                receive(Submission(**key, **given, person_id=served.person_id), at=NOW)
            transfer_interaction(
                served,
                to_person_id=self.people[to],
                to_reference="x",
                transferred_at=at + timedelta(hours=-1 if early else 1),
                handler_id=self.people[to],
                by=None,
                at=NOW,
            )
            if not rated:
                receive(Submission(**key, **given, person_id=served.person_id), at=NOW)
            credited = self.people[to if early and not rated else who]
            rating = db.session.scalars(select(Rating).where(Rating.interaction_id == served.id)).one()
            assert (rating.person_id, rating.handled_by_id) == (credited, credited)
            assert (rating.transferred_at is not None) == rated

    @precondition(lambda self: self.first() is not None)
    @rule(pick=st.integers(0, 50), who=WHO)
    def add_who_helped(self, pick: int, who: int) -> None:
        with transaction(), contextlib.suppress(Conflict):
            person = db.session.get_one(Person, self.people[who])
            add_contributor(self.pick(pick), person, by=self.somebody, reason="test", at=NOW)

    @precondition(lambda self: self.first() is not None)
    @rule(pick=st.integers(0, 50), stars=STARS)
    def edit(self, pick: int, stars: int) -> None:
        with transaction():
            edit_rating(self.pick(pick), stars=stars, comment=None, emotions=[], drivers=[], at=NOW)

    @precondition(lambda self: self.first() is not None)
    @rule(pick=st.integers(0, 50))
    def erase(self, pick: int) -> None:
        with transaction():
            erase_rating(self.pick(pick), at=NOW)

    @precondition(lambda self: self.first() is not None)
    @rule(pick=st.integers(0, 50))
    def exclude_or_include(self, pick: int) -> None:
        with transaction():
            rating = self.pick(pick)
            change = include_rating if rating.excluded_at else exclude_rating
            change(rating, by=self.somebody, reason="test", at=NOW)

    @precondition(lambda self: self.first() is not None)
    @rule(pick=st.integers(0, 50), who=st.integers(0, 3))
    def reassign(self, pick: int, who: int) -> None:
        with transaction():
            rating = self.pick(pick)
            to = db.session.get_one(Person, self.people[who]) if who < 3 else None
            if to is None or to.id != rating.person_id:
                reassign_rating(rating, to, by=self.somebody, reason="test", at=NOW)

    @precondition(lambda self: self.first() is not None)
    @rule(pick=st.integers(0, 50))
    def contest(self, pick: int) -> None:
        with contextlib.suppress(Conflict), transaction():
            second_looks.ask(self.pick(pick), kind="not_me", comment="It was somebody else.", at=NOW)

    @precondition(lambda self: self.contested())
    @rule(pick=st.integers(0, 50), answer=ANSWERS, who=st.integers(0, 3), hides=st.booleans())
    def answer_contest(self, pick: int, answer: str, who: int, hides: bool) -> None:
        """By whoever decides, or taken back; also when the rating has been left out or credited anew meanwhile."""
        asked = self.contested()
        to = db.session.get_one(Person, self.people[who]) if who < 3 else None
        with contextlib.suppress(Conflict, Invalid), transaction():
            dispute = db.session.get_one(Dispute, asked[pick % len(asked)])
            if answer == "withdrawn":
                second_looks.withdraw(dispute, at=NOW)
                return
            outcome = answer if answer in {"partly", "declined"} else "accepted"
            second_looks.decide(
                dispute,
                outcome=outcome,
                reason="test",
                by=self.somebody,
                at=NOW,
                to=to,
                leave_out=answer == "leave_out",
                hides_words=hides,
            )

    @rule(rows=FILE_ROWS, create=st.booleans(), clean=st.booleans())
    def bring(self, rows: list[Any], create: bool, clean: bool) -> None:
        if rows:
            self._import(rows, create_missing=create, only_if_clean=clean)

    @rule(rows=FILE_ROWS)
    def bring_and_break_off(self, rows: list[Any]) -> None:
        def fails(_share: float, _rows: int) -> None:
            raise InterruptedError

        if rows:
            with contextlib.suppress(InterruptedError):
                self._import(rows, create_missing=True, progress=fails)

    def _import(self, rows: list[Any], **options: Any) -> None:
        handle, name = tempfile.mkstemp(suffix=".csv")
        os.close(handle)
        try:
            with Path(name).open("w", newline="", encoding="utf-8") as out:
                writer = csv.writer(out)
                writer.writerow(HEADERS)
                for number, day, stars, who in rows:
                    at = NOW - timedelta(days=day)
                    place, helper = ("Desk", "P-2") if stars % 2 else ("", "")
                    touchpoint = "Tills" if stars > 2 else ""
                    writer.writerow([f"F{number}", at.isoformat(), stars, who, touchpoint, "", place, helper])
            choices = Choices(mapping={h: h for h in HEADERS}, create_missing=options.pop("create_missing", False))
            import_ratings(name, choices, by=None, at=NOW, **options)
        finally:
            Path(name).unlink()

    @rule(pick=st.integers(0, 20))
    def undo(self, pick: int) -> None:
        ids = db.session.scalars(select(Import.id).order_by(Import.id)).all()
        if ids:
            try:
                with transaction():
                    undo_import(ids[pick % len(ids)], by=None, at=NOW)
            except Conflict:
                pass

    @rule()
    def sweep(self) -> None:
        undo_imports_cut_off(NOW + timedelta(hours=1))

    @rule(ahead=st.integers(-4, -1))
    def freeze_weeks(self, ahead: int) -> None:
        """As the weekly run does: every week up to one that gets its means, where it has none."""
        last = week_of(NOW.date()) + ahead
        rows = [
            {"touchpoint_id": touchpoint or 0, "channel_id": 0, "week": week, "mu": 3 + week % 7 / 10}
            for touchpoint in self.touchpoints
            for week in range(week_of(NOW.date()) - 8, last + 1)
        ]
        with transaction():
            db.session.execute(upsert(CellWeek).on_conflict_do_nothing(), rows)

    @invariant()
    def months_that_are_over_are_what_the_ratings_say(self) -> None:
        fold_months(NOW)
        db.session.rollback()
        expected: dict[tuple[date, int, int], list[float]] = {}
        through = db.session.scalar(select(func.max(CellWeek.week)))
        for rating in db.session.scalars(select(Rating).where(counted())):
            if rating.person_id is None or rating.excluded_at or through is None:
                continue
            month = rating.rated_on.replace(day=1)
            if week_of(next_month(month) - timedelta(days=1)) <= through:
                key = (month, rating.team_id or 0, rating.touchpoint_id or 0)
                total = expected.setdefault(key, [0, 0.0])
                total[0] += rating.stars
                total[1] += 3 + week_of(rating.rated_on) % 7 / 10
        stored = {
            (row.month, row.team_id, row.touchpoint_id): [
                row.n1 + 2 * row.n2 + 3 * row.n3 + 4 * row.n4 + 5 * row.n5,
                pytest.approx(row.expected),
            ]
            for row in db.session.scalars(select(TeamMonth))
            if through is not None and week_of(next_month(row.month) - timedelta(days=1)) <= through
        }
        assert stored == expected
        db.session.rollback()

    @invariant()
    def the_rollup_is_what_the_ratings_say(self) -> None:
        db.session.rollback()
        assert rollup.differences() == {}
        assert all(rating.stars in range(1, 6) for rating in db.session.scalars(select(Rating)))
        db.session.rollback()

    def contested(self) -> list[int]:
        found = select(DisputeRound.dispute_id).where(DisputeRound.decided_at.is_(None))
        return list(db.session.scalars(found.order_by(DisputeRound.dispute_id)))

    def first(self) -> int | None:
        return db.session.scalar(select(Rating.id).limit(1))

    def pick(self, number: int) -> Rating:
        ratings = db.session.scalars(select(Rating).order_by(Rating.id)).all()
        return ratings[number % len(ratings)]


def test_any_order_of_deeds_leaves_the_rollup_true(app: Flask) -> None:
    run_state_machine_as_test(
        Ratings,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
