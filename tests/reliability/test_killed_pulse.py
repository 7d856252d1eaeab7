"""The pulse is killed at every single step of answering and of closing, each time for good (SIGKILL), and goes on afterwards.

A step is a line of the files that do it: a process of its own is killed as it comes to that line for the first time.
"""

import os
import signal
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from tests.conftest import Cast
from tests.factories import a_person
from tests.pulse.rounds import CLOSES, an_open_round
from tracker.core.db import db, transaction
from tracker.pulse import answering, boxes, closing, keys, publishing
from tracker.pulse.answering import Answers, Outcome, Voter, answer
from tracker.pulse.bank import next_items
from tracker.pulse.jobs import close_due
from tracker.pulse.models import PulseBox, PulseMember, PulseResult, PulseRound

FIRST = next_items([])[0].key
STEPS_OF_ANSWERING = {str(module.__file__) for module in (answering, boxes, keys)}
STEPS_OF_CLOSING = STEPS_OF_ANSWERING | {str(module.__file__) for module in (closing, publishing)}
DONE, FAILED = 0, 1


def steps(act: Callable[[], Any], files: set[str]) -> list[tuple[str, int]]:
    """The lines of these files that `act` comes by, in order, each once."""
    seen: dict[tuple[str, int], Any] = {}
    _traced(act, files, seen.setdefault)
    return list(seen)


def killed_at(place: tuple[str, int], act: Callable[[], Any], files: set[str]) -> bool:
    """Does `act` in a process of its own, which is killed as it comes to this line. Whether it was; otherwise it came through."""
    db.session.remove()
    db.engine.dispose()  # no connection may be shared with what is killed
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        _die_at(place, act, files)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == DONE
    return os.WIFSIGNALED(status)


def _die_at(place: tuple[str, int], act: Callable[[], Any], files: set[str]) -> None:
    def strike(here: tuple[str, int]) -> None:
        if here == place:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        _traced(act, files, strike)
    except BaseException:  # noqa: BLE001 - whatever it is, it must not run on in a copy of the test
        os._exit(FAILED)
    os._exit(DONE)


def _traced(act: Callable[[], Any], files: set[str], tell: Callable[[tuple[str, int]], Any]) -> None:
    def follow(frame: FrameType, event: str, _argument: Any) -> Any:
        if frame.f_code.co_filename not in files:
            return None
        if event == "line":
            tell((frame.f_code.co_filename, frame.f_lineno))
        return follow

    before = sys.gettrace()
    sys.settrace(follow)
    try:
        act()
    finally:
        sys.settrace(before)


def test_an_answer_killed_at_every_step_is_one_answer(app: Flask, cast: Cast) -> None:
    """Whoever was told that the answer is kept finds it counted; who was not may answer again, unless it lies there, or the process
    died in the one gap between the two transactions: then it is lost, and never more than that one."""
    round_id = an_open_round()
    walked = steps(lambda: _answer(round_id, cast.kevin.id), STEPS_OF_ANSWERING)
    with transaction():
        people = [a_person(team=cast.tills).id for _place in walked]
        node = db.session.get_one(PulseMember, (round_id, cast.kevin.id)).node_id
        db.session.add_all(PulseMember(round_id=round_id, person_id=person, node_id=node) for person in people)
    lost, again, kept = 0, 0, 1
    for place, person in zip(walked, people, strict=True):
        assert killed_at(place, lambda person=person: _answer(round_id, person), STEPS_OF_ANSWERING)  # type: ignore[misc]
        came_through = _boxes(round_id) > kept
        kept += came_through
        outcome = _answer(round_id, person)
        assert outcome in {Outcome.KEPT, Outcome.ANSWERED}
        assert not (came_through and outcome == Outcome.KEPT), "one person, two answers"
        again += outcome == Outcome.KEPT
        lost += outcome == Outcome.ANSWERED and not came_through
        kept += outcome == Outcome.KEPT
        assert _boxes(round_id) == kept
    print(f"killed at {len(walked)} steps: {again} answered again, {lost} marked without a ballot")  # noqa: T201
    assert again > lost > 0, "the gap is there and is narrow"
    close_due(CLOSES)
    found = db.session.get_one(PulseRound, round_id)
    assert (found.state, found.answered, found.missing) == ("closed", kept, lost)


def _answer(round_id: int, person: int) -> Outcome:
    return answer(round_id, Voter(person_id=person), Answers({FIRST: 2 + person % 4}, {FIRST: "words"}))


def _boxes(round_id: int) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(PulseBox.round_id == round_id)) or 0


def test_a_close_killed_at_every_step_finishes_once(app: Flask, cast: Cast) -> None:
    with transaction():
        people = [cast.kevin.id, cast.amina.id, *(a_person(team=cast.tills).id for _number in range(4))]
    first = _answered_round(people)
    walked = steps(lambda: close_due(CLOSES), STEPS_OF_CLOSING)
    expected = _published(first)
    assert expected, "something is published at all"
    for place in walked:
        round_id = _answered_round(people)
        key_file = _key_file(app, round_id)
        assert killed_at(place, lambda: close_due(CLOSES), STEPS_OF_CLOSING)
        close_due(CLOSES)
        assert close_due(CLOSES) == 0, "nothing is left to do"
        assert _published(round_id) == expected
        found = db.session.get_one(PulseRound, round_id)
        assert (found.state, found.answered, found.missing, found.cleaned_at is not None) == ("closed", 6, 0, True)
        assert _boxes(round_id) == 0
        assert not key_file.exists()
    print(f"killed at {len(walked)} steps of closing")  # noqa: T201


def _answered_round(people: list[int]) -> int:
    round_id = an_open_round()
    assert {_answer(round_id, person) for person in people} == {Outcome.KEPT}
    return round_id


def _key_file(app: Flask, round_id: int) -> Path:
    return Path(app.config["KEY_DIR"]) / (db.session.get_one(PulseRound, round_id).key_name or "")


def _published(round_id: int) -> list[tuple[Any, ...]]:
    db.session.rollback()
    columns = (PulseResult.item, PulseResult.n, PulseResult.mean, PulseResult.favourable)
    rows = select(*columns).where(PulseResult.round_id == round_id).order_by(*columns)
    return [tuple(row) for row in db.session.execute(rows)]
