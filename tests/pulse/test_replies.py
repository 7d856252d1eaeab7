"""Comments answered by name and written back to without one: by a code alone, delivered once a day, and nothing of it recorded."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, get_template_attribute
from sqlalchemy import func, select

from tests.conftest import Browser, Cast
from tests.factories import a_person, an_organisation
from tests.pulse.rounds import CLOSES, OPENS, an_open_round, closed, everybody_answers, node_named
from tracker.access.models import Throttle
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.notifications.models import Message
from tracker.pulse.answering import Answers, Outcome, Voter, answer
from tracker.pulse.bank import next_items
from tracker.pulse.guessing import FREE_GUESSES
from tracker.pulse.models import PulseComment, PulseMember, PulseReply
from tracker.pulse.reply_jobs import deliver_replies

FIRST, SECOND = (item.key for item in next_items([])[:2])
NOW = CLOSES + timedelta(days=1, hours=3)  # Tuesday 17 November, 11:00 in Nairobi
CODE = "7K2M-0PQR-X4TV-9WBC"
WORDS = "The lamp over till 4 has been dark for weeks"
WRONG = "Nothing can be read with this code."


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.set_to(NOW):
        yield NOW


@pytest.fixture
def company(cast: Cast) -> Cast:
    """The cast, with twelve more at the tills: their comments are shown there."""
    with transaction():
        for number in range(12):
            a_person(f"Till {number}", team=cast.tills)
        for number in range(12):
            a_person(f"Floor {number}", team=cast.floor)
    return cast


@pytest.fixture
def commented(company: Cast) -> Cast:
    """Amina wrote two comments and keeps her code; Kevin wrote one and kept none."""
    round_id = an_open_round()
    kevins = Answers({FIRST: 4}, {FIRST: "More people on Saturdays"})
    aminas = Answers({FIRST: 2, SECOND: 3}, {FIRST: WORDS, SECOND: "Training was good"}, reply_code=CODE)
    assert answer(round_id, Voter(person_id=company.amina.id), aminas) == Outcome.KEPT
    assert answer(round_id, Voter(person_id=company.kevin.id), kevins) == Outcome.KEPT
    others = select(PulseMember.person_id).where(PulseMember.answered.is_(False))
    for place, person_id in enumerate(list(db.session.scalars(others.order_by(PulseMember.person_id)))):
        assert answer(round_id, Voter(person_id=person_id), Answers({FIRST: 2 + place % 3}, {})) == Outcome.KEPT
    closed(round_id)
    return company


def address_of(words: str) -> str:
    db.session.rollback()
    return f"/pulse/comments/{comment_of(words).k.hex()}"


def comment_of(words: str) -> PulseComment:
    return db.session.scalars(select(PulseComment).where(PulseComment.text == words)).one()


def replies() -> list[PulseReply]:
    db.session.rollback()
    return list(db.session.scalars(select(PulseReply).order_by(PulseReply.number)))


def told() -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(Message.person_id).where(Message.kind == "pulse.reply")))


def fields(page: str) -> dict[str, str]:
    """The hidden fields of the first form that writes back."""
    form = page.split("/pulse/reply/words")[1].split("</form>")[0]
    return dict(re.findall(r'name="(code|comment)" value="([^"]*)"', form))


def door_of(browse: Any) -> Browser:
    found: Browser = browse(None)
    return found


def test_a_conversation_from_brian_to_the_writer_and_back(commented: Cast, browse: Any) -> None:
    brian, door = browse(commented.brian, at=NOW), door_of(browse)
    assert "Nobody has answered yet." in door.post("/pulse/reply", {"code": CODE}).text
    url = address_of(WORDS)
    assert url in brian.get("/pulse/comments").text
    assert brian.post(f"{url}/replies", {"text": ""}).status_code == 422
    for _twice in range(2):
        assert brian.post(f"{url}/replies", {"text": "Ordered, it comes on Monday."}).status_code == 303
    assert len(replies()) == 1, "sent twice, it is one"
    page = door.post("/pulse/reply", {"code": CODE}).text
    assert "Brian Kamau answered:" in page
    assert "Ordered, it comes on Monday." in page
    assert "Training was good" in page, "the other comment of the same code"
    back = door.post("/pulse/reply/words", {**fields(page), "text": "Thank you, and the one at till 6?"})
    if WORDS not in back.text.split("Kept.")[0]:
        pytest.fail("written back to another comment")
    assert "Kept. It is delivered tomorrow morning" in back.text
    assert "till 6" not in brian.get(url).text, "not before tomorrow"
    assert deliver_replies(NOW) == 1, "the morning that was missed is made up for"
    assert "till 6" in brian.get(url).text
    assert "Whoever wrote it" in brian.get(url).text
    assert sorted(told()) == sorted([commented.brian.id, commented.chloe.id])


def written(door: Browser, text: str, words: str = WORDS) -> Any:
    return door.post("/pulse/reply/words", {"code": CODE, "comment": comment_of(words).k.hex(), "text": text})


def test_what_writers_add_is_delivered_once_a_day_all_together(commented: Cast, browse: Any) -> None:
    with transaction():
        an_organisation()
    door, chloe = door_of(browse), browse(commented.chloe, at=NOW)
    assert deliver_replies(NOW) == 0
    assert written(door, "One more thing").status_code == 200
    assert written(door, "And the heating", "Training was good").status_code == 200
    evening, morning = NOW + timedelta(hours=19), NOW + timedelta(hours=20, minutes=1)
    assert deliver_replies(evening) == 0
    assert "One more thing" not in chloe.get(address_of(WORDS)).text
    assert deliver_replies(morning) == 2, "the next day at seven in Nairobi"
    assert told() == [commented.chloe.id], "one message, however many were written"
    assert "written back" in chloe.get("/pulse/comments?show=back").text
    assert "One more thing" in chloe.get(address_of(WORDS)).text
    assert deliver_replies(morning + timedelta(hours=1)) == 0


def test_nothing_of_a_writer_is_recorded(commented: Cast, browse: Any) -> None:
    """Also in a browser in which somebody is signed in."""
    amina = browse(commented.amina, at=NOW)
    before = [db.session.scalar(select(func.count()).select_from(table)) for table in (AuditEntry, Message, Throttle)]
    answer_page = amina.post("/pulse/reply", {"code": CODE})
    assert "Amina" not in answer_page.text
    assert written(amina, "It was me who asked").status_code == 200
    after = [db.session.scalar(select(func.count()).select_from(table)) for table in (AuditEntry, Message, Throttle)]
    assert before == after
    (mine,) = replies()
    assert (mine.by_id, mine.is_writers, mine.is_delivered) == (None, True, False)


def test_every_code_that_opens_nothing_gets_the_same_page(commented: Cast, browse: Any, app: Flask) -> None:
    door = door_of(browse)
    seen = {
        re.sub(r'name="csrf_token" value="[^"]*"', "", door.post("/pulse/reply", {"code": code}).text)
        for code in ("nothing", "", "x" * 500, "7K2M-0PQR-X4TV-9WBD", "%", "'; --")
    }
    assert len(seen) == 1
    assert WRONG in seen.pop()
    assert door.post("/pulse/reply/words", {"code": "nothing", "comment": "00", "text": "x"}).status_code == 422
    for _more in range(FREE_GUESSES):
        door.post("/pulse/reply", {"code": "nothing"})
    assert door.post("/pulse/reply", {"code": CODE}).status_code == 429
    assert CODE not in str(db.session.scalars(select(Throttle.key)).all())


def test_a_code_opens_nothing_before_the_close_and_only_its_own(company: Cast, browse: Any) -> None:
    round_id = an_open_round()
    aminas = Answers({FIRST: 2}, {FIRST: WORDS}, reply_code=CODE)
    assert answer(round_id, Voter(person_id=company.amina.id), aminas) == Outcome.KEPT
    door = door_of(browse)
    assert WRONG in door.post("/pulse/reply", {"code": CODE}).text


def test_no_writing_about_a_comment_that_the_code_does_not_open(commented: Cast, browse: Any) -> None:
    kevins = comment_of("More people on Saturdays").k.hex()
    answer_page = door_of(browse).post("/pulse/reply/words", {"code": CODE, "comment": kevins, "text": "Me too"})
    assert answer_page.status_code == 422
    assert replies() == []


def test_a_writer_keeps_within_limits(commented: Cast, browse: Any) -> None:
    door = door_of(browse)
    assert written(door, "").status_code == 422
    assert written(door, "x" * 1_001).status_code == 422
    for number in range(3):
        assert written(door, f"Word {number}").status_code == 200
    assert written(door, "Word 2").status_code == 200, "the same once more is the same"
    full = written(door, "Word 4")
    assert full.status_code == 409
    assert "is delivered first" in full.text
    assert "Word 4" in full.text, "what was typed is not lost"
    assert [reply.text for reply in replies()] == ["Word 0", "Word 1", "Word 2"]
    deliver_replies(NOW + timedelta(days=1))
    assert written(door, "Word 4").status_code == 200


def test_who_answers_and_who_does_not(commented: Cast, browse: Any) -> None:
    url = address_of(WORDS)
    for name in ("chloe", "brian", "faith"):
        person = browse(getattr(commented, name), at=NOW)
        assert person.get(url).status_code == 200
        assert person.post(f"{url}/replies", {"text": f"From {name}"}).status_code == 303
    for name in ("amina", "kevin", "dora", "ruth"):
        person = browse(getattr(commented, name), at=NOW)
        assert person.get(url).status_code == 404
        assert person.post(f"{url}/replies", {"text": "Me"}).status_code == 404
        assert person.post(f"{url}/hiding", {"because": "Me"}).status_code == 404
        assert WORDS not in person.get("/pulse/comments").text
    assert browse(commented.amina, at=NOW).get("/pulse/comments").status_code == 403
    assert browse(commented.chloe, at=NOW).get("/pulse/comments/nothing").status_code == 404
    assert len(replies()) == 3
    answered = select(AuditEntry).where(AuditEntry.action == "pulse.comment_answered").order_by(AuditEntry.id)
    entries = db.session.scalars(answered).all()
    assert [entry.by_id for entry in entries] == [commented.chloe.id, commented.brian.id, commented.faith.id]
    assert "From" not in str([entry.details for entry in entries])


def test_pages_that_show_comments_lead_here(commented: Cast, app: Flask) -> None:
    comment = comment_of(WORDS)
    with app.test_request_context():
        link = get_template_attribute("pulse/_replies.html", "reply_link")
        assert f"/pulse/comments/{comment.k.hex()}" in str(link(comment.k))


def test_a_comment_without_a_code_cannot_be_answered(commented: Cast, browse: Any) -> None:
    url, brian = address_of("More people on Saturdays"), browse(commented.brian, at=NOW)
    assert "kept no code" in brian.get(url).text
    assert brian.post(f"{url}/replies", {"text": "We will"}).status_code == 403
    assert replies() == []


def test_hr_hides_a_comment_that_names_somebody(commented: Cast, browse: Any) -> None:
    url = address_of(WORDS)
    brian, chloe, door = browse(commented.brian, at=NOW), browse(commented.chloe, at=NOW), door_of(browse)
    assert brian.post(f"{url}/hiding", {"because": "I don’t like it"}).status_code == 403
    assert chloe.post(f"{url}/hiding", {"because": " "}).status_code == 422
    assert chloe.post(f"{url}/hiding", {"because": "It names a colleague."}).status_code == 303
    assert chloe.post(f"{url}/hiding", {"because": "Again"}).status_code == 409
    assert brian.get(url).status_code == 404
    assert WORDS not in brian.get("/pulse/comments").text
    assert WORDS not in chloe.get("/pulse/comments").text
    assert "It names a colleague." in chloe.get("/pulse/comments?show=hidden").text
    page = door.post("/pulse/reply", {"code": CODE}).text
    assert "The reason: It names a colleague." in page
    assert WORDS in page, "its writer reads it still"
    assert written(door, "Sorry").status_code == 409
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "pulse.comment_hidden")).one()
    assert entry.reason is None
    assert WORDS not in str(entry.details)
    assert chloe.post(f"{url}/showing").status_code == 303
    assert WORDS in brian.get(url).text


def test_the_door_speaks_three_languages_and_needs_no_account(cast: Cast, browse: Any) -> None:
    door = door_of(browse)
    assert "Is there a reply to your comment?" in door.get("/pulse/reply?language=en").text
    assert "Je, maoni yako yamejibiwa?" in door.get("/pulse/reply?language=sw").text
    french = door.get("/pulse/reply?language=fr")
    assert "A-t-on répondu à votre commentaire" in french.text
    assert french.headers["Referrer-Policy"] == "no-referrer"
    wrong = door.post("/pulse/reply?language=fr", {"code": "nothing"})
    assert "Ce code ne permet de rien lire." in wrong.text
    assert "No comments yet" in browse(cast.chloe, at=NOW).get("/pulse/comments").text


def test_comments_of_an_earlier_round_and_of_no_group(commented: Cast, browse: Any) -> None:
    second = an_open_round(opens_at=OPENS + timedelta(days=28))
    everybody_answers(second, lambda _person: {}, words={commented.kevin.id: {FIRST: "Second month"}})
    closed(second, at=CLOSES + timedelta(days=28))
    assert node_named(second, commented.tills.name)
    chloe = browse(commented.chloe, at=NOW)
    newest = chloe.get("/pulse/comments").text
    assert "Second month" in newest
    assert WORDS not in newest
    first = comment_of(WORDS).round_id
    assert WORDS in chloe.get(f"/pulse/comments?round={first}").text
