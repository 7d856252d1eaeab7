"""Answering signed in: question by question, with nothing kept before the last step, and nothing but the answer after it."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.access.terminals import a_till, has_pin, types
from tests.conftest import Cast
from tests.factories import a_person
from tests.pulse.rounds import CLOSES, OPENS, a_round, an_open_round, closed
from tests.pulse.walking import carried, go_on, keys_of, last_question
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.organisation.models import Person
from tracker.pulse.answer_forms import COMMENT_LENGTH, tidy
from tracker.pulse.answering import reply_hash
from tracker.pulse.bank import drivers, next_items
from tracker.pulse.boxes import opened
from tracker.pulse.keys import destroy_key, key
from tracker.pulse.models import PulseBox, PulseMember, PulseRound
from tracker.pulse.opening import open_round

ONE, TWO, THREE, _FOUR, FIVE = (item.key for item in next_items([]))


@pytest.fixture(autouse=True)
def during_the_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: OPENS.replace(hour=9))


def boxes() -> int:
    return db.session.scalar(select(func.count()).select_from(PulseBox)) or 0


def in_the_box(round_id: int) -> Any:
    """The one ballot there is."""
    box = db.session.scalars(select(PulseBox)).one()
    name = db.session.get_one(PulseRound, round_id).key_name
    return opened(box.sealed, key=key(name or ""), k=box.k)


def has_answered(round_id: int, person_id: int) -> bool:
    return db.session.get_one(PulseMember, (round_id, person_id), populate_existing=True).answered


def test_from_the_tab_to_the_box(cast: Cast, browse: Any) -> None:
    round_id, amina = an_open_round(), browse(cast.amina, at=OPENS)
    tab = amina.get("/pulse")
    assert "5 questions" in tab.text
    assert "about 2 minutes" in tab.text
    assert "fewer than 5 answers" in tab.text
    page = amina.get("/pulse/answers")
    assert "Question 1 of 5" in page.text
    page = last_question(amina, page, {1: "More light\nat the tills"})
    assert boxes() == 0, "nothing is kept before the last step"
    assert not has_answered(round_id, cast.amina.id)
    done = go_on(amina, page, answer="2")
    assert done.status_code == 200
    assert "Your answers are in the box" in done.text
    ballot = in_the_box(round_id)
    assert ballot.answers == {ONE: 4, TWO: 4, THREE: 4, _FOUR: 4, FIVE: 2}
    assert ballot.comments == {TWO: "More light\nat the tills"}
    code = re.search(r"<b>([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})</b>", done.text)
    assert code, "80 bits in 16 signs"
    assert ballot.replies == {TWO: reply_hash(code[1].lower().replace("-", " "), TWO)}
    assert has_answered(round_id, cast.amina.id)
    assert "You have already answered this round" in amina.get("/pulse").text


def test_a_reload_of_the_last_step_is_not_a_second_answer(cast: Cast, browse: Any) -> None:
    an_open_round()
    amina = browse(cast.amina, at=OPENS)
    page = last_question(amina, amina.get("/pulse/answers"), {0: "Once"})
    assert go_on(amina, page, answer="1").status_code == 200
    again = go_on(amina, page, answer="5")
    assert (again.status_code, boxes()) == (409, 1)
    assert "You have already answered this round" in again.text
    assert "Keep this code" not in again.text
    assert amina.get("/pulse/answers").headers["Location"] == "/pulse"


def test_without_a_comment_there_is_no_code(cast: Cast, browse: Any) -> None:
    round_id, amina = an_open_round(), browse(cast.amina, at=OPENS)
    done = go_on(amina, last_question(amina, amina.get("/pulse/answers")), answer="3")
    assert "in the box" in done.text
    assert "Keep this code" not in done.text
    assert in_the_box(round_id).replies == {}


def test_back_keeps_what_was_said_and_skip_leaves_it_out(cast: Cast, browse: Any) -> None:
    round_id, amina = an_open_round(), browse(cast.amina, at=OPENS)
    page = go_on(amina, amina.get("/pulse/answers"), answer="5", why="Said & kept")
    page = go_on(amina, page, "back", answer="2", why="half")
    assert "Question 1 of 5" in page.text
    assert carried(page) == {
        "round": str(round_id),
        "item": ONE,
        "answer": "5",
        "why": "Said & kept",
        f"answer-{TWO}": "2",
        f"words-{TWO}": "half",
    }
    page = go_on(amina, page, "skip")
    assert carried(page) == {"round": str(round_id), "item": TWO, "answer": "2", "why": "half"}
    done = go_on(amina, last_question(amina, page), "skip", answer="1", why="not this")
    assert "in the box" in done.text
    assert in_the_box(round_id).answers == {TWO: 4, THREE: 4, _FOUR: 4}
    assert in_the_box(round_id).comments == {}


def test_words_alone_are_an_answer_but_nothing_is_none(cast: Cast, browse: Any) -> None:
    round_id, amina = an_open_round(), browse(cast.amina, at=OPENS)
    page = amina.get("/pulse/answers")
    refused = go_on(amina, page)
    assert refused.status_code == 422
    assert "Choose an answer, or skip the question." in refused.text
    assert "<title>Error:" in refused.text
    for _number in range(4):
        page = go_on(amina, page, "skip")
    empty = go_on(amina, page, "skip")
    assert empty.status_code == 422
    assert "You have skipped every question" in empty.text
    assert boxes() == 0
    assert go_on(amina, empty, why="The lamp is broken").status_code == 200
    assert (in_the_box(round_id).answers, in_the_box(round_id).comments) == ({}, {FIVE: "The lamp is broken"})


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (
            "pourquoi\u202f? 10\u00a0000 fois",
            "pourquoi ? 10 000 fois",
        ),  # what French keyboards put before ? and within numbers
        ("one\ttwo\u3000three", "one two three"),
        (
            "\U0001f469\u200d\U0001f373 and \u0645\u06cc\u200c\u062e",
            "\U0001f469\u200d\U0001f373 and \u0645\u06cc\u200c\u062e",
        ),
        ("read\u202e me\u0007\ufeff\u0000", "read me"),
        (" a\r\nb\rc ", "a\nb\nc"),
    ],
    ids=["french-spaces", "other-spaces", "joined-letters", "what-cannot-be-seen", "lines"],
)
def test_words_stay_as_they_were_typed(typed: str, kept: str) -> None:
    assert tidy(typed) == kept


def test_too_long_a_comment_is_said_at_its_field_and_nothing_is_lost(cast: Cast, browse: Any) -> None:
    an_open_round()
    amina = browse(cast.amina, at=OPENS)
    long = "é" * (COMMENT_LENGTH + 3)
    page = amina.get("/pulse/answers")
    refused = go_on(amina, page, answer="4", why=long)
    assert refused.status_code == 422
    assert "This is 3 characters too long" in refused.text
    assert 'href="#why"' in refused.text
    assert (carried(refused)["why"], carried(refused)["answer"]) == (long, "4")
    # The way back does not lose it either; at the end it is asked for once more.
    page = go_on(amina, go_on(amina, page, answer="4"), "back", why=long[:-2])
    page = go_on(amina, page, "stay")
    late = go_on(amina, last_question(amina, go_on(amina, page, "skip")), answer="1", **{f"words-{TWO}": long})
    assert late.status_code == 422
    assert "Question 2 of 5" in late.text
    assert "This is 3 characters too long" in late.text
    assert boxes() == 0


def test_comments_that_do_not_fit_together_say_by_how_much(cast: Cast, browse: Any) -> None:
    round_id, amina = an_open_round(), browse(cast.amina, at=OPENS)
    three_bytes = dict.fromkeys(range(5), "界" * COMMENT_LENGTH)
    page = last_question(amina, amina.get("/pulse/answers"), three_bytes)
    refused = go_on(amina, page, answer="1", why=three_bytes[4])
    assert refused.status_code == 422
    over = re.search(r"All comments together are (\d+) characters too long", refused.text)
    assert over
    assert boxes() == 0
    assert not has_answered(round_id, cast.amina.id)
    shorter = carried(refused)["why"][: -int(over[1])]
    page = go_on(amina, refused, why=shorter)
    done = go_on(amina, last_question(amina, page, dict.fromkeys(range(5), "")), answer="1")
    assert done.status_code == 200


def test_just_enough_shorter_fits(cast: Cast, browse: Any) -> None:
    """What the page says is too much is exactly too much."""
    an_open_round()
    amina = browse(cast.amina, at=OPENS)
    page = last_question(amina, amina.get("/pulse/answers"), dict.fromkeys(range(5), "界" * COMMENT_LENGTH))
    refused = go_on(amina, page, answer="1", why="界" * COMMENT_LENGTH)
    over = int(re.findall(r"All comments together are (\d+)", refused.text)[0])
    full = carried(refused)
    for too_few, status in ((1, 422), (0, 200)):
        sent = {name: value for name, value in full.items() if name not in {"item", "answer", "why"}}
        sent |= {f"words-{full['item']}": full["why"][: len(full["why"]) - over + too_few]}
        sent |= {f"answer-{full['item']}": "4", "item": FIVE, "why": full[f"words-{FIVE}"], "answer": "1", "go": "next"}
        sent = {name: value for name, value in sent.items() if name not in {f"words-{FIVE}", f"answer-{FIVE}"}}
        assert amina.post("/pulse/answers", sent).status_code == status


@pytest.mark.parametrize(
    "bad",
    [
        {"answer-nothing": "4"},
        {"words-nothing": "what"},
        {f"answer-{TWO}": "6"},
        {f"answer-{TWO}": "0"},
        {f"answer-{TWO}": "-1"},
        {f"answer-{TWO}": "4.5"},
        {f"answer-{TWO}": "٤"},
        {"answer": "9"},
        {"answer": ""},
    ],
)
def test_what_the_round_does_not_ask_is_refused(cast: Cast, browse: Any, bad: dict[str, str]) -> None:
    an_open_round()
    amina = browse(cast.amina, at=OPENS)
    refused = go_on(amina, amina.get("/pulse/answers"), **bad)
    assert refused.status_code == 422
    assert boxes() == 0


def test_recommending_goes_from_nought_to_ten(cast: Cast, browse: Any) -> None:
    round_id = an_open_round(items=[drivers()["recommend"].items[0]])
    amina = browse(cast.amina, at=OPENS)
    page = amina.get("/pulse/answers")
    assert re.findall(r'name="answer" type="radio" value="(\d+)"', page.text) == [str(n) for n in range(11)]
    assert go_on(amina, page, answer="11").status_code == 422
    assert go_on(amina, page, answer="0").status_code == 200
    assert in_the_box(round_id).answers == {"recommend_1": 0}


def test_the_texts_are_those_the_round_froze(cast: Cast, browse: Any) -> None:
    with transaction():
        made = a_round()
        made.items = [{**made.items[0], "texts": {"en": "Asked in other words.", "sw": "Kwa maneno mengine."}}]
        open_round(made, by=None, today=OPENS.date(), at=OPENS)
    amina = browse(cast.amina, at=OPENS)
    assert '<h1 lang="en">Asked in other words.</h1>' in amina.get("/pulse/answers").text
    assert '<h1 lang="sw">Kwa maneno mengine.</h1>' in amina.get("/pulse/answers?language=sw").text
    french = amina.get("/pulse/answers?language=fr").text
    assert '<html lang="fr">' in french
    assert '<h1 lang="en">Asked in other words.</h1>' in french


def test_a_round_that_closed_meanwhile(cast: Cast, browse: Any) -> None:
    round_id, amina = an_open_round(), browse(cast.amina, at=OPENS)
    page = last_question(amina, amina.get("/pulse/answers"))
    closed(round_id)
    late = go_on(amina, page, answer="4")
    assert late.status_code == 409
    assert "This round is closed" in late.text
    assert "was sent" in late.text
    an_open_round(opens_at=CLOSES, items=next_items([keys_of(round_id)]))
    other = go_on(amina, page, answer="4")
    assert (other.status_code, boxes()) == (409, 0), "the page is of the round before"


def test_a_key_that_is_gone(cast: Cast, browse: Any) -> None:
    round_id, amina = an_open_round(), browse(cast.amina, at=OPENS)
    page = last_question(amina, amina.get("/pulse/answers"))
    destroy_key(db.session.get_one(PulseRound, round_id).key_name or "")
    gone = go_on(amina, page, answer="4")
    assert gone.status_code == 503
    assert "could not be kept" in gone.text
    assert boxes() == 0
    assert not has_answered(round_id, cast.amina.id)


def test_somebody_who_came_later_is_not_asked(cast: Cast, browse: Any) -> None:
    an_open_round()
    with transaction():
        late = a_person("Late Comer", team=cast.tills)
    browser = browse(late, at=OPENS)
    assert "This round doesn’t ask you." in browser.get("/pulse").text
    assert browser.get("/pulse/answers").status_code == 303
    assert browser.post("/pulse/answers", {"round": "1", "go": "next"}).status_code == 404


def test_when_nothing_is_open(cast: Cast, browse: Any) -> None:
    amina = browse(cast.amina, at=OPENS)
    assert "When the next one opens, you get a message." in amina.get("/pulse").text
    with transaction():
        a_round(opens_at=CLOSES)
    assert "The next opens on Mon 16 Nov, 08:00." in amina.get("/pulse").text


def test_a_stranger_is_sent_to_sign_in_and_begins_again(cast: Cast, browse: Any) -> None:
    an_open_round()
    stranger = browse(None)
    assert "/sign-in?next=/pulse" in stranger.get("/pulse").headers["Location"].replace("%2F", "/")
    sent = stranger.post("/pulse/answers?language=sw", {"go": "next", "answer": "4"})
    assert sent.headers["Location"] == "/sign-in?next=%2Fpulse%2Fanswers%3Flanguage%3Dsw"
    assert boxes() == 0


def test_a_form_of_another_site_is_refused(cast: Cast, browse: Any) -> None:
    an_open_round()
    amina = browse(cast.amina, at=OPENS)
    page = last_question(amina, amina.get("/pulse/answers"))
    assert go_on(amina, page, answer="4", csrf_token="nothing").status_code == 400
    assert boxes() == 0


@pytest.mark.parametrize(
    ("profile", "asked", "browser", "spoken"),
    [
        ("en", "", "fr-CH, fr;q=0.9", "fr"),
        ("sw", "", "fr", "sw"),
        ("sw", "fr", "en", "fr"),
        ("en", "", "de", "en"),
        ("en", "xx", "", "en"),
    ],
)
def test_the_language(cast: Cast, browse: Any, profile: str, asked: str, browser: str, spoken: str) -> None:
    an_open_round()
    with transaction():
        db.session.get_one(Person, cast.amina.id).language = profile
    amina = browse(cast.amina, at=OPENS)
    said = {"en": "Agree strongly", "sw": "Nakubali kabisa", "fr": "Tout à fait d’accord"}
    first = amina.get(f"/pulse/answers?language={asked}", headers={"Accept-Language": browser})
    for page in (first, go_on(amina, first, "stay")) if asked == spoken else (first,):
        assert f'<html lang="{spoken}">' in page.text
        assert said[spoken] in page.text
    assert next_items([])[0].texts[spoken] in first.text


def test_the_promise_says_the_numbers_of_its_round(cast: Cast, browse: Any) -> None:
    an_open_round(k_score=7, k_comment=12)
    amina = browse(cast.amina, at=OPENS)
    for path in ("/pulse", "/pulse/answers"):
        text = amina.get(path).text
        assert "fewer than 7 answers" in text
        assert "groups in which 12 or more have answered" in text


def test_everybody_finds_the_tab(cast: Cast, browse: Any) -> None:
    for person in (cast.amina, cast.brian, cast.chloe, cast.ruth):
        assert re.search(r'<a href="/pulse"[^>]*aria-current="page"', browse(person, at=OPENS).get("/pulse").text)
    tabs = re.search(r'<nav class="tabs".*?</nav>', browse(cast.amina, at=OPENS).get("/pulse").text, re.DOTALL)
    assert tabs
    assert re.findall(r'href="([^"]*)"', tabs[0]) == ["/me", "/training", "/pulse", "/inbox"]


def test_with_a_pin_at_a_till(app: Flask, cast: Cast, browse: Any) -> None:
    """The pulse is one's own page: whoever has no phone of their own answers where they work."""
    round_id = an_open_round()
    has_pin(app, cast.amina)
    till = a_till(app, browse, cast.tills)
    types(till, cast.amina)
    page = last_question(till, till.get("/pulse/answers"))
    assert go_on(till, page, answer="4").status_code == 200
    assert has_answered(round_id, cast.amina.id)


def links_around(page: Any) -> list[str]:
    """What the side bar and the tabs say."""
    found = re.findall(r"<li><a[^>]*>.*?<span[^>]*>([^<]+)</span>|<li><a class=\"tap\"[^>]*>([^<]+)</a>", page.text)
    return [one or other for one, other in found]


def test_what_is_around_the_questions_is_in_their_language_too(cast: Cast, browse: Any) -> None:
    an_open_round()
    for person in (cast.amina, cast.brian, cast.chloe):
        them = browse(person, at=OPENS)
        english, swahili = (them.get(f"/pulse?language={code}") for code in ("en", "sw"))
        said, told = links_around(english), links_around(swahili)
        assert len(said) == len(told) > 5
        assert {one for one, other in zip(said, told, strict=True) if one == other} == {"Pulse"}
        assert 'lang="en"' not in re.sub(r"<a [^>]*hreflang[^>]*>", "", swahili.text)
        assert "Toka" in swahili.text
        assert "Sign out" not in swahili.text
