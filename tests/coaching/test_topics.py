"""The one card of what to talk about: what is put down on the page, what was kept before it, and saved ratings, each once."""

import re
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from tests.coaching.talks import a_case_of
from tests.conftest import NOW, Cast
from tests.journeys.serving import Hour
from tracker.coaching.agenda import add_to_agenda
from tracker.coaching.models import CoachingCase
from tracker.coaching.page_models import AgendaPoint
from tracker.core.db import db, transaction
from tracker.ratings.models import Rating
from tracker.ratings.own_actions import add_point, save_for_talk
from tracker.ratings.own_models import SavedRating, TalkPoint


def the_card(page: str) -> str:
    """The words of the card “What to talk about”, as they are seen."""
    found = re.search(r'<section class="card" aria-labelledby="agenda">(.*?)</section>', page, re.DOTALL)
    assert found
    seen = re.sub(r"<span class=\"sr\">.*?</span>", " ", found[1])
    return " ".join(re.sub(r"<[^>]+>", " ", seen).split())


def keep(cast: Cast, *texts: str) -> None:
    with transaction():
        for text in texts:
            add_point(text, by=cast.kevin.id, at=NOW - timedelta(days=3))


def save(cast: Cast) -> int:
    with transaction():
        rating = db.session.scalars(select(Rating).where(Rating.comment == "Waited 2 times")).one()
        save_for_talk(rating, by=cast.kevin.id, at=NOW - timedelta(days=1))
        return rating.id


def test_kept_points_and_saved_ratings_stand_among_the_persons(case: CoachingCase, cast: Cast, browse: Any) -> None:
    keep(cast, "A second scanner at noon")
    save(cast)
    browse(cast.kevin).post(f"/coaching/{case.id}/points", {"text": "The plan for Fridays"})
    browse(cast.brian).post(f"/coaching/{case.id}/points", {"text": "Who opens till 3"})
    for who in (cast.kevin, cast.brian):
        card = the_card(browse(who).get(f"/coaching/{case.id}").text)
        theirs, _heading, leaders = card.partition("From whoever leads the talk")
        assert theirs.count("The plan for Fridays") == 1
        assert "A second scanner at noon" in theirs
        assert "Kevin · saved for the talk" in theirs
        assert "“Waited 2 times”" in theirs
        assert "Who opens till 3" in leaders


def test_what_the_person_put_down_here_is_not_said_again(case: CoachingCase, cast: Cast, browse: Any) -> None:
    keep(cast, "The plan  for fridays")
    rating = save(cast)
    kevin = browse(cast.kevin)
    before = kevin.get(f"/coaching/{case.id}").text
    assert before.count("Put on the agenda") == 3  # of four ratings: the saved one stands there already
    kevin.post(f"/coaching/{case.id}/points", {"text": "The plan for Fridays"})
    kevin.post(f"/coaching/{case.id}/points", {"rating": str(rating)})
    card = the_card(kevin.get(f"/coaching/{case.id}").text)
    assert card.count("“Waited 2 times”") == 1
    assert "saved for the talk" not in card
    assert "The plan  for fridays" not in card
    assert "for fridays" not in card


def test_one_ticks_off_and_takes_out_what_is_kept_and_comes_back(case: CoachingCase, cast: Cast, browse: Any) -> None:
    keep(cast, "A second scanner", "The till plan")
    rating = save(cast)
    first, second = db.session.scalars(select(TalkPoint.id).order_by(TalkPoint.id)).all()
    kevin, back = browse(cast.kevin), f"/coaching/{case.id}"
    sent = {"case": str(case.id)}
    ticked = kevin.post(f"/me/talk/points/{first}/completion", {**sent, "done": "yes"})
    out = kevin.post(f"/me/talk/points/{second}/removal", sent)
    let_go = kevin.post(f"/ratings/{rating}/saving/end", sent)
    for answer in (ticked, out, let_go):
        assert answer.status_code == 303
        assert answer.location == back
    db.session.rollback()
    assert [point.done_at is not None for point in db.session.scalars(select(TalkPoint))] == [True]
    assert db.session.scalars(select(SavedRating)).all() == []
    assert the_card(kevin.get(back).text).startswith("What to talk about Both can add to it Nothing yet.")


def test_who_leads_reads_what_is_kept_and_cannot_change_it(case: CoachingCase, cast: Cast, browse: Any) -> None:
    keep(cast, "A second scanner")
    rating = save(cast)
    point = db.session.scalars(select(TalkPoint.id)).one()
    page = browse(cast.brian).get(f"/coaching/{case.id}").text
    assert "A second scanner" in the_card(page)
    for address in (f"/me/talk/points/{point}/removal", f"/me/talk/points/{point}/completion"):
        assert address not in page
        assert browse(cast.brian).post(address).status_code == 404
    assert f"/ratings/{rating}/saving" not in page
    assert browse(cast.brian).post(f"/ratings/{rating}/saving/end").status_code == 403


def test_a_wrong_case_sends_nobody_anywhere(case: CoachingCase, cast: Cast, browse: Any) -> None:
    keep(cast, "A second scanner")
    point = db.session.scalars(select(TalkPoint.id)).one()
    kevin = browse(cast.kevin)
    answer = kevin.post(f"/me/talk/points/{point}/completion", {"case": "//elsewhere.example", "done": "yes"})
    assert answer.status_code == 422
    db.session.rollback()
    assert db.session.scalars(select(TalkPoint.done_at)).one() is None


def test_what_is_kept_is_the_persons_alone_until_the_case_is_shared(cast: Cast, hour: Hour, browse: Any) -> None:
    keep(cast, "A second scanner")
    with transaction():
        case = a_case_of(cast.kevin, shares_at=NOW + timedelta(hours=20))
    assert "Only yours until" in the_card(browse(cast.kevin).get(f"/coaching/{case.id}").text)
    assert browse(cast.brian).get(f"/coaching/{case.id}").status_code == 404
    hour.at = NOW + timedelta(hours=21)
    assert "A second scanner" in the_card(browse(cast.brian, at=hour.at).get(f"/coaching/{case.id}").text)


def test_a_point_about_a_rating_that_is_gone_says_so(case: CoachingCase, cast: Cast, browse: Any) -> None:
    with transaction():
        rating = db.session.scalars(select(Rating.id).where(Rating.comment == "Waited 2 times")).one()
        add_to_agenda(db.session.get_one(CoachingCase, case.id), by=cast.kevin.id, text="", rating_id=rating, at=NOW)
    with transaction():
        db.session.scalars(select(AgendaPoint)).one().rating_id = None
    assert "A rating that you can’t read" in the_card(browse(cast.brian).get(f"/coaching/{case.id}").text)


def test_the_work_stands_before_the_person_and_the_verdict_before_both(
    case: CoachingCase, cast: Cast, browse: Any
) -> None:
    page = browse(cast.brian).get(f"/coaching/{case.id}").text
    order = [page.index(f'aria-labelledby="{name}"') for name in ("work", "found", "words", "agenda", "time", "agreed")]
    assert order == sorted(order)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
