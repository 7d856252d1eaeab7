"""Every page worth looking at: whose, where, and what to do there first. The page tests and `make pictures` share it.

A route that answers a GET stands here or in NO_PAGE; a test compares both with the url map, so none can be forgotten.
"""

import json
import tempfile
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from io import BytesIO
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from flask import Flask, url_for
from playwright.sync_api import Page
from sqlalchemy import select, update
from werkzeug.datastructures import FileStorage

from tests.coaching.timed import a_shared_case
from tests.factories import a_course
from tests.journeys import pulse_plans
from tests.journeys.certified import AMINA, FIRE, KEVIN, LIFTING, certificate_of, certified, number_of
from tests.journeys.checked import a_fall_replay, a_fall_replay_of_few, a_running_fall_replay, a_team_fall
from tests.journeys.chromium import sign_in
from tests.journeys.pulse_results import pulse_group, pulse_results
from tests.journeys.pulse_rounds import a_draft as a_pulse_draft
from tests.journeys.pulse_rounds import a_past_round, a_ready_draft, an_own_question, the_open_round
from tests.journeys.pulsed import a_slip_in_hand, answered, in_a_round, to_the_last, use_it
from tests.scorm.packages import a_package_course, a_run, a_zip
from tracker.access.actions import make_link
from tracker.access.models import Account
from tracker.access.rules import hash_password
from tracker.access.terminal_actions import make_code as make_terminal_code
from tracker.access.terminal_actions import make_terminal
from tracker.access.terminal_models import SharedTerminal
from tracker.coaching.effect_models import CaseEffect, CoachingEffect
from tracker.coaching.effect_rules import CaseFigures, CompanyFigures
from tracker.coaching.feedback_actions import ask
from tracker.coaching.feedback_models import CoachFeedbackBatch, CoachFeedbackWords
from tracker.coaching.models import CoachingCase, CoachingSession
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.core.models import HookSubscription
from tracker.courses.actions import begin_course
from tracker.courses.actions import begin_draft as begin_course_draft
from tracker.courses.actions import publish as publish_course
from tracker.courses.content import Content
from tracker.courses.models import Course, CourseVersion
from tracker.courses.transfer import read_folder
from tracker.demo.loading import KIOSK_PIN, PASSWORD
from tracker.demo.terminals import PIN as TERMINAL_PIN
from tracker.disputes.models import DisputeRound
from tracker.intake.actions import open_and_mail_link, open_link
from tracker.intake.columns import begin_draft
from tracker.intake.importing import begin_import, import_ratings
from tracker.intake.kiosk_actions import make_code, make_kiosk
from tracker.intake.models import Kiosk
from tracker.intake.rows import Choices
from tracker.intake.uploads import Upload
from tracker.interviews.actions import Asked, note
from tracker.interviews.models import Encounter
from tracker.organisation.models import Membership, Person, Team
from tracker.posts.models import Shift
from tracker.ratings.actions import Submission, record_rating
from tracker.ratings.import_models import Import
from tracker.ratings.models import Rating, Touchpoint
from tracker.ratings.obstacle_models import Cause
from tracker.recognition.actions import Said, tell_story
from tracker.recognition.models import Thanked, Thanks
from tracker.recovery.models import RecoveryCase, ReplyTemplate
from tracker.reviews.models import Review, ReviewFeed
from tracker.scorm.actions import Report, open_visit, save_state, take_ticket
from tracker.training.completing import complete
from tracker.training.effect import Figures
from tracker.training.learning import start_run
from tracker.training.learning_models import CourseRun, QuizAnswer
from tracker.training.models import Assignment, TrainingRule
from tracker.training.publishing import publish_version
from tracker.training.quizzes import answer_question, start_attempt
from tracker.training.rollout_actions import Plan, begin_rollout
from tracker.training.rollout_models import TrainingEffect, TrainingRollout
from tracker.training.rollout_queries import teams_to_draw
from tracker.webhooks.inbound_models import Delivery, Door

STAFF_NUMBERS = {
    "amina": "N-0412",
    "brian": "N-0107",
    "kevin": "N-0398",
    "dora": "M-0204",
    "chloe": "H-0007",
    "ruth": "H-0011",
}
TABLET = "tablet"  # instead of somebody: a browser that is paired as a kiosk
TILL = "till"  # a browser that is a shared terminal
PEOPLE_FILE = "Staff number,Name,Email\nT-{draft},Njeri Kariuki,njeri.{draft}@example.org\nT-0,,nobody@example.org\n"
RATINGS_FILE = """Rating ID,Date,Stars,Employee,Touchpoint,Comment,Email
{draft}-1,2026-11-16 10:05,5,N-0398,Tills,Quick and kind,a@example.org
{draft}-2,2026-11-16 11:40,2,Achieng O.,Tills,,b@example.org
{draft}-3,2026-11-16 12:05,9,N-0412,Tills,Fine,c@example.org
{draft}-4,some day,4,N-0412,Tills,,d@example.org
{draft}-5,2026-11-16 12:20,0,N-0365,Tills,,e@example.org
{draft}-6,2026-11-16 13:02,4,N-0365,Tills,Patient with my mother,f@example.org
{draft}-7,2026-11-16 13:40,5,Achieng O.,Tills,Asante sana,g@example.org
"""
SHIFTS_FILE = """post,employee,day,start,end
Desk {draft},N-0365,2026-11-20,22:00,06:00
Till 2,N-9999,2026-11-20,08:00,14:00
Till 2,N-0365,some day,08:00,14:00
"""
REVIEWS_FILE = """id,date,rating,title,review,branch
1,2026-11-16 10:05,5,Quick,In and out in five minutes.,Nairobi Central tills
2,2026-11-16 11:00,8/10,,Kind people.,
3,some day,9,,Fine.,The moon
"""
DESK = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAKAAAABaCAIAAACwpMoFAAAAuklEQVR42u3bMQ0AIAxE0fo3h4gOHUjQgAYGhjYv+QruzRdnpwYX"
    "JgAswAIswAIswAIMWIAFWIAFWIAFGLAAC7AAC7AAC7AAAxZgARZgARZgAQb81MrS7wADBgwYMGDAgAVYgAUYMGDAgAEDBizAAizA"
    "gAEDBgwYMGDAgAVYgAUYMGDAgAEDBizA6gYs91EBFmABFmDAAizAAizAAizAgK0AWIAFWIAFWIAFGLAAC7AAC7AACzBgAVa3LvLg"
    "ABgu2wwkAAAAAElFTkSuQmCC"
)
COURSE = {
    "format": "service-tracker-course",
    "edition": 1,
    "title": "Calm at the till",
    "summary": "You greet calmly on a busy day, and you know what to say when the queue gets long.",
    "language": "en",
    "drivers": ["friendliness", "speed"],
    "pass_mark": 80,
    "certificate_months": 12,
    "lessons": [
        {"key": "read", "kind": "text", "title": "Why calm is quicker", "minutes": 3, "text": "lessons/read.md"},
        {
            "key": "film",
            "kind": "video",
            "title": "A busy Saturday",
            "minutes": 4,
            "link": "https://films.example/busy",
        },
        {
            "key": "check",
            "kind": "quiz",
            "title": "Check what you know",
            "minutes": 5,
            "questions": [
                {
                    "key": "queue",
                    "kind": "single",
                    "text": "Ten people wait. What do you do first?",
                    "confidence": True,
                    "explanation": "Whoever is seen waits more easily.",
                    "choices": [
                        {"text": "Look up and greet the next one", "right": True, "says": "Yes: it takes one second."},
                        {"text": "Work faster and say nothing", "says": "People feel it, and wait less easily."},
                    ],
                },
                {
                    "key": "order",
                    "kind": "order",
                    "text": "In which order?",
                    "choices": [{"text": "Greet"}, {"text": "Listen"}, {"text": "Solve"}],
                },
                {"key": "own", "kind": "free", "text": "What do you say when the card reader is down?"},
            ],
        },
    ],
}
LESSON = """## One breath

A queue looks **longer** from behind the till than from the front.

![The till at noon](files/desk.png)

- Look up.
- Greet.
- Then go on.

> “I saw you, one moment please.”

More in [the guide](https://example.org/guide).
"""
_drafts = count(1)
Arguments = Callable[[], Mapping[str, Any]]


@dataclass(frozen=True)
class Sight:
    """One page as one person sees it on the device it is made for. `first`: what to do there before looking."""

    name: str
    endpoint: str
    who: str | None
    device: str
    arguments: Arguments = dict
    first: Callable[[Page], None] | None = None
    path: str | None = None  # instead of the endpoint's address

    def url(self, app: Flask) -> str:
        """The path of the page, with ids from the database where it needs some."""
        if self.path:
            return self.path
        with app.app_context():
            arguments = self.arguments()
        with app.test_request_context():
            return url_for(self.endpoint, **arguments)


def person(name: str) -> dict[str, int]:
    return {"id": _id_of(STAFF_NUMBERS[name])}


def _id_of(staff_number: str) -> int:
    return db.session.scalars(select(Person.id).where(Person.staff_number == staff_number)).one()


def the_team(name: str) -> dict[str, int]:
    return {"id": db.session.scalars(select(Team.id).where(Team.name == name)).one()}


def case_of(name: str) -> dict[str, int]:
    """The newest case of somebody: open, or closed when none is open."""
    of_person = select(CoachingCase.id).where(CoachingCase.person_id == _id_of(STAFF_NUMBERS[name]))
    return {"id": db.session.scalars(of_person.order_by(CoachingCase.id.desc()).limit(1)).one()}


def talk_asked_about() -> dict[str, int]:
    """Kevin's first talk, about which he is asked."""
    kevin = _id_of(STAFF_NUMBERS["kevin"])
    of_kevin = (
        select(CoachingSession)
        .join(CoachingCase, CoachingCase.id == CoachingSession.case_id)
        .where(CoachingCase.person_id == kevin, CoachingSession.held_at.is_not(None))
    )
    with transaction():
        talk = db.session.scalars(of_kevin.order_by(CoachingSession.id).limit(1)).one()
        ask(talk, person_id=kevin, at=clock.now())
        return {"id": talk.id}


def twenty_coached() -> dict[str, int]:
    """The same for HR: somebody by whom 20 people were coached."""
    brian, kevin = (_id_of(STAFF_NUMBERS[name]) for name in ("brian", "kevin"))
    others = select(Person.id).where(Person.id.not_in([brian, kevin])).order_by(Person.id).limit(20)
    at = clock.now() - timedelta(days=120)
    with transaction():
        held = db.session.scalar(select(CoachingSession.id).where(CoachingSession.note == "Coached."))
        for place, person_id in enumerate(() if held else db.session.scalars(others).all()):
            case = CoachingCase(person_id=person_id, opened_at=at, shares_at=at, shared_at=at, closes_by=at)
            case.closed_at = at + timedelta(days=60 + place)
            case.closed_because = "followed_up" if place % 3 else "held"
            db.session.add(case)
            db.session.flush()
            talk = CoachingSession(case_id=case.id, led_by_id=brian, starts_at=at, starts_on=at.date(), booked_at=at)
            talk.held_at, talk.note = at + timedelta(days=2 + place % 7), "Coached."
            db.session.add(talk)
    return closed_batches()


def closed_batches() -> dict[str, int]:
    """Two batches about Brian's talks, as they stand once ten people have answered."""
    brian = _id_of(STAFF_NUMBERS["brian"])
    figures = {
        "listened": {"mean": 4.2, "sd": 0.7},
        "next_step": {"mean": 3.8, "sd": 1.0},
        "fair": {"mean": 4.4, "sd": 0.5},
    }
    with transaction():
        if db.session.scalar(select(CoachFeedbackBatch.id).limit(1)) is None:
            for month, words_from in ((9, 0), (11, 10)):
                batch = CoachFeedbackBatch(leader_id=brian, month=clock.now().date().replace(month=month, day=1), n=5)
                batch.figures, batch.words_from = figures, words_from
                db.session.add(batch)
            db.session.flush()
            for words in ("He let me finish.", "I would have liked a smaller next step."):
                db.session.add(CoachFeedbackWords(leader_id=brian, text=words, batch_id=batch.id))
    return {}


def a_waiting_talk() -> dict[str, int]:
    """Somebody in another branch has waited for weeks: once, however often it is asked for."""
    in_westlands = select(Person).join(Membership, Membership.person_id == Person.id).join(Team)
    healed = Person.staff_number == "W-0108"
    with transaction():
        person = db.session.scalars(in_westlands.where(Team.name == "Westlands", ~healed).order_by(Person.id)).first()
        assert person is not None
        if db.session.scalar(select(CoachingCase.id).where(CoachingCase.person_id == person.id)) is None:
            case = a_shared_case(person, shares_at=clock.now() - timedelta(days=16))
            case.clock_starts_on = (clock.now() - timedelta(days=16)).date()
            case.reminds_at = clock.now() + timedelta(days=30)
    return {}


def an_invitation() -> dict[str, str]:
    """A link for somebody who has never signed in."""
    newcomer = select(Account).where(Account.password_hash.is_(None)).order_by(Account.id).limit(1)
    with transaction():
        return {"token": make_link(db.session.scalars(newcomer).one(), "invitation", at=clock.now(), by=None)}


def a_people_file() -> dict[str, str]:
    """Somebody new, and a row without a name."""
    content = PEOPLE_FILE.format(draft=next(_drafts)).encode()
    return {"token": Upload.keep(FileStorage(BytesIO(content), filename="people.csv"), person("ruth")["id"])}


def a_ratings_file() -> dict[str, int]:
    """A draft of Ruth's, always with new ratings: two rows fit, two name nobody known, and three cannot be read."""
    content = RATINGS_FILE.format(draft=next(_drafts)).encode()
    owner = person("ruth")["id"]
    token = Upload.keep(FileStorage(BytesIO(content), filename="ratings.csv"), owner)
    with transaction():
        draft = begin_draft(
            Upload.path(token, owner),
            owner_id=owner,
            token=token,
            file_name="answers-week-46.csv",
            source="survey tool",
            at=clock.now(),
        )
        db.session.flush()
        return {"id": draft.id}


def a_person_not_known() -> dict[str, Any]:
    return {**a_ratings_file(), "reference": "Achieng O."}


def a_customers_link() -> dict[str, str]:
    served = db.session.get_one(Person, person("amina")["id"])
    with transaction():
        ended_at = clock.now() - timedelta(hours=1)
        return {"token": open_link(served, ended_at=ended_at, by=None, at=clock.now(), place="till 4")}


def a_mailed_link() -> dict[str, str]:
    """Of a customer with an address that was never used before."""
    served, at = db.session.get_one(Person, person("amina")["id"]), clock.now()
    with transaction():
        email = f"customer{next(_drafts)}.{at:%f}@example.org"
        secret, _invitation = open_and_mail_link(served, email=email, language="en", ended_at=at, by=served.id, at=at)
        return {"token": secret}


def in_language(code: str) -> dict[str, str]:
    return {**a_customers_link(), "language": code}


def a_waiting_rating() -> dict[str, int]:
    """In the tray because nobody is called that."""
    waits = Submission(source="till", external_id="W-1", rated_at=clock.now(), stars=4, original_value="4")
    with transaction():
        rating = db.session.scalar(select(Rating).where(Rating.external_id == "W-1"))
        rating = rating or record_rating(waits, at=clock.now())
        rating.employee_reference = "Amina Otieno (till 4)"
        return {"id": rating.id}


def a_rating_of_a_post() -> dict[str, int]:
    """The demo's, from a till that two held."""
    return {"id": db.session.scalars(select(Rating.id).where(Rating.source == "till terminal").limit(1)).one()}


def the_handed_on_rating() -> dict[str, int]:
    """The demo's, of Amina's, that is Kevin's by now in the till system."""
    return {"id": db.session.scalars(select(Rating.id).where(Rating.transferred_at.is_not(None)).limit(1)).one()}


def a_shift_of_amina() -> dict[str, int]:
    return {"id": db.session.scalars(select(Shift.id).where(Shift.person_id == person("amina")["id"]).limit(1)).one()}


def a_shifts_file() -> dict[str, str]:
    """A shift more, and two rows that cannot be."""
    content = SHIFTS_FILE.format(draft=next(_drafts)).encode()
    return {"token": Upload.keep(FileStorage(BytesIO(content), filename="plan.csv"), person("chloe")["id"])}


def unhappy_rating_of(name: str) -> dict[str, int]:
    """Of the last weeks the unhappiest with words: one that somebody would ask about."""
    since = clock.now() - timedelta(days=25)
    theirs = select(Rating.id).where(Rating.person_id == _id_of(STAFF_NUMBERS[name]), Rating.rated_at > since)
    return {"id": db.session.scalars(theirs.order_by(Rating.comment.is_(None), Rating.stars).limit(1)).one()}


def open_dispute() -> dict[str, int]:
    """The one of the demo that waits for Chloe's answer."""
    waiting = select(DisputeRound.dispute_id).where(DisputeRound.decided_at.is_(None)).order_by(DisputeRound.id)
    return {"id": db.session.scalars(waiting.limit(1)).one()}


def the_obstacle(name: str) -> Callable[[], dict[str, int]]:
    """What stands in the way in the demo, by its name."""
    return lambda: {"id": db.session.scalars(select(Cause.id).where(Cause.name == name)).one()}


def a_review(words: str) -> Callable[[], dict[str, int]]:
    """The one of the demo that says this."""
    return lambda: {"id": db.session.scalars(select(Review.id).where(Review.text.contains(words))).one()}


def a_feed() -> dict[str, int]:
    return {"id": db.session.scalars(select(ReviewFeed.id).order_by(ReviewFeed.id).limit(1)).one()}


def a_reviews_file() -> dict[str, str]:
    """Two that fit, and a row that does not."""
    owner = person("ruth")["id"]
    return {
        "token": Upload.keep(FileStorage(BytesIO(REVIEWS_FILE.encode()), filename="reviews.csv"), owner),
        "source": "a site",
    }


def noted(name: str, kind: str, *, by_oneself: bool = False) -> dict[str, int]:
    """The newest interview or observation about somebody of the demo."""
    about = select(Encounter.id).where(Encounter.person_id == _id_of(STAFF_NUMBERS[name]), Encounter.kind == kind)
    by = Encounter.by_id == Encounter.person_id
    found = about.where(by if by_oneself else ~by).order_by(Encounter.id.desc()).limit(1)
    return {"id": db.session.scalars(found).one()}


def good_word(kind: str, name: str) -> dict[str, int]:
    """The newest of a kind that somebody stands on."""
    newest = select(Thanks.id).join(Thanked).where(Thanks.kind == kind, Thanks.withheld.is_(None))
    return {
        "id": db.session.scalars(
            newest.where(Thanked.person_id == person(name)["id"]).order_by(Thanks.id.desc())
        ).first()
        or 0
    }


def a_story_of_amina() -> dict[str, int]:
    """One that waits for Kevin’s yes; told once, however often it is asked for."""
    amina, at = person("amina")["id"], clock.now()
    text = "A man had lost his receipt and his courage. We looked through the whole evening’s paper, and found it."
    with transaction():
        kevin = db.session.get_one(Person, person("kevin")["id"])
        story, _is_new = tell_story(Said(text, "a" * 32, title="The lost receipt"), [kevin], by=amina, at=at)
        return {"id": story.id}


def thank_them(name: str) -> dict[str, Any]:
    return {"to": person(name)["id"], "step": "write"}


def form_about(name: str) -> dict[str, int]:
    """The second step of a new interview or observation, at the tills."""
    tills = select(Touchpoint.id).where(Touchpoint.name == "Tills")
    return {"person": _id_of(STAFF_NUMBERS[name]), "touchpoint": db.session.scalars(tills).one()}


def observed_just_now() -> dict[str, int]:
    """One of today, so that it can still be put right."""
    about = form_about("amina")
    amina = db.session.get_one(Person, about["person"])
    asked = Asked("observation", amina, "sights", about["touchpoint"])
    given = {"marks": {"friendliness": "well", "speed": "partly"}, "went_well": "Greeted everybody in the queue."}
    with transaction():
        given["happened_at"] = clock.now() - timedelta(hours=2)
        return {"id": note(asked, given, by=_id_of(STAFF_NUMBERS["brian"]), at=clock.now())[0].id}


def put_it_right(page: Page) -> None:
    page.get_by_label("What was done well").fill("Greeted everybody, also those at the end of the queue.")
    page.get_by_label("Why is it put right?").fill("I remembered one thing more.")
    press("Save")(page)
    unfold(page)


def an_import() -> dict[str, int]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ratings.csv"
        file.write_text("rated_at,stars,employee\n2026-11-02,5,N-0412\n2026-11-03,9,N-0412\n", encoding="utf-8")
        own = {name: name for name in ("rated_at", "stars", "employee")}
        result = import_ratings(file, Choices(source="sights", mapping=own), by=None, at=clock.now())
    return {"id": result.import_id}


def a_complaint(*, is_open: bool = True) -> dict[str, int]:
    """One of the demo's tills, with a contact where it is open."""
    ends = RecoveryCase.closed_at.is_(None) if is_open else RecoveryCase.outcome == "solved"
    of_tills = RecoveryCase.team_id == select(Team.id).where(Team.name == "Nairobi Central tills").scalar_subquery()
    found = select(RecoveryCase.id).where(ends, of_tills)
    found = found.order_by(RecoveryCase.contact_sealed.is_(None), RecoveryCase.id.desc())
    return {"id": db.session.scalars(found.limit(1)).one()}


def a_closed_complaint() -> dict[str, int]:
    return a_complaint(is_open=False)


def a_public_complaint() -> dict[str, int]:
    """An open one about a review."""
    found = select(RecoveryCase.id).where(RecoveryCase.is_public, RecoveryCase.closed_at.is_(None))
    return {"id": db.session.scalars(found.order_by(RecoveryCase.id).limit(1)).one()}


def a_reply() -> dict[str, int]:
    """One of the tills'."""
    of_team = select(ReplyTemplate.id).where(ReplyTemplate.team_id.is_not(None))
    return {"id": db.session.scalars(of_team.order_by(ReplyTemplate.id).limit(1)).one()}


def a_running_import() -> dict[str, int]:
    """One on its way: as it stands after some batches."""
    at = clock.now()
    id = begin_import(Choices(source=f"tills {next(_drafts)}", mapping={}), "till-feedback-2026.csv", by=None, at=at)
    running = {"rows_read": 140_000, "share_read": 0.56, "alive_until": at + timedelta(days=1)}
    with transaction():
        db.session.execute(update(Import).where(Import.id == id).values(**running))
    return {"id": id}


def a_package() -> dict[str, int]:
    """A visit of Amina’s to a package in three parts, the first of which is done."""
    with transaction():
        amina, at = _id_of(STAFF_NUMBERS["amina"]), clock.now()
        version = a_package_course(a_zip("2004", items=3), title="At the counter", by=_id_of(STAFF_NUMBERS["chloe"]))
        run = a_run(version, db.session.get_one(Person, amina))
        lesson = Content(version.content).lessons[0]
        first = open_visit(run, lesson, item=None, anew=False, by=amina, at=at)
        report = Report(1, {"cmi.completion_status": "completed"}, seconds=240, is_open=False)
        save_state(first, lesson, report, ticket=take_ticket(first, at=at), at=at)
        return {"id": open_visit(run, lesson, item=None, anew=False, by=amina, at=at).id}


def wait_for_package(page: Page) -> None:
    page.frame_locator("iframe.player").frame_locator("iframe").get_by_role("heading").wait_for()
    page.get_by_role("status").filter(has_text="Saved.").wait_for()


def a_kiosk_code(app: Flask, *, asks_who: bool = True) -> str:
    """Of a kiosk of its own, as each browser that is paired needs one."""
    with app.app_context(), transaction():
        team = the_team("Nairobi Central tills")["id"]
        given = {"place": "Till 4", "touchpoint_id": None, "asks_who": asks_who, "pin_hash": hash_password(KIOSK_PIN)}
        kiosk = make_kiosk(team_id=team, language="en", **given, by=None, at=clock.now())
        return make_code(kiosk, key=app.config["SECRET_KEY"], by=None, at=clock.now())


def pair(page: Page, address: str, code: str) -> None:
    """As staff do it: by the form on the tablet."""
    page.goto(f"{address}/kiosk/")
    page.get_by_label("Pairing code").fill(code)
    page.get_by_role("button", name="Pair").click()
    page.locator("main[data-kiosk]").wait_for()


def share(page: Page, address: str, app: Flask) -> None:
    """Make the browser a terminal of its own at the tills."""
    with app.app_context(), transaction():
        team = the_team("Nairobi Central tills")["id"]
        terminal = make_terminal(name="Till 4", team_id=team, by=None, at=clock.now())
        code = make_terminal_code(terminal, key=app.config["SECRET_KEY"], by=None, at=clock.now())
    page.goto(f"{address}/terminal")
    page.get_by_label("Pairing code").fill(code)
    page.get_by_role("button", name="Pair").click()
    page.get_by_role("heading", name="Welcome. Tap your name.").wait_for()


def tap_in(page: Page) -> None:
    """As Amina does it on a shared terminal; the next look is at her own feedback."""
    page.get_by_label("Amina O.").check()
    page.get_by_label("Your PIN").fill(TERMINAL_PIN)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_text("You’re on a shared terminal.").wait_for()


def come_in(app: Flask, page: Page, address: str, who: str | None) -> None:
    """As one of the cast, as a kiosk, or as nobody."""
    if who == TABLET:
        pair(page, address, a_kiosk_code(app))
    elif who == TILL:
        share(page, address, app)
    elif who is not None:
        sign_in(page, address, STAFF_NUMBERS[who], PASSWORD)


def the_demos_kiosk() -> dict[str, int]:
    return {"id": db.session.scalars(select(Kiosk.id).order_by(Kiosk.id).limit(1)).one()}


def the_demos_terminal() -> dict[str, int]:
    return {"id": db.session.scalars(select(SharedTerminal.id).order_by(SharedTerminal.id).limit(1)).one()}


def the_demos_door() -> dict[str, int]:
    return {"id": db.session.scalars(select(Door.id).order_by(Door.id).limit(1)).one()}


def a_delivery(state: str) -> dict[str, int]:
    found = select(Delivery.id).where(Delivery.state == state).order_by(Delivery.id)
    return {"id": db.session.scalars(found.limit(1)).one()}


def make_a_door(kind: str) -> Callable[[Page], None]:
    def made(page: Page) -> None:
        page.get_by_label("Who sends?").select_option(value=kind)
        page.get_by_label("Name", exact=True).fill(f"{kind} {next(_drafts)}")
        press("Make the door")(page)

    return made


def a_whole_course() -> dict[str, int]:
    """A published one of the tills with every kind of lesson, made once."""
    found = db.session.scalar(select(CourseVersion.course_id).where(CourseVersion.title == COURSE["title"]))
    if found is not None:
        return {"id": found}
    with tempfile.TemporaryDirectory() as folder, transaction():
        (Path(folder) / "files").mkdir()
        (Path(folder) / "files" / "desk.png").write_bytes(DESK)
        (Path(folder) / "lessons").mkdir()
        (Path(folder) / "lessons" / "read.md").write_text(LESSON, encoding="utf-8")
        (Path(folder) / "course.json").write_text(json.dumps(COURSE), encoding="utf-8")
        by, team = person("brian")["id"], the_team("Nairobi Central tills")["id"]
        draft = read_folder(Path(folder), team_id=team, by=by, at=clock.now())
        publish_version(draft, reopens=False, days=None, words=None, by=by, at=clock.now())
        finished = {"score": 100, "by": by, "at": clock.now(), "day": clock.now().date()}
        complete(person("kevin")["id"], draft, **finished)
    return {"id": draft.course_id}


def its_draft() -> dict[str, int]:
    """The same being changed."""
    found = a_whole_course()
    with transaction():
        begin_course_draft(db.session.get_one(Course, found["id"]), by=person("brian")["id"], at=clock.now())
    return found


def an_empty_draft() -> dict[str, int]:
    with transaction():
        values = {"title": "Opening the store", "summary": "", "content": {"lessons": []}}
        draft = begin_course(values, team_id=None, by=person("chloe")["id"], at=clock.now())
        return {"id": draft.course_id}


def a_lesson(key: str) -> Callable[[], dict[str, Any]]:
    return lambda: {**its_draft(), "key": key}


def a_new_question(kind: str) -> Callable[[], dict[str, Any]]:
    return lambda: {**its_draft(), "key": "check", "kind": kind}


def touch(label: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("button", name=label, exact=True).click()


def set_up_a_terminal(page: Page) -> None:
    page.get_by_label("Name of the terminal").fill("Till 3")
    page.get_by_label("Team", exact=True).select_option(index=1)
    press("Make the code")(page)


def set_up_a_kiosk(page: Page) -> None:
    page.get_by_label("Place", exact=True).fill("Till 3")
    page.get_by_label("Team", exact=True).select_option(index=1)
    page.get_by_label("PIN to leave").fill("2580")
    press("Make the code")(page)


def leave_the_kiosk(page: Page) -> None:
    """As it is after the PIN; the next look at it starts it again."""
    page.get_by_label("PIN").fill(KIOSK_PIN)
    press("Leave")(page)


def choose_a_face(label: str) -> Callable[[Page], None]:
    """What a face opens: feelings, reasons, words."""
    return lambda page: page.get_by_role("radio", name=label, exact=True).check()


def answer(page: Page) -> None:
    choose_a_face("Very good")(page)
    press("Send")(page)


def answer_in_french(page: Page) -> None:
    choose_a_face("Moyen")(page)
    page.get_by_label("La rapidité").check()
    page.get_by_label("Souhaitez-vous ajouter quelque chose").fill("Un peu long")
    press("Envoyer")(page)


def make_link_for_amina(page: Page) -> None:
    page.get_by_label("Who served the customer").select_option(label="Amina Otieno")
    press("Make the link")(page)


def make_a_token(page: Page) -> None:
    page.get_by_label("What is it for?").fill("Tills of Nairobi Central")
    page.get_by_label("Bring in ratings").check()
    press("Make the token")(page)


def the_demos_webhook() -> dict[str, int]:
    return {"id": db.session.scalars(select(HookSubscription.id).order_by(HookSubscription.id).limit(1)).one()}


def make_a_webhook(page: Page) -> None:
    page.get_by_label("What is it for?").fill("Team chat")
    page.get_by_label("Address to send to").fill("https://chat.zawadora.example/hook")
    page.get_by_label("Many customers at one kiosk are unhappy").check()
    press("Make the webhook")(page)


def open_a_reply(page: Page) -> None:
    page.fill("#code", pulse_plans.CODE)
    page.get_by_role("button", name="Look").click()
    page.wait_for_load_state()


def press(label: str) -> Callable[[Page], None]:
    """Press a button of the page, and see what comes of it."""

    def pressed(page: Page) -> None:
        page.locator("main").get_by_role("button", name=label).first.click()
        page.wait_for_load_state()

    return pressed


def set_no_cadence(page: Page) -> None:
    page.get_by_label("Smallest group shown").select_option("10")
    press("Save")(page)


def let_rounds_come(page: Page) -> None:
    page.get_by_label("Yes", exact=True).check()
    press("Save")(page)


def close_too_early(page: Page) -> None:
    page.get_by_label("Closes").fill(page.get_by_label("Opens").input_value())
    press("Save for later")(page)


def ask_for_a_second_look(page: Page) -> None:
    if page.get_by_role("button", name="Ask for a second look").count():
        page.get_by_text("It’s about something I can’t change").check()
        page.get_by_label("What happened?").fill("Two tills were open at lunch. I was covering till 2.")
        press("Ask for a second look")(page)


def wrong_side(page: Page) -> None:
    page.get_by_label("My side of the story").fill("")
    press("Save my side")(page)


def a_course_taught(title: str) -> int:
    """Of that title, written by Chloe; made once."""
    of_title = select(CourseVersion.course_id).where(CourseVersion.title == title)
    return db.session.scalar(of_title) or a_course(title=title, by=person("chloe")["id"], at=clock.now()).course_id


def a_rollout() -> dict[str, int]:
    """Of a course of its own, over six teams of the demo; its first turn comes next Monday."""
    today = clock.local_day(clock.now(), "Africa/Nairobi")
    with transaction():
        course = a_course_taught("Calm when the queue is long")
        found = select(TrainingRollout.id).join(TrainingRule).where(TrainingRule.course_id == course)
        if id := db.session.scalar(found):
            return {"id": id}
        teams = frozenset(team.id for team in teams_to_draw(today)[:6])
        monday = today + timedelta(days=7 - today.weekday())
        plan = Plan(course, teams, waves=6, weeks_apart=4, first_on=monday, days=21)
        by = person("chloe")["id"]
        return {"id": begin_rollout(plan, seed=2_026, by=by, at=clock.now(), today=today).id}


def some_effects() -> dict[str, Any]:
    """One of each kind of finding."""
    days = ("2024-11-18", "2026-11-15")
    effects = {
        "Listening at the till": Figures(0.18, 0.048, 0.312, 7, True, 7, 5, 18_240, days, by_lot=True),
        "Saying no without a quarrel": Figures(0.02, -0.11, 0.15, 9, True, 9, 11, 20_117, days, by_lot=False),
        "Slips and receipts": Figures(0.3, -0.42, 1.02, 2, False, 2, 18, 20_117, days, by_lot=False),
    }
    with transaction():
        for title, figures in effects.items():
            row = {"course_id": a_course_taught(title), "week": clock.week_of(clock.now().date()) - 1}
            db.session.merge(TrainingEffect(**row, figures=asdict(figures)))
    return {}


def what_became_of_kevin() -> dict[str, int]:
    """Kevin’s case with figures of before and after, as a later week would find them."""
    case = case_of("kevin")
    week = clock.week_of(clock.now().date())
    figures = CaseFigures(
        week - 12, 8, 41, 3.6, 4.3, 0.12, 0.1, -0.7, -0.3, 38, 7, 0.9, -0.45, 0.35, 640, True, "early"
    )
    stored = {"figures": asdict(figures), "shared_figures": asdict(figures), "week": week - 1}
    with transaction():
        db.session.merge(CaseEffect(case_id=case["id"], shares_at=None, decided_on=None, **stored))
    return case


def what_coaching_does() -> dict[str, Any]:
    """HR’s page with a finding: more than a demo without an effect can show."""
    figures = CompanyFigures(
        "b", 0.21, 0.06, 0.36, True, 45, 3, 837, 10, 52, 4, 3, 8, 0.86, 0.78, 0.94, 0, ("2025-09-01", "2026-11-16")
    )
    with transaction():
        db.session.merge(
            CoachingEffect(
                week=clock.last_complete_week((clock.now() - timedelta(days=2)).date()), figures=asdict(figures)
            )
        )
    return {}


def plan_a_rollout(page: Page) -> None:
    page.get_by_label("Which course?").select_option(index=1)
    page.get_by_label("All teams beneath").select_option(index=1)
    page.get_by_label("Waves", exact=True).fill("2")
    press("Show the plan")(page)
    unfold(page)


def unfold(page: Page) -> None:
    """Open every <details> of the page itself, so that the forms in them are looked at too."""
    page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")


def run_of(name: str, **more: str) -> Arguments:
    """The newest course somebody goes through."""
    newest = select(CourseRun.id).order_by(CourseRun.id.desc()).limit(1)
    return lambda: {
        "id": db.session.scalars(newest.where(CourseRun.person_id == _id_of(STAFF_NUMBERS[name]))).one(),
        **more,
    }


def _demos_course(title: str) -> int:
    of_title = select(CourseVersion.course_id).where(CourseVersion.title == title)
    return db.session.scalars(of_title.order_by(CourseVersion.id).limit(1)).one()


def first_lesson_of_amina() -> dict[str, Any]:
    found = db.session.get_one(CourseRun, run_of("amina")()["id"])
    version = db.session.get_one(CourseVersion, found.version_id)
    return {"id": found.id, "lesson": Content(version.content).keys[0]}


def an_answer_in_words() -> dict[str, Any]:
    """Kevin has answered a check in his own words, which Brian has not read yet. Kept, so that the next look finds it too."""
    question = {
        "key": "words",
        "kind": "free",
        "text": "What do you say first?",
        "explanation": "A name and a next step.",
    }
    lesson = {"key": "check", "kind": "quiz", "title": "In your own words", "minutes": 3, "questions": [question]}
    kevin, at = _id_of(STAFF_NUMBERS["kevin"]), clock.now()
    if db.session.scalar(select(QuizAnswer.id).where(QuizAnswer.is_right.is_(None)).limit(1)):
        return {}
    with transaction():
        values = {"title": "In your own words", "summary": "You find words.", "content": {"lessons": [lesson]}}
        draft = begin_course(values, team_id=None, by=_id_of(STAFF_NUMBERS["chloe"]), at=at)
        publish_course(draft, reopens=False, by=_id_of(STAFF_NUMBERS["chloe"]), at=at)
        run = start_run(db.session.get_one(Course, draft.course_id), by=kevin, day=at.date(), at=at)
        check = Content(draft.content).lessons[0]
        attempt = start_attempt(run, check, at=at, chance=Random(1))
        words = {"words": "Good morning, I am Kevin. Show me the receipt and I will look with you."}
        answer_question(attempt, check.questions[0], words, is_sure=None, by=kevin, day=at.date(), at=at)
    return {}


def course_of(name: str) -> dict[str, int]:
    """The newest open assignment of somebody."""
    newest = select(Assignment.id).where(Assignment.ended_at.is_(None)).order_by(Assignment.id.desc()).limit(1)
    return {"id": db.session.scalars(newest.where(Assignment.person_id == _id_of(STAFF_NUMBERS[name]))).one()}


SIGHTS = (
    Sight("hr-pulse-rounds-none", "pulse_rounds.rounds", "chloe", "laptop"),
    Sight("hr-pulse-cadence", "pulse_rounds.cadence", "chloe", "laptop"),
    Sight("hr-pulse-cadence-wrong", "pulse_rounds.cadence", "chloe", "phone", first=set_no_cadence),
    Sight("hr-pulse-cadence-on", "pulse_rounds.cadence", "chloe", "laptop", first=let_rounds_come),
    Sight("hr-pulse-setup", "pulse_rounds.round_page", "chloe", "laptop", a_pulse_draft, first=unfold),
    Sight("hr-pulse-setup-wrong", "pulse_rounds.round_page", "chloe", "laptop", a_pulse_draft, first=close_too_early),
    Sight("hr-pulse-preview", "pulse_rounds.preview", "chloe", "phone", lambda: {**a_ready_draft(), "language": "sw"}),
    Sight(
        "hr-pulse-preview-missing",
        "pulse_rounds.preview",
        "chloe",
        "phone",
        lambda: {**a_pulse_draft(), "language": "fr"},
    ),
    Sight("hr-pulse-opening", "pulse_rounds.opening", "chloe", "laptop", a_ready_draft),
    Sight("hr-pulse-cancellation", "pulse_rounds.cancellation", "chloe", "laptop", a_ready_draft),
    Sight("hr-pulse-questions", "pulse_questions.questions", "chloe", "laptop", lambda: an_own_question() and {}),
    Sight("hr-pulse-questions-wrong", "pulse_questions.questions", "chloe", "phone", first=press("Write it")),
    Sight("hr-pulse-question", "pulse_questions.question", "chloe", "laptop", an_own_question),
    Sight("hr-pulse-round", "pulse_rounds.round_page", "chloe", "laptop", the_open_round),
    Sight("hr-pulse-closing", "pulse_rounds.closing", "chloe", "laptop", the_open_round),
    Sight(
        "hr-pulse-slips", "pulse_rounds.round_page", "chloe", "laptop", the_open_round, first=press("Make the slips")
    ),
    Sight(
        "hr-pulse-lost",
        "pulse_rounds.round_page",
        "chloe",
        "laptop",
        lambda: a_past_round("lost", invited=84, answered=40),
    ),
    Sight("hr-pulse-closed", "pulse_rounds.round_page", "chloe", "laptop", pulse_results),
    Sight("hr-pulse-rounds", "pulse_rounds.rounds", "chloe", "laptop"),
    Sight("hr-pulse-results", "pulse_results.of_round", "chloe", "laptop", pulse_results),
    Sight("hr-pulse-results-latest", "pulse_results.latest", "chloe", "phone", lambda: pulse_results() and {}),
    Sight("hr-pulse-group", "pulse_results.group", "chloe", "laptop", lambda: pulse_group("Nairobi Central tills")),
    Sight("hr-pulse-company", "pulse_results.group", "chloe", "laptop", lambda: pulse_group(None), first=unfold),
    Sight("hr-pulse-paper", "pulse_results.paper", "chloe", "laptop", pulse_results),
    Sight("mg-pulse-results", "pulse_results.of_round", "brian", "laptop", pulse_results),
    Sight("fe-pulse-results", "pulse_results.of_round", "amina", "phone", pulse_results),
    Sight("fe-pulse-group", "pulse_results.group", "amina", "phone", lambda: pulse_group("Nairobi Central tills")),
    Sight("fe-pulse-find-me", "pulse_results.find_me", "amina", "phone", pulse_results, first=unfold),
    Sight("hr-rollouts", "training.rollouts", "chloe", "laptop", lambda: a_rollout() and {}),
    Sight("hr-rollout-new", "training.new_rollout", "chloe", "laptop", lambda: a_rollout() and {}, first=unfold),
    Sight("hr-rollout-plan", "training.new_rollout", "chloe", "laptop", some_effects, first=plan_a_rollout),
    Sight("hr-rollout", "training.rollout", "chloe", "laptop", a_rollout, first=unfold),
    Sight("hr-effects", "training.effects", "chloe", "laptop", some_effects),
    Sight("mg-complaints", "recovery.cases", "brian", "laptop"),
    Sight("fe-complaints", "recovery.cases", "kevin", "phone"),
    Sight("mg-complaint", "recovery.case", "brian", "laptop", a_complaint, first=unfold),
    Sight("mg-complaint-wrong", "recovery.case", "brian", "phone", a_complaint, first=press("Write it down")),
    Sight("mg-complaint-closed", "recovery.case", "brian", "phone", a_closed_complaint),
    Sight("mg-complaints-closed", "recovery.closed", "brian", "laptop"),
    Sight("mg-put-right", "recovery.put_right", "brian", "phone"),
    Sight("mg-complaints-report", "recovery.report", "brian", "laptop"),
    Sight("mg-complaints-owners", "complaint_owners.teams", "brian", "laptop"),
    Sight(
        "mg-complaints-owners-of",
        "complaint_owners.of_team",
        "brian",
        "phone",
        lambda: the_team("Nairobi Central tills"),
    ),
    Sight("hr-complaints-owners", "complaint_owners.of_company", "chloe", "laptop"),
    Sight("mg-giving-limits", "giving_limits.limits", "brian", "laptop"),
    Sight("fe-giving-limits", "giving_limits.limits", "kevin", "phone"),
    Sight("hr-giving-limits", "giving_limits.limits", "chloe", "laptop"),
    Sight("hr-giving-company", "giving_limits.of_company", "chloe", "laptop"),
    Sight("mg-giving-team", "giving_limits.of_team", "brian", "phone", lambda: the_team("Nairobi Central tills")),
    Sight("hr-giving-team", "giving_limits.of_team", "chloe", "phone", lambda: the_team("Nairobi Central tills")),
    Sight("mg-complaints-replies", "replies.replies", "brian", "phone"),
    Sight("hr-complaints-reply-new", "replies.new_reply", "chloe", "laptop", first=press("Save")),
    Sight("mg-complaints-reply", "replies.edit_reply", "brian", "phone", a_reply),
    Sight("mg-complaint-public", "recovery.case", "brian", "laptop", a_public_complaint, first=unfold),
    Sight("hr-complaints-report", "recovery.report", "chloe", "laptop"),
    Sight("sign-in", "access.sign_in", None, "phone"),
    Sight("sign-in-wrong", "access.sign_in", None, "phone", first=press("Sign in")),
    Sight("forgotten", "access.forgotten", None, "phone"),
    Sight("slip", "access.slip", None, "phone"),
    Sight("welcome", "access.welcome", None, "phone", an_invitation),
    Sight("link-over", "access.welcome", None, "phone", lambda: {"token": "spent"}),
    Sight("cu-rate-start", "intake.rate", None, "phone", a_customers_link),
    Sight("cu-rate", "intake.rate", None, "phone", a_customers_link, first=choose_a_face("Good")),
    Sight("cu-rate-low", "intake.rate", None, "phone", a_customers_link, first=choose_a_face("Bad")),
    Sight("cu-thanks", "intake.rate", None, "phone", a_customers_link, first=answer),
    Sight("cu-no-more", "intake.no_more", None, "phone", a_mailed_link),
    Sight("cu-no-more-done", "intake.no_more", None, "phone", a_mailed_link, first=press("Please don’t ask me again")),
    Sight("cu-no-more-sw", "intake.no_more", None, "phone", lambda: {**a_mailed_link(), "language": "sw"}),
    Sight("cu-one-click", "intake.one_click_page", None, "phone", a_mailed_link),
    Sight("cu-unknown", "intake.rate", None, "phone", lambda: {"token": "unknown"}),
    Sight("cu-certificate", "verification.verify", None, "phone", number_of(AMINA, FIRE)),
    Sight("cu-certificate-fr", "verification.verify", None, "phone", number_of(AMINA, FIRE, language="fr")),
    Sight(
        "cu-certificate-replaced-sw",
        "verification.verify",
        None,
        "phone",
        number_of(AMINA, FIRE, newest=False, language="sw"),
    ),
    Sight("cu-certificate-ended", "verification.verify", None, "phone", number_of(KEVIN, FIRE)),
    Sight("cu-certificate-asking", "verification.asking", None, "phone"),
    Sight("cu-certificate-unknown", "verification.verify", None, "phone", lambda: {"number": "nothing"}),
    Sight("cu-kiosk", "intake.kiosk", TABLET, "tablet"),
    Sight("cu-kiosk-who", "intake.kiosk", TABLET, "tablet", first=touch("Good")),
    Sight("cu-kiosk-thanks", "intake.kiosk_thanks", TABLET, "tablet"),
    Sight("cu-kiosk-sw", "intake.kiosk", TABLET, "tablet", lambda: {"language": "sw"}),
    Sight("cu-kiosk-fr", "intake.kiosk", TABLET, "tablet", lambda: {"language": "fr"}),
    Sight("cu-kiosk-who-sw", "intake.kiosk", TABLET, "tablet", lambda: {"language": "sw"}, first=touch("Nzuri")),
    Sight("cu-kiosk-who-fr", "intake.kiosk", TABLET, "tablet", lambda: {"language": "fr"}, first=touch("Bien")),
    Sight("cu-kiosk-leave", "intake.leave_kiosk", TABLET, "tablet"),
    Sight("cu-kiosk-pin-wrong", "intake.leave_kiosk", TABLET, "tablet", first=press("Leave")),
    Sight("cu-kiosk-left", "intake.leave_kiosk", TABLET, "tablet", first=leave_the_kiosk),
    Sight("cu-kiosk-pairing", "intake.kiosk", None, "tablet"),
    Sight("cu-kiosk-pairing-wrong", "intake.kiosk", None, "tablet", first=press("Pair")),
    Sight("cu-rate-sw", "intake.rate", None, "phone", lambda: in_language("sw"), first=choose_a_face("Nzuri")),
    Sight("cu-rate-fr", "intake.rate", None, "phone", lambda: in_language("fr"), first=choose_a_face("Mal")),
    Sight("cu-thanks-fr", "intake.rate", None, "phone", lambda: in_language("fr"), first=answer_in_french),
    Sight("cu-unknown-sw", "intake.rate", None, "phone", lambda: {"token": "unknown", "language": "sw"}),
    Sight("cu-error-fr", "", None, "phone", path="/nothing-here?language=fr"),
    Sight("error", "", "kevin", "phone", path="/nothing-here"),
    Sight("fe-feedback", "home.my_feedback", "amina", "phone"),
    Sight("fe-feedback-fallen", "home.my_feedback", "kevin", "phone"),
    Sight("fe-feedback-manager", "home.my_feedback", "brian", "phone"),
    Sight("fe-ratings", "home.my_ratings", "amina", "phone"),
    Sight("fe-ratings-by-driver", "home.my_ratings", "kevin", "phone", lambda: {"driver": "speed"}),
    Sight("fe-ratings-nothing", "home.my_ratings", "amina", "phone", lambda: {"driver": "nothing"}),
    Sight("fe-own-rating", "own.rating", "kevin", "phone", lambda: unhappy_rating_of("kevin")),
    Sight("fe-own-rating-wrong", "own.rating", "amina", "phone", lambda: unhappy_rating_of("amina"), first=wrong_side),
    Sight("fe-own-talk", "own.talk", "kevin", "phone"),
    Sight("fe-own-talk-none", "own.talk", "dora", "phone", first=press("Keep this point")),
    Sight("fe-own-file", "own.file", "amina", "phone"),
    Sight(
        "fe-contest", "disputes.asking", "amina", "phone", lambda: unhappy_rating_of("amina"), first=press("Ask for")
    ),
    Sight(
        "fe-contested",
        "disputes.asking",
        "kevin",
        "phone",
        lambda: unhappy_rating_of("kevin"),
        first=ask_for_a_second_look,
    ),
    Sight("fe-obstacle", "obstacles.about_rating", "amina", "phone", lambda: unhappy_rating_of("amina")),
    Sight(
        "fe-obstacle-wrong",
        "obstacles.about_rating",
        "amina",
        "phone",
        lambda: unhappy_rating_of("amina"),
        first=press("Save it"),
    ),
    Sight("fe-obstacles", "obstacles.board", "amina", "phone"),
    Sight(
        "fe-obstacle-answered", "obstacles.cause", "amina", "phone", the_obstacle("Shelf labels show last week’s price")
    ),
    Sight("mg-obstacles", "obstacles.board", "brian", "laptop"),
    Sight("mg-obstacle", "obstacles.cause", "brian", "laptop", the_obstacle("Two tills open at noon"), first=unfold),
    Sight("hr-obstacles", "obstacles.board", "chloe", "laptop"),
    Sight("hr-obstacle", "obstacles.cause", "chloe", "laptop", the_obstacle("Returns need a receipt"), first=unfold),
    Sight("hr-obstacle-few", "obstacles.cause", "chloe", "laptop", the_obstacle("No spare parts for kettles")),
    Sight("fe-second-looks", "disputes.disputes", "kevin", "phone"),
    Sight("fe-credit", "credits.ledger", "amina", "phone", the_handed_on_rating),
    Sight("fe-helped", "credits.helped", "amina", "phone"),
    Sight("fe-helped-none", "credits.helped", "kevin", "phone"),
    Sight("fe-posts", "posts.my_posts", "amina", "phone"),
    Sight("mg-credit", "credits.ledger", "brian", "laptop", the_handed_on_rating),
    Sight("mg-posts", "posts.posts", "brian", "laptop"),
    Sight("mg-posts-none", "posts.posts", "dora", "laptop"),
    Sight("mg-posts-wrong", "posts.posts", "brian", "laptop", first=press("Add")),
    Sight("mg-post-removal", "posts.removing", "brian", "laptop", a_shift_of_amina),
    Sight("hr-posts", "posts.posts", "chloe", "laptop", lambda: {"team": the_team("Nairobi Central tills")["id"]}),
    Sight("hr-posts-import", "shift_import.choose", "chloe", "laptop"),
    Sight("hr-posts-import-check", "shift_import.check", "chloe", "laptop", a_shifts_file),
    Sight("hr-posts-import-saved", "shift_import.check", "chloe", "laptop", a_shifts_file, first=press("Save")),
    Sight("mg-invitations", "invitations.invitations", "brian", "laptop"),
    Sight("mg-invitations-none", "invitations.invitations", "dora", "phone"),
    Sight("ad-customers", "intake.choose_customers", "ruth", "laptop"),
    Sight("ad-customers-wrong", "intake.choose_customers", "ruth", "phone", first=press("Plan to ask them")),
    Sight("hr-set-aside", "intake.set_aside_votes", "chloe", "laptop"),
    Sight("fe-public-reviews", "reviews.own", "amina", "phone"),
    Sight("fe-public-reviews-none", "reviews.own", "kevin", "phone"),
    Sight("mg-public-reviews", "reviews.reviews", "brian", "laptop"),
    Sight("mg-public-reviews-none", "reviews.reviews", "dora", "laptop"),
    Sight("mg-public-review-late", "reviews.review", "brian", "phone", a_review("Charged twice"), first=unfold),
    Sight("mg-public-review-done", "reviews.review", "brian", "phone", a_review("Amina found")),
    Sight(
        "mg-public-review-wrong",
        "reviews.review",
        "brian",
        "phone",
        a_review("Charged"),
        first=press("Note the answer"),
    ),
    Sight("fe-public-review", "reviews.review", "amina", "phone", a_review("Amina found")),
    Sight("hr-public-reviews", "reviews.reviews", "chloe", "laptop"),
    Sight("hr-public-reviews-tray", "reviews.tray", "chloe", "laptop"),
    Sight("hr-public-review-no-team", "reviews.review", "chloe", "phone", a_review("The guard")),
    Sight("hr-feeds", "feeds.feeds", "chloe", "laptop"),
    Sight("hr-feed", "feeds.edit_feed", "chloe", "laptop", a_feed),
    Sight("ad-feed-new-wrong", "feeds.new_feed", "ruth", "laptop", first=press("Save")),
    Sight("ad-feed-new", "feeds.new_feed", "ruth", "laptop"),
    Sight("ad-public-reviews-file", "review_import.choose", "ruth", "laptop"),
    Sight("ad-public-reviews-check", "review_import.check", "ruth", "laptop", a_reviews_file),
    Sight("hr-samples", "home.samples", "chloe", "laptop"),
    Sight("hr-second-looks", "disputes.disputes", "chloe", "laptop"),
    Sight("hr-second-look", "disputes.dispute", "chloe", "phone", open_dispute, first=unfold),
    Sight("mg-second-look", "disputes.dispute", "brian", "phone", open_dispute),
    Sight("fe-wall", "recognition.wall", "amina", "phone"),
    Sight("fe-wall-none", "recognition.wall", "chloe", "phone"),
    Sight("mg-wall", "recognition.wall", "brian", "laptop"),
    Sight("fe-stories", "recognition.stories", "amina", "phone"),
    Sight("fe-thanks-own", "recognition.own", "kevin", "phone"),
    Sight("fe-thanks-given", "recognition.own", "amina", "phone", lambda: {"show": "given"}),
    Sight("fe-thanks-given-none", "recognition.own", "ruth", "phone", lambda: {"show": "given"}),
    Sight("fe-thanks-who", "recognition.new_kudos", "amina", "phone", lambda: {"q": "kariuki", "step": "find"}),
    Sight("fe-thanks-nobody", "recognition.new_kudos", "amina", "phone", first=press("Go on")),
    Sight("fe-thanks-new", "recognition.new_kudos", "amina", "phone", lambda: thank_them("kevin")),
    Sight(
        "fe-thanks-wrong",
        "recognition.new_kudos",
        "amina",
        "phone",
        lambda: thank_them("kevin"),
        first=press("Send thanks"),
    ),
    Sight("fe-thanks", "recognition.thanks", "kevin", "phone", lambda: good_word("kudos", "kevin")),
    Sight("fe-praise", "recognition.thanks", "amina", "phone", lambda: good_word("praise", "amina")),
    Sight("fe-story-asked", "recognition.thanks", "kevin", "phone", lambda: good_word("story", "kevin")),
    Sight("fe-story-words", "recognition.story_words", "amina", "phone", a_story_of_amina),
    Sight("fe-story-who", "recognition.new_story", "amina", "phone"),
    Sight("fe-story-new", "recognition.new_story", "amina", "phone", lambda: thank_them("kevin")),
    Sight("mg-thanks", "recognition.thanks", "brian", "laptop", lambda: good_word("praise", "amina"), first=unfold),
    Sight("fe-interviews", "interviews.own", "amina", "phone"),
    Sight("fe-interviews-none", "interviews.own", "dora", "phone"),
    Sight(
        "fe-interview-own",
        "interviews.encounter",
        "amina",
        "phone",
        lambda: noted("amina", "interview", by_oneself=True),
    ),
    Sight("fe-observation", "interviews.encounter", "kevin", "phone", lambda: noted("kevin", "observation")),
    Sight("mg-interviews", "interviews.of_person", "brian", "laptop", lambda: person("kevin")),
    Sight("mg-interview-first", "interviews.new_interview", "brian", "phone"),
    Sight(
        "mg-interview-new",
        "interviews.new_interview",
        "brian",
        "phone",
        lambda: form_about("kevin"),
        first=choose_a_face("Bad"),
    ),
    Sight(
        "mg-interview-wrong",
        "interviews.new_interview",
        "brian",
        "phone",
        lambda: form_about("kevin"),
        first=press("Save"),
    ),
    Sight("mg-interview", "interviews.encounter", "brian", "phone", lambda: noted("kevin", "interview")),
    Sight("mg-observation-first", "interviews.new_observation", "brian", "phone"),
    Sight("mg-observation-new", "interviews.new_observation", "brian", "phone", lambda: form_about("kevin")),
    Sight(
        "mg-observation-wrong",
        "interviews.new_observation",
        "brian",
        "phone",
        lambda: form_about("kevin"),
        first=press("Save"),
    ),
    Sight("mg-observation-correct", "interviews.correcting", "brian", "phone", observed_just_now),
    Sight("mg-observation-corrected", "interviews.correcting", "brian", "phone", observed_just_now, first=put_it_right),
    Sight("hr-observations", "interviews.groups", "chloe", "laptop"),
    Sight("fe-training", "training.training", "amina", "phone", first=unfold),
    Sight("fe-training-none", "training.training", "ruth", "phone"),
    Sight("fe-run", "training.run", "amina", "phone", run_of("amina", lesson="nowhere")),
    Sight("fe-run-lesson", "training.run", "amina", "laptop", first_lesson_of_amina, first=unfold),
    Sight("fe-repeat", "training.repeats", "amina", "phone"),
    Sight("fe-repeat-wrong", "training.repeats", "amina", "phone", first=press("Answer")),
    Sight("fe-repeat-none", "training.repeats", "kevin", "phone"),
    Sight("mg-assign", "training.assign", "brian", "laptop"),
    Sight(
        "mg-assign-from",
        "training.assign",
        "brian",
        "phone",
        lambda: {"driver": "speed", "person": person("kevin")["id"]},
    ),
    Sight("mg-assign-wrong", "training.assign", "brian", "phone", first=press("Assign")),
    Sight("hr-assign", "training.assign", "chloe", "laptop"),
    Sight("mg-training", "training.team", "brian", "laptop"),
    Sight("hr-training", "training.team", "chloe", "phone"),
    Sight("mg-assignment", "training.assignment", "brian", "phone", lambda: course_of("kevin")),
    Sight(
        "mg-assignment-wrong",
        "training.assignment",
        "brian",
        "laptop",
        lambda: course_of("kevin"),
        first=press("Waive it"),
    ),
    Sight("hr-course-learned", "training.learned", "chloe", "laptop", lambda: {"id": _demos_course("Listening first")}),
    Sight("mg-results", "training.results", "brian", "phone", run_of("amina")),
    Sight("mg-marking", "training.marking", "brian", "phone", an_answer_in_words),
    Sight("mg-marking-none", "training.marking", "dora", "phone"),
    Sight("mg-rules-none", "training.rules", "brian", "phone"),
    Sight("hr-rules", "training.rules", "chloe", "laptop"),
    Sight("mg-rule-wrong", "training.new_rule", "brian", "phone", first=press("Make the rule")),
    Sight("fe-certificate", "certificates.certificate", "amina", "phone", certificate_of(AMINA, LIFTING)),
    Sight("fe-certificate-renew", "certificates.certificate", "amina", "phone", certificate_of(AMINA, FIRE)),
    Sight("fe-certificate-lapsed", "certificates.certificate", "kevin", "phone", certificate_of(KEVIN, FIRE)),
    Sight("fe-certificates", "certificates.of_person", "amina", "phone", certified(lambda: person("amina"))),
    Sight("fe-certificates-none", "certificates.of_person", "ruth", "phone", lambda: person("ruth")),
    Sight("mg-certificates", "certificates.matrix", "brian", "laptop", certified()),
    Sight("mg-certificates-forecast", "certificates.forecast", "brian", "laptop", certified()),
    Sight("mg-certificates-of", "certificates.of_person", "brian", "laptop", certified(lambda: person("kevin"))),
    Sight(
        "mg-certificates-wrong",
        "certificates.of_person",
        "brian",
        "phone",
        certified(lambda: person("kevin")),
        first=press("Note it"),
    ),
    Sight("hr-certificates", "certificates.matrix", "chloe", "laptop", certified()),
    Sight(
        "hr-certificates-team",
        "certificates.matrix",
        "chloe",
        "laptop",
        certified(lambda: {"team": the_team("Nairobi Central tills")["id"]}),
    ),
    Sight("hr-course-begin", "courses.new_course", "chloe", "laptop", first=press("Begin")),
    Sight("mg-course-import", "courses.choose_import", "brian", "laptop", first=press("Bring it in")),
    Sight("hr-course-draft-empty", "courses.draft", "chloe", "laptop", an_empty_draft),
    Sight("hr-course-publication-faults", "publishing.publication", "chloe", "phone", an_empty_draft),
    Sight("fe-course", "courses.course", "amina", "phone", a_whole_course),
    Sight("mg-course", "courses.course", "brian", "laptop", a_whole_course),
    Sight("mg-course-draft", "courses.draft", "brian", "laptop", its_draft),
    Sight("mg-course-facts", "courses.edit_facts", "brian", "laptop", its_draft),
    Sight("mg-course-lesson", "courses.edit_lesson", "brian", "laptop", a_lesson("read"), first=unfold),
    Sight("mg-course-film", "courses.edit_lesson", "brian", "laptop", a_lesson("film")),
    Sight("mg-course-quiz", "courses.edit_lesson", "brian", "laptop", a_lesson("check")),
    Sight("mg-course-preview", "courses.preview", "brian", "phone", a_lesson("read")),
    Sight("mg-course-preview-quiz", "courses.preview", "brian", "phone", a_lesson("check")),
    Sight("mg-course-question", "courses.edit_question", "brian", "laptop", a_lesson("queue"), first=unfold),
    Sight("mg-course-question-new", "courses.new_question", "brian", "phone", a_new_question("order")),
    Sight(
        "mg-course-question-wrong",
        "courses.new_question",
        "brian",
        "phone",
        a_new_question("multiple"),
        first=press("Save"),
    ),
    Sight("mg-course-bank", "courses.bank", "brian", "laptop", a_lesson("check")),
    Sight("mg-course-files", "courses.list_files", "brian", "laptop", its_draft),
    Sight("mg-course-publication", "publishing.publication", "brian", "laptop", its_draft),
    Sight("fe-courses", "courses.catalogue", "amina", "phone"),
    Sight("mg-courses", "courses.catalogue", "brian", "laptop"),
    Sight("fe-pulse", "pulse_answers.pulse", "amina", "phone", in_a_round()),
    Sight("fe-pulse-sw", "pulse_answers.pulse", "amina", "phone", in_a_round(language="sw")),
    Sight("fe-pulse-told", "pulse_answers.pulse", "amina", "phone", pulse_plans.plans),
    Sight("fe-pulse-answered", "pulse_answers.pulse", "kevin", "phone", answered),
    Sight("mg-pulse", "pulse_answers.pulse", "brian", "laptop", in_a_round()),
    Sight("fe-pulse-ask", "pulse_answers.begin", "amina", "phone", in_a_round()),
    Sight("fe-pulse-ask-wrong", "pulse_answers.begin", "amina", "phone", in_a_round(), first=press("Next")),
    Sight("fe-pulse-last", "pulse_answers.begin", "amina", "phone", in_a_round(), first=to_the_last),
    Sight("fe-pulse-ask-fr", "pulse_answers.begin", "amina", "phone", in_a_round(language="fr")),
    Sight("fe-pulse-code", "pulse_slips.enter", None, "phone", in_a_round()),
    Sight("fe-pulse-code-wrong", "pulse_slips.enter", None, "phone", in_a_round(), first=press("Start")),
    Sight("fe-pulse-thanks", "pulse_slips.enter", None, "phone", a_slip_in_hand, first=use_it),
    Sight("fe-explained", "home.explained", "amina", "phone"),
    Sight("fe-explained-fallen", "home.explained", "kevin", "phone"),
    Sight("fe-package", "scorm.package", "amina", "phone", a_package, first=wait_for_package),
    Sight("fe-talk", "coaching.case", "kevin", "phone", lambda: case_of("kevin"), first=unfold),
    Sight("fe-talks", "coaching.mine", "kevin", "phone"),
    Sight("fe-talks-none", "coaching.mine", "amina", "phone"),
    Sight("fe-account", "access.account", "amina", "phone"),
    Sight("inbox", "notifications.inbox", "kevin", "phone"),
    Sight("inbox-manager", "notifications.inbox", "brian", "phone"),
    Sight("mg-board", "home.board", "brian", "laptop"),
    Sight("mg-feedback", "home.person_feedback", "brian", "laptop", lambda: person("kevin")),
    Sight("mg-feedback-fine", "home.person_feedback", "brian", "laptop", lambda: person("amina")),
    Sight("mg-ratings", "home.person_ratings", "brian", "laptop", lambda: person("kevin")),
    Sight("mg-talks", "coaching.cases", "brian", "laptop"),
    Sight("fe-talk-feedback", "coach_feedback.asking", "kevin", "phone", talk_asked_about),
    Sight("fe-talk-feedback-wrong", "coach_feedback.asking", "kevin", "phone", talk_asked_about, first=press("Send")),
    Sight("mg-talk-feedback-none", "coach_feedback.batches", "dora", "laptop"),
    Sight("mg-talk-feedback", "coach_feedback.batches", "brian", "laptop", closed_batches),
    Sight("hr-coaching-quality-none", "coach_feedback.quality", "chloe", "laptop"),
    Sight("hr-coaching-quality", "coach_feedback.quality", "chloe", "laptop", twenty_coached),
    Sight("mg-coaching", "coaching.case", "brian", "laptop", lambda: case_of("kevin")),
    Sight("fe-coaching-effect", "coaching.case", "kevin", "phone", what_became_of_kevin),
    Sight("mg-coaching-effect", "coaching.case", "brian", "laptop", what_became_of_kevin),
    Sight("hr-coaching-effect", "coaching_effect.effect", "chloe", "laptop", what_coaching_does),
    Sight("hr-coaching-turns", "coaching_effect.turns", "chloe", "laptop"),
    Sight("hr-waiting-none", "coaching_clock.waiting", "chloe", "laptop"),
    Sight("hr-waiting", "coaching_clock.waiting", "chloe", "laptop", a_waiting_talk),
    Sight("hr-waiting-phone", "coaching_clock.waiting", "chloe", "phone", a_waiting_talk),
    Sight("mg-team", "organisation.team", "brian", "laptop", lambda: the_team("Nairobi Central tills"), first=unfold),
    Sight("mg-coaching-phone", "coaching.case", "brian", "phone", lambda: case_of("kevin"), first=unfold),
    Sight("mg-coaching-open", "coaching.case", "brian", "laptop", lambda: case_of("kevin"), first=unfold),
    Sight("mg-link", "intake.new_link", "brian", "laptop"),
    Sight("mg-link-made", "intake.new_link", "brian", "laptop", first=make_link_for_amina),
    Sight("mg-kiosks", "intake.kiosks", "brian", "laptop"),
    Sight("mg-kiosk-new", "intake.new_kiosk", "brian", "laptop"),
    Sight("mg-kiosk-new-wrong", "intake.new_kiosk", "brian", "laptop", first=press("Make the code")),
    Sight("mg-kiosk-code", "intake.new_kiosk", "brian", "laptop", first=set_up_a_kiosk),
    Sight("mg-kiosk-edit", "intake.edit_kiosk", "brian", "laptop", the_demos_kiosk),
    Sight("mg-kiosks-none", "intake.kiosks", "dora", "laptop"),
    Sight("ad-kiosks", "intake.kiosks", "ruth", "laptop"),
    Sight("mg-terminals", "access.terminals", "brian", "laptop"),
    Sight("mg-terminals-none", "access.terminals", "dora", "phone"),
    Sight("mg-terminal-new", "access.new_terminal", "brian", "phone"),
    Sight("mg-terminal-new-wrong", "access.new_terminal", "brian", "phone", first=press("Make the code")),
    Sight("mg-terminal-name", "access.name_terminal", "brian", "phone", the_demos_terminal),
    Sight("mg-terminal-code", "access.new_terminal", "brian", "laptop", first=set_up_a_terminal),
    Sight("terminal-pairing", "access.terminal", None, "tablet"),
    Sight("terminal", "access.terminal", TILL, "tablet"),
    Sight("terminal-phone", "access.terminal", TILL, "phone"),
    Sight("terminal-wrong", "access.terminal", TILL, "phone", first=press("Sign in")),
    Sight("terminal-in", "access.terminal", TILL, "tablet", first=tap_in),
    Sight("fe-pin", "access.pin", "amina", "phone"),
    Sight("fe-pin-wrong", "access.pin", "amina", "phone", first=press("Save the PIN")),
    Sight("fe-choices", "choices.choices", "amina", "phone"),
    Sight("fe-choices-wide", "choices.choices", "brian", "laptop"),
    Sight("people", "organisation.people", "amina", "laptop"),
    Sight("person", "organisation.person", "brian", "laptop", lambda: person("kevin")),
    Sight("person-own", "organisation.person", "kevin", "laptop", lambda: person("kevin")),
    Sight("teams", "organisation.teams", "amina", "laptop"),
    Sight("team", "organisation.team", "amina", "laptop", lambda: the_team("Nairobi Central tills")),
    Sight("hr-people", "organisation.people", "chloe", "laptop"),
    Sight("hr-person", "organisation.person", "chloe", "laptop", lambda: person("kevin"), first=unfold),
    Sight("hr-person-edit", "organisation.edit_person", "chloe", "laptop", lambda: person("kevin")),
    Sight("hr-person-new", "organisation.new_person", "chloe", "laptop"),
    Sight("hr-person-new-wrong", "organisation.new_person", "chloe", "laptop", first=press("Add")),
    Sight("hr-team", "organisation.team", "chloe", "laptop", lambda: the_team("Nairobi Central tills"), first=unfold),
    Sight("hr-audit", "home.audit", "chloe", "laptop"),
    Sight("hr-actions-none", "plans.plans", "dora", "phone"),
    Sight("hr-actions", "plans.plans", "chloe", "laptop", pulse_plans.plans),
    Sight("mg-actions-phone", "plans.plans", "brian", "phone", pulse_plans.plans),
    Sight("fe-actions", "plans.plans", "amina", "phone", pulse_plans.plans),
    Sight("mg-action-choose", "plans.new", "brian", "laptop", pulse_plans.a_group),
    Sight("mg-action-new", "plans.new", "brian", "laptop", pulse_plans.a_cell),
    Sight("mg-action-new-wrong", "plans.new", "brian", "phone", pulse_plans.a_cell, first=press("Plan it")),
    Sight("mg-action", "plans.plan", "brian", "laptop", lambda: pulse_plans.a_plan(done=False), first=unfold),
    Sight("fe-action", "plans.plan", "amina", "phone", lambda: pulse_plans.a_plan(done=True), first=unfold),
    Sight("hr-comments", "pulse_replies.comments", "chloe", "laptop", pulse_plans.comments),
    Sight("hr-comment", "pulse_replies.conversation", "chloe", "phone", pulse_plans.a_comment, first=unfold),
    Sight("reply-door", "pulse_reply_door.enter", None, "phone"),
    Sight("reply-door-wrong", "pulse_reply_door.enter", None, "phone", first=press("Look")),
    Sight("reply-talk", "pulse_reply_door.enter", None, "phone", pulse_plans.comments, first=open_a_reply),
    Sight("hr-surveys", "intake.surveys", "chloe", "laptop", first=unfold),
    Sight("hr-survey", "intake.edit_survey", "chloe", "laptop", lambda: {"stage": "purchase"}),
    Sight("hr-survey-open", "intake.edit_survey", "chloe", "laptop", lambda: {"stage": "post_purchase"}, first=unfold),
    Sight(
        "hr-survey-phone", "intake.show_survey", "chloe", "phone", lambda: {"stage": "pre_purchase", "language": "sw"}
    ),
    Sight("ad-account", "accounts.account", "ruth", "laptop", lambda: person("kevin")),
    Sight(
        "ad-slip", "accounts.account", "ruth", "laptop", lambda: person("kevin"), first=press("Print a sign-in slip")
    ),
    Sight("ad-teams", "organisation.teams", "ruth", "laptop"),
    Sight("ad-team-edit", "organisation.edit_team", "ruth", "laptop", lambda: the_team("Nairobi Central tills")),
    Sight("ad-team-new", "organisation.new_team", "ruth", "laptop"),
    Sight("ad-settings", "organisation.settings", "ruth", "laptop", first=unfold),
    Sight("ad-checks", "falls.settings", "ruth", "laptop"),
    Sight("hr-checks-phone", "falls.settings", "chloe", "phone"),
    Sight("ad-checks-replay", "falls.replay", "ruth", "laptop", a_fall_replay),
    Sight("hr-checks-few", "falls.replay", "chloe", "phone", a_fall_replay_of_few),
    Sight("ad-checks-running", "falls.replay", "ruth", "laptop", a_running_fall_replay),
    Sight("mg-team-fell", "team_falls.notice", "brian", "laptop", a_team_fall),
    Sight("hr-perception", "reports.perception", "chloe", "laptop"),
    Sight("hr-perception-five", "reports.perception", "chloe", "phone", lambda: {"happy": "5"}),
    Sight("hr-report", "engagement_report.engagement", "chloe", "laptop"),
    Sight("hr-report-phone", "engagement_report.engagement", "chloe", "phone"),
    Sight("mg-report", "engagement_report.engagement", "brian", "laptop"),
    Sight("hr-customers", "customer_report.customers", "chloe", "laptop"),
    Sight("hr-customers-tables", "customer_report.customers", "chloe", "laptop", first=unfold),
    Sight("hr-report-mails", "report_mails.mails", "chloe", "laptop", lambda: {"name": "customers"}),
    Sight(
        "hr-report-mails-wrong",
        "report_mails.mails",
        "chloe",
        "phone",
        lambda: {"name": "customers"},
        first=press("Add them"),
    ),
    Sight("hr-customers-phone", "customer_report.customers", "chloe", "phone"),
    Sight("hr-customers-five", "customer_report.customers", "chloe", "phone", lambda: {"happy": "5"}),
    Sight("hr-fairness", "fairness.fairness", "chloe", "laptop"),
    Sight("hr-fairness-phone", "fairness.fairness", "chloe", "phone"),
    Sight("mg-perception", "reports.perception", "brian", "phone"),
    Sight("hr-works-council", "works_council.pack", "chloe", "laptop"),
    Sight("ad-works-council", "works_council.pack", "ruth", "phone", lambda: {"months": "3"}),
    Sight("ad-tokens-none", "tokens.tokens", "ruth", "laptop"),
    Sight("ad-token-made", "tokens.tokens", "ruth", "laptop", first=make_a_token),
    Sight("ad-tokens", "tokens.tokens", "ruth", "laptop"),
    Sight("ad-doors", "doors.doors", "ruth", "laptop"),
    Sight("ad-doors-wrong", "doors.doors", "ruth", "laptop", first=press("Make the door")),
    Sight("ad-door", "doors.door", "ruth", "laptop", the_demos_door, first=unfold),
    Sight("ad-door-zendesk", "doors.doors", "ruth", "laptop", first=make_a_door("zendesk")),
    Sight("ad-door-freshdesk", "doors.doors", "ruth", "laptop", first=make_a_door("freshdesk")),
    Sight("ad-door-standard", "doors.doors", "ruth", "laptop", first=make_a_door("standard")),
    Sight("ad-deliveries", "doors.deliveries", "ruth", "laptop", the_demos_door),
    Sight("ad-delivery", "doors.delivery", "ruth", "laptop", lambda: a_delivery("changed")),
    Sight("ad-delivery-unread", "doors.delivery", "ruth", "laptop", lambda: a_delivery("not_understood")),
    Sight("ad-hooks", "outgoing.webhooks", "ruth", "laptop"),
    Sight("ad-hook", "outgoing.webhook", "ruth", "laptop", the_demos_webhook, first=unfold),
    Sight("ad-hook-made", "outgoing.webhooks", "ruth", "laptop", first=make_a_webhook),
    Sight("ad-hook-wrong", "outgoing.webhooks", "ruth", "laptop", first=press("Make the webhook")),
    Sight("ad-hook-events", "outgoing.events", "ruth", "laptop"),
    Sight("api", "api_page.reference", "ruth", "laptop", first=unfold),
    Sight("ad-mail", "home.mails", "ruth", "laptop"),
    Sight("ad-audit", "home.audit", "ruth", "laptop"),
    Sight("ad-tray-rating", "intake.waiting_rating", "ruth", "laptop", a_waiting_rating),
    Sight("ad-tray-post", "intake.waiting_rating", "ruth", "laptop", a_rating_of_a_post),
    Sight("ad-tray", "intake.tray", "ruth", "laptop"),
    Sight("ad-imports-none", "intake.imports", "ruth", "laptop"),
    Sight("ad-import-choose", "intake.new_import", "ruth", "laptop"),
    Sight("ad-import-columns", "intake.import_columns", "ruth", "laptop", a_ratings_file),
    Sight("ad-import", "intake.check_import", "ruth", "laptop", a_ratings_file),
    Sight("ad-import-person", "intake.person_meant", "ruth", "laptop", a_person_not_known),
    Sight(
        "ad-import-saved", "intake.check_import", "ruth", "laptop", a_ratings_file, first=press("Save 4, leave out 3")
    ),
    Sight("ad-import-running", "intake.import_result", "ruth", "laptop", a_running_import),
    Sight("ad-import-result", "intake.import_result", "ruth", "laptop", an_import),
    Sight("ad-imports", "intake.imports", "ruth", "laptop"),
    Sight("ad-people-import", "people_import.choose", "ruth", "laptop"),
    Sight("ad-people-import-check", "people_import.check", "ruth", "laptop", a_people_file),
    Sight("ad-people-import-saved", "people_import.check", "ruth", "laptop", a_people_file, first=press("Save")),
)

# Routes that answer a GET with something else than a page to look at, each with its reason.
NO_PAGE = {
    "static": "files",
    "pages.favicon": "a picture",
    "health.live": "JSON for whoever watches the instance",
    "health.ready": "JSON for whoever watches the instance",
    "home.start": "only leads on to the page somebody needs first",
    "access.first_run": "exists on an empty database only; tests/journeys/test_first_run.py goes through it",
    "coaching.calendar": "a file for calendars",
    "intake.rows_to_fix": "a file of rows",
    "courses.file": "a picture, a film or a document",
    "courses.export_course": "a course as a file",
    "intake.kiosk_token": "JSON for the kiosk's queue",
    "intake.kiosk_worker": "a script for the browser",
    "choices.push_worker": "a script for the browser",
    "api.openapi": "JSON for programs",
    "api.list_interactions": "JSON for programs",
    "api.list_people": "JSON for programs",
    "api.list_ratings": "JSON for programs",
    "api.list_scores": "JSON for programs",
    "api.list_pulse_actions": "JSON for programs",
    "api.list_pulse_results": "JSON for programs",
    "api_reports.list_reports": "JSON for programs",
    "api_reports.read_report": "JSON for programs",
}
