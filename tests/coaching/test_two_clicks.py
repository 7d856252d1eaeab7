"""Two clicks on one button are one: a mark says what it wants, and an empty form can be filled in once."""

import re
from typing import Any

from sqlalchemy import func, select

from tests.conftest import Browser, Cast
from tests.factories import a_rating
from tests.journeys.serving import Hour
from tracker.audit.models import AuditEntry
from tracker.coaching.models import CoachingAction, CoachingCase
from tracker.coaching.page_models import AgendaPoint
from tracker.core.db import db
from tracker.ratings.own_models import TalkPoint

AGREED = {"text": "Open till 3", "due_on": "2026-12-01"}


def said(action: str) -> int:
    db.session.rollback()
    return db.session.scalars(select(func.count()).where(AuditEntry.action == action)).one()


def stored(model: Any) -> list[Any]:
    db.session.rollback()
    return list(db.session.scalars(select(model).order_by(model.id)))


def form_of(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the last form on a page that posts to this address, but for the token."""
    form = re.findall(rf'<form[^>]*action="{action}"[^>]*>(.*?)</form>', page, re.S)[-1]
    hidden = [tag for tag in re.findall(r"<input[^>]*>", form) if 'type="hidden"' in tag]
    found = {re.findall(r'name="([^"]*)"', tag)[0]: re.findall(r'value="([^"]*)"', tag)[0] for tag in hidden}
    return {name: value for name, value in found.items() if name != "csrf_token"}


def twice(browser: Browser, page: str, action: str, **filled_in: str) -> None:
    """Two clicks on the button of one form, as its page gives it."""
    sent = {**form_of(browser.get(page).text, action), **filled_in}
    for _click in range(2):
        assert browser.post(action, sent).status_code == 303


def test_a_point_sent_twice_is_one(case: CoachingCase, cast: Cast, browse: Any) -> None:
    twice(browse(cast.kevin), f"/coaching/{case.id}", f"/coaching/{case.id}/points", text="The plan")
    assert [point.text for point in stored(AgendaPoint)] == ["The plan"]
    assert said("coaching.point_added") == 1


def test_a_point_of_a_new_page_is_another_though_its_words_are_the_same(
    case: CoachingCase, cast: Cast, browse: Any
) -> None:
    brian, address = browse(cast.brian), f"/coaching/{case.id}"
    for _page in range(2):
        twice(brian, address, f"{address}/points", text="The plan")
    assert len(stored(AgendaPoint)) == 2


def test_other_words_in_a_page_that_was_gone_back_to_are_not_lost(case: CoachingCase, cast: Cast, browse: Any) -> None:
    kevin, address = browse(cast.kevin), f"/coaching/{case.id}"
    sent = form_of(kevin.get(address).text, f"{address}/points")
    for words in ("The plan", "The queue", "The plan"):
        assert kevin.post(f"{address}/points", {**sent, "text": words}).status_code == 303
    assert [point.text for point in stored(AgendaPoint)] == ["The plan", "The queue"]


def test_a_key_of_somebody_else_hides_nothing(case: CoachingCase, cast: Cast, browse: Any) -> None:
    kevin, address = browse(cast.kevin), f"/coaching/{case.id}"
    sent = {**form_of(kevin.get(address).text, f"{address}/points"), "text": "The plan"}
    for person in (cast.kevin, cast.brian):
        assert browse(person).post(f"{address}/points", sent).status_code == 303
    assert [point.by_id for point in stored(AgendaPoint)] == [cast.kevin.id, cast.brian.id]


def test_a_key_that_was_made_up_is_none(case: CoachingCase, cast: Cast, browse: Any) -> None:
    kevin = browse(cast.kevin)
    for key in ("", "x" * 5_000, "\x00", "ſ" * 32):
        answer = kevin.post(f"/coaching/{case.id}/points", {"key": key, "text": "The plan"})
        assert answer.status_code == 303, key
    assert len(stored(AgendaPoint)) == 4


def test_what_was_agreed_and_sent_twice_is_one(case: CoachingCase, cast: Cast, browse: Any) -> None:
    brian, address = browse(cast.brian), f"/coaching/{case.id}"
    twice(brian, address, f"{address}/agreed", owner=str(cast.kevin.id), **AGREED)
    assert [action.text for action in stored(CoachingAction)] == ["Open till 3"]
    assert said("coaching.agreed") == 1
    sent = form_of(brian.get(address).text, f"{address}/agreed")
    for owner in (cast.kevin, cast.brian):
        brian.post(f"{address}/agreed", {**sent, **AGREED, "owner": str(owner.id)})
    assert [action.owner_id for action in stored(CoachingAction)] == [cast.kevin.id, cast.kevin.id, cast.brian.id]


def test_a_form_that_comes_back_with_an_error_keeps_its_key(case: CoachingCase, cast: Cast, browse: Any) -> None:
    brian, action = browse(cast.brian), f"/coaching/{case.id}/agreed"
    sent = form_of(brian.get(f"/coaching/{case.id}").text, action)
    answer = brian.post(action, {**sent, "text": "Open till 3"})
    assert answer.status_code == 422
    assert form_of(answer.text, action)["key"] == sent["key"]


def test_a_point_kept_for_a_talk_and_sent_twice_is_one(cast: Cast, hour: Hour, browse: Any) -> None:
    twice(browse(cast.kevin), "/me/talk", "/me/talk/points", text="The plan")
    assert [point.text for point in stored(TalkPoint)] == ["The plan"]
    assert said("own.point_added") == 1


def test_what_was_agreed_stays_done_after_two_clicks(case: CoachingCase, cast: Cast, browse: Any) -> None:
    brian, address = browse(cast.brian), f"/coaching/{case.id}"
    twice(brian, address, f"{address}/agreed", owner=str(cast.kevin.id), **AGREED)
    (action,) = stored(CoachingAction)
    tick = f"/coaching/agreed/{action.id}/completion"
    twice(browse(cast.kevin), address, tick)
    assert stored(CoachingAction)[0].done_at is not None
    twice(browse(cast.kevin), address, tick)
    assert stored(CoachingAction)[0].done_at is None
    assert (said("coaching.agreed_done"), said("coaching.agreed_reopened")) == (1, 1)


def test_a_point_stays_talked_about_after_two_clicks(case: CoachingCase, cast: Cast, browse: Any) -> None:
    brian, address = browse(cast.brian), f"/coaching/{case.id}"
    twice(browse(cast.kevin), address, f"{address}/points", text="The plan")
    (point,) = stored(AgendaPoint)
    tick = f"/coaching/points/{point.id}/completion"
    twice(brian, address, tick)
    assert stored(AgendaPoint)[0].done_at is not None
    twice(brian, address, tick)
    assert stored(AgendaPoint)[0].done_at is None
    assert (said("coaching.point_done"), said("coaching.point_reopened")) == (1, 1)


def test_a_rating_put_down_twice_is_one_point(case: CoachingCase, cast: Cast, browse: Any) -> None:
    rating = a_rating(cast.kevin, 2, comment="Waited")
    db.session.commit()
    for _click in range(2):
        browse(cast.kevin).post(f"/coaching/{case.id}/points", {"rating": str(rating.id)})
    assert len(stored(AgendaPoint)) == 1
    assert said("coaching.point_added") == 1
