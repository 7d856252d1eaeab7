"""A round from HR's draft to the page of whoever leads a team: thirty answer, all are reminded alike, and nothing small is shown."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from tests.conftest import Cast
from tests.factories import a_person, a_team, account_of
from tests.journeys.chromium import LAPTOP, PHONE
from tests.journeys.serving import Hour, Postbox, text_of
from tests.journeys.test_pulse import PASSWORD, Round
from tests.pulse.attacker import small_sets
from tests.pulse.rounds import OPENS
from tests.pulse.walking import go_on
from tracker.access.rules import hash_password
from tracker.core.db import db, transaction
from tracker.notifications.models import Message
from tracker.organisation.models import Person, Team
from tracker.pulse.models import PulseMember, PulseNode, PulseRound

pytestmark = pytest.mark.browser

FEWEST = 5
LANGUAGES = {"amina": ("sw", "Nakubali"), "kevin": ("fr", "D’accord"), "zuri": ("en", "Agree")}
SEND = {"sw": "Tuma majibu yangu", "fr": "Envoyer mes réponses", "en": "Send my answers"}
NEXT = {"sw": "Inayofuata", "fr": "Suivant", "en": "Next"}
MANAGERS = "Managers"


@dataclass
class Staff:
    """Who is there, and in which group each answers. Whoever manages a team answers with the managers."""

    cast: Cast
    zuri: Person
    others: list[tuple[int, str]] = field(default_factory=list)  # (person, group)

    @property
    def answers(self) -> Counter[str]:
        """Group -> how many of its own people answer; of the top itself nobody does."""
        by_browser = Counter({self.cast.tills.name: 3})
        return by_browser + Counter(group for _person, group in self.others)


@pytest.fixture
def staff(app: Flask, cast: Cast, hour: Hour, address: str) -> Staff:
    """Ten at the tills, three on the floor, nine at a corner, five in the office: with three managers thirty answer."""
    hour.at = OPENS - timedelta(days=1)
    with transaction():
        store = db.session.get_one(Team, cast.root.id)
        corner = a_team("Corner", parent=store)
        office = a_team("Office", parent=store)
        zuri = a_person("Zuri Achieng", team=cast.tills)
        others = [(a_person(team=cast.tills).id, cast.tills.name) for _number in range(7)]
        others += [(a_person(team=cast.floor).id, cast.floor.name) for _number in range(3)]
        others += [(a_person(team=corner).id, "Corner") for _number in range(9)]
        others += [(a_person(team=office).id, "Office") for _number in range(5)]
        others += [(person.id, MANAGERS) for person in (cast.brian, cast.dora, cast.faith)]
        for person in (cast.amina, cast.kevin, cast.brian, cast.chloe, zuri):
            account_of(db.session.get_one(Person, person.id)).password_hash = hash_password(PASSWORD)
        db.session.get_one(Person, cast.amina.id).language = "sw"
        db.session.get_one(Person, cast.kevin.id).language = "fr"
    for row in (
        *vars(cast).values(),
        zuri,
    ):  # let go of them: reading one would open a transaction that stops the server
        db.session.refresh(row)
        db.session.expunge(row)
    db.session.rollback()
    return Staff(cast, zuri, others)


def test_from_a_draft_to_a_page_that_hides_what_is_small(
    app: Flask, staff: Staff, chromium: Browser, address: str, hour: Hour, postbox: Postbox, browse: Any
) -> None:
    steps = Round(app, chromium, address, hour)
    round_id = chloe_prepares_and_opens(steps, staff)
    three_answer_in_their_languages(steps, staff)
    the_others_answer(staff, browse, hour)
    everybody_is_reminded_in_the_same_words(steps, staff, postbox)
    it_closes(steps, round_id)
    shown = brian_reads_what_may_be_shown(steps, staff)
    nothing_small_can_be_worked_out(shown, staff)
    paper_and_files_agree_with_the_page(steps, staff, shown, round_id)
    for context in chromium.contexts:
        context.close()


def chloe_prepares_and_opens(steps: Round, staff: Staff) -> int:
    """Begins a round, sees it as staff will, and opens it now; while it is open she learns a share of everybody, and no more."""
    page = steps.page_of(staff.cast.chloe, LAPTOP)
    page.goto("/pulse/rounds")
    page.get_by_role("button", name="New round").click()
    expect(page.locator("main")).to_contain_text("Asked every time")
    page.get_by_role("button", name="Save and open now …").click()
    page.get_by_role("button", name="Open it now").click()
    expect(page.locator("main")).to_contain_text(
        "The share above is of the whole company, in steps of 5 answers or more, and there is nothing else to see"
    )
    for team in (staff.cast.tills.name, "Corner"):
        expect(page.locator("main")).not_to_contain_text(team)
    with steps.app.app_context():
        round_id = db.session.scalars(select(PulseRound.id).where(PulseRound.state == "open")).one()
        db.session.rollback()
    return round_id


def three_answer_in_their_languages(steps: Round, staff: Staff) -> None:
    for name, (language, agree) in LANGUAGES.items():
        person = staff.zuri if name == "zuri" else getattr(staff.cast, name)
        page = steps.page_of(person, PHONE)
        page.goto("/pulse/answers")
        expect(page.locator("html")).to_have_attribute("lang", language)
        while (last := page.get_by_role("button", name=SEND[language])).count() == 0:
            page.get_by_role("radio", name=agree, exact=True).check()
            page.get_by_role("button", name=NEXT[language]).click()
        page.get_by_role("radio").nth(1).check()
        last.click()
        expect(page.get_by_role("radio")).to_have_count(0)


def the_others_answer(staff: Staff, browse: Any, hour: Hour) -> None:
    """By the same forms, without drawing them."""
    for number, (person_id, _group) in enumerate(staff.others):
        with transaction():
            person = db.session.get_one(Person, person_id)
            db.session.expunge(person)
        browser = browse(person, at=hour.at)
        page = browser.get("/pulse/answers")
        while 'name="answer"' in page.text:
            page = go_on(browser, page, answer=str(1 + number % 5))
            assert page.status_code == 200, page.text
    answered = list(db.session.scalars(select(PulseMember.answered)))
    db.session.rollback()
    assert (sum(answered), len(answered)) == (30, 32), "Chloe and Ruth have not"


def everybody_is_reminded_in_the_same_words(steps: Round, staff: Staff, postbox: Postbox) -> None:
    opened = steps.hour.at
    for day in (3, 5):
        steps.go_to(opened + timedelta(days=day, minutes=1))
        steps.go_to(opened + timedelta(days=day, hours=6))
    with steps.app.app_context():
        reminded = Counter(db.session.scalars(select(Message.person_id).where(Message.kind == "pulse.reminder")))
        db.session.rollback()
    assert set(reminded.values()) == {2}
    assert len(reminded) == 32
    mails = [
        {
            text_of(mail).replace(person.first_name, "X")
            for mail in postbox.mails_to(person.email)
            if "pulse" in text_of(mail)
        }
        for person in (staff.cast.ruth, staff.zuri)
    ]
    assert all(mails), "both have mails about it"


def it_closes(steps: Round, round_id: int) -> None:
    with steps.app.app_context():
        closes_at = db.session.get_one(PulseRound, round_id).closes_at
        db.session.rollback()
    steps.go_to(closes_at + timedelta(minutes=1))
    assert steps.count(PulseMember) == 0


Shown = dict[tuple[str, str], tuple[float, int] | None]  # (group, question) -> (figure, n), None where hidden


def brian_reads_what_may_be_shown(steps: Round, staff: Staff) -> Shown:
    page = steps.page_of(staff.cast.brian, LAPTOP)
    page.goto("/pulse/results")
    shown = cells_of(page)
    assert {group for group, _question in shown} >= {staff.cast.tills.name}
    assert not {group for group, _question in shown} & {staff.cast.floor.name, "Corner", "Office"}, "these are not his"
    chloes = steps.page_of(staff.cast.chloe, LAPTOP)
    chloes.goto("/pulse/results")
    everything = cells_of(chloes)
    assert {place: figures for place, figures in everything.items() if place in shown} == shown
    return everything


def cells_of(page: Page) -> Shown:
    """The map as it stands on the screen."""
    table = page.locator("main table").first
    headings = [unescape(heading).strip() for heading in table.locator("thead th").all_inner_texts()][1:]
    cells: Shown = {}
    for row in table.locator("tbody tr").all():
        group = re.sub(r"\s+yours$", "", " ".join(row.locator("th").inner_text().split()))
        for heading, cell in zip(headings, row.locator("td").all_inner_texts(), strict=True):
            found = re.match(r"\s*([\d.]+)\s+n\s+(\d+)", " ".join(cell.split()))
            cells[group, heading] = (float(found[1]), int(found[2])) if found else None
    return cells


def nothing_small_can_be_worked_out(shown: Shown, staff: Staff) -> None:
    """From all that HR sees: no group of one to four, by no sum and no difference."""
    with_figures = [figures for figures in shown.values() if figures]
    assert with_figures
    assert min(n for _figure, n in with_figures) >= FEWEST
    assert all(
        figures is None for (group, _question), figures in shown.items() if group in {staff.cast.floor.name, MANAGERS}
    )
    above = _groups_within(staff)
    names = sorted(staff.answers)
    answers = {number: staff.answers[name] for number, name in enumerate(names)}
    for question in {question for _group, question in shown}:
        groups = {
            frozenset(names.index(name) for name in above[group] if name in names)
            for (group, asked), figures in shown.items()
            if figures and asked == question
        }
        assert small_sets(groups - {frozenset()}, answers, FEWEST) == set()


def _groups_within(staff: Staff) -> dict[str, set[str]]:
    """Group -> the groups that its answers come from."""
    rows = db.session.execute(select(PulseNode.id, PulseNode.parent_id, PulseNode.name)).all()
    db.session.rollback()
    above, names = {row.id: row.parent_id for row in rows}, {row.id: row.name for row in rows}
    within: dict[str, set[str]] = {name: set() for name in names.values()}
    for node, name in names.items():
        place: int | None = node
        while place is not None:
            within[names[place]].add(name)
            place = above[place]
    return within


def paper_and_files_agree_with_the_page(steps: Round, staff: Staff, shown: Shown, round_id: int) -> None:
    page = steps.page_of(staff.cast.chloe, LAPTOP)
    page.goto(f"/pulse/results/{round_id}/paper")
    assert cells_of(page) == shown
    page.goto(f"/pulse/results/{round_id}")
    sheet, plain = (taken(page, name) for name in ("Excel file", "CSV file"))
    book = CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()[1:]
    lines = list(csv.reader(io.StringIO(plain.decode("utf-8-sig"))))[1:]
    in_book = Counter((row[0], float(row[6]), int(row[5])) for row in book if row[5] not in {"", None})  # type: ignore[arg-type]
    in_lines = Counter((row[0], float(row[6]), int(float(row[5]))) for row in lines if row[5])
    on_page = Counter((group, *figures) for (group, _question), figures in shown.items() if figures)
    assert in_book == in_lines == on_page


def taken(page: Page, button: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    return download.value.path().read_bytes()
