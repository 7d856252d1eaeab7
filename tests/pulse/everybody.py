"""Everybody of a company looks at everything of the pulse that their role opens, and one attacker hears it all."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from flask import Flask
from sqlalchemy import select

from tests.api.conftest import Program
from tests.conftest import Browser
from tests.pulse import told as reading
from tests.pulse.attacked_company import ASKED, LONG_BEFORE, MONTH, Company, Truth
from tests.pulse.told import Told
from tracker.access.actions import set_roles
from tracker.api.actions import make_token
from tracker.api.clients import Uses
from tracker.api.rules import SCOPES
from tracker.core import clock, outbox
from tracker.core.audience import Viewer
from tracker.core.db import db, transaction
from tracker.core.db import reading as in_database
from tracker.core.outbox import OutboxMail
from tracker.notifications.jobs import write_digests
from tracker.organisation.models import Membership, Person, Tenure
from tracker.pulse.models import PulseComment
from tracker.pulse.plan_actions import Planned, make_plan
from tracker.pulse.plan_queries import groups_to_plan, planned_cells
from tracker.pulse.plan_rules import lowest_aim
from tracker.reports.known import KNOWN

SCOPES_GIVEN = (SCOPES, ["pulse:read"])
OURS = ("tracker.pulse.", "tracker.reports.")
ELSEWHERE = (
    "home.start",
    "home.board",
    "home.audit",
    "notifications.inbox",
)  # pages that speak of the pulse among others
OF_ROUND = ("pulse_results.", "pulse_rounds.")
ABOUT_RESULTS = ("pulse_results.", "plans.", "reports.")
OF_NODE, OF_PLAN, OF_QUESTION = "pulse_results.group", "plans.plan", "pulse_questions.question"
# What one may add to an address; each is a way of asking that could give another figure.
ADDED = {
    "pulse_results.latest": ["?sort=-" + ASKED[0].key],
    "pulse_results.of_round": ["?sort=" + ASKED[2].key],
    "reports.perception": ["?happy=5"],
    "pulse_replies.comments": ["?show=back", "?show=hidden"],
    "pulse_rounds.preview": ["?language=sw"],
}


@dataclass
class Everybody:
    app: Flask
    browse: Any
    company: Company
    told: Told
    rng: np.random.Generator
    share: float = 1.0  # how much of all there is each one opens, but for HR, who opens everything
    plans: dict[int, tuple[str, str]] = field(default_factory=dict)  # id -> what group it is of, and item
    running: set[int] = field(default_factory=set)  # rounds without results yet
    opened: set[str] = field(default_factory=set)  # endpoints that somebody could open
    said: dict[int, str] = field(default_factory=dict)  # a number of answers -> where it was said first
    said_while_open: dict[int, str] = field(default_factory=dict)  # the same, where only an open round can be meant

    def look(self, people: Sequence[Person], *, at: datetime) -> None:
        """The first of them opens every address there is, the others a share of them; all take files."""
        with clock.set_to(at):
            for person in people:
                self._look(person, at, share=1.0 if person is people[0] else self.share)

    def _look(self, person: Person, at: datetime, *, share: float) -> None:
        browser = self.browse(person, at=at)
        rounds = self._some_rounds(share)
        nodes = {node for truth in rounds for node in [*self._linked(browser, truth), int(self.rng.choice(truth.ids))]}
        for endpoint, url, place in list(self._addresses(nodes)):
            if self.rng.random() < share:
                self._open(browser, endpoint, url, place)
        for truth in rounds:
            self._take_files(browser, truth, ["csv", "xlsx"] if share == 1.0 else ["csv"])
        self._take_perception(browser)

    def _some_rounds(self, share: float) -> list[Truth]:
        """All of those with results, or one of them; none while a round is open, when they are left for later."""
        rounds = [] if self.running else list(self.told.rounds.values())
        if share == 1.0 or not rounds:
            return rounds
        return [rounds[self.rng.integers(len(rounds))]]

    def _open(self, browser: Browser, endpoint: str, url: str, place: Any) -> str:
        with browser.get(url) as answer:
            assert answer.status_code < 500, (url, answer.status_code)
            if answer.status_code == 200:
                self.opened.add(endpoint)
                self._hear(endpoint, answer.text, place)
            return answer.text

    # --- Where ---

    def _linked(self, browser: Browser, truth: Truth) -> list[int]:
        """The groups that somebody finds on the map of a round."""
        url = f"/pulse/results/{truth.round_id}"
        text = self._open(browser, "pulse_results.of_round", url, truth.round_id)
        return [int(node) for node in re.findall(r"/pulse/results/groups/(\d+)", text)]

    def _addresses(self, nodes: set[int]) -> Iterator[tuple[str, str, Any]]:
        """endpoint, address, id or key of every GET route of the pulse and the reports, whatever routes there are."""
        for rule in self.app.url_map.iter_rules():
            module = self.app.view_functions[rule.endpoint].__module__
            if "GET" not in (rule.methods or ()) or not (module.startswith(OURS) or rule.endpoint in ELSEWHERE):
                continue
            for place in self._places(rule.endpoint, frozenset(rule.arguments), nodes):
                arguments = {} if place is None else {next(iter(rule.arguments)): place}
                url = str(self.app.url_map.bind("localhost").build(rule.endpoint, arguments))
                for added in ["", *ADDED.get(rule.endpoint, [])]:
                    yield rule.endpoint, url + added, place
        yield from self._forms(nodes)

    def _places(self, endpoint: str, arguments: frozenset[str], nodes: set[int]) -> Iterable[Any]:
        if not arguments:
            return [None]
        if arguments == {"key"} and endpoint.startswith("pulse_replies."):
            return self._comment_keys()
        if arguments == {"name"}:
            return sorted(KNOWN)
        if arguments != {"id"}:
            return []  # nobody opens it then, and the test says so
        rounds = self.running or set(self.told.rounds)
        known = {OF_NODE: nodes, OF_PLAN: set(self.plans), OF_QUESTION: set[int]()}
        everything = rounds | nodes | set(self.plans)
        return sorted(known.get(endpoint, rounds if endpoint.startswith(OF_ROUND) else everything))

    def _comment_keys(self) -> list[str]:
        with in_database():
            return [k.hex() for k in db.session.scalars(select(PulseComment.k))][:3]

    def _forms(self, nodes: set[int]) -> Iterator[tuple[str, str, Any]]:
        """Where a plan begins: a group is chosen, and then one of its figures."""
        for node in sorted(nodes)[-4:]:
            yield "plans.new", f"/actions/new?group={node}", None
            yield "plans.new", f"/actions/new?group={node}&item={ASKED[0].key}", None

    # --- What ---

    def _hear(self, endpoint: str, text: str, place: Any) -> None:
        rounds, told = self.told.rounds, self.told
        if endpoint.startswith("pulse_results."):
            self._hear_results(endpoint, text, place)
        elif endpoint == "reports.perception":
            reading.read_perception(told, endpoint, text)
        elif endpoint == OF_PLAN and rounds:
            reading.read_plan(told, endpoint, text, *self.plans[place])
        self.overhear(endpoint, text)

    def _hear_results(self, endpoint: str, text: str, place: Any) -> None:
        told, rounds = self.told, self.told.rounds
        if endpoint == OF_NODE:
            truth = next(one for one in rounds.values() if place in one.ids)
            reading.read_group(told, endpoint, text, truth, truth.ids.index(place))
        elif endpoint == "pulse_results.find_me":
            reading.read_find_me(told, endpoint, text, rounds[place])
        elif reading.MAP.search(text):
            reading.read_map(told, endpoint, text, rounds[place] if place else self._newest())
            if endpoint == "pulse_results.paper":
                reading.read_paper(told, endpoint, text, rounds[place])

    def _newest(self) -> Truth:
        return max(self.told.rounds.values(), key=lambda truth: truth.opens_at)

    def overhear(self, source: str, text: str) -> None:
        is_early = self.running and not source.startswith(ABOUT_RESULTS)
        for count in reading.counts_said(text):
            (self.said_while_open if is_early else self.said).setdefault(count, source)

    def unexplained(self) -> dict[int, str]:
        """Numbers of answers that were said somewhere and are no published group, no rest of one, and no whole round.

        What “Try to find me” takes off and leaves are sums of published ones, which this leaves to the attack itself,
        but for those that are too small for anything to be said.
        """
        known = {int(figures["n"]) for figures in self.told.figures.values() if "n" in figures}
        known |= set(self.told.answered.values())
        return {
            count: source
            for count, source in self.said.items()
            if 0 < count < 5 or (count not in known and source != "pulse_results.find_me")
        }

    def _take_files(self, browser: Browser, truth: Truth, kinds: Iterable[str]) -> None:
        for kind in kinds:
            with browser.post(f"/pulse/results/{truth.round_id}/files", {"file": kind}) as answer:
                assert answer.status_code == 200
                lines = (reading.csv_lines if kind == "csv" else reading.xlsx_lines)(answer.data)
                reading.read_lines(self.told, f"{kind} of results", lines, truth)

    def _take_perception(self, browser: Browser) -> None:
        with browser.post("/reports/perception/exports", {"file": "csv"}) as answer:
            if answer.status_code == 200 and self.told.rounds:
                lines = reading.csv_lines(answer.data)
                reading.read_perception_lines(self.told, "csv of perception", lines, self._newest())

    # --- Programs, mails ---

    def ask_as_programs(self, makers: Iterable[Person], *, at: datetime) -> None:
        """A program acts as whoever made its token, who is an admin besides: with every scope, and with that of the pulse alone."""
        with clock.set_to(at):
            self.app.extensions["api_uses"] = Uses()
            for maker in makers:
                with transaction():
                    roles = {"admin", "hr"} if maker is self.company.chloe else {"admin"}
                    set_roles(db.session.merge(maker), roles, by=None, at=at)
                    tokens = [make_token("board", given, expires_at=None, by=maker.id, at=at) for given in SCOPES_GIVEN]
                for secret in tokens:
                    answer = Program(self.app, secret).get("/pulse/results")
                    assert answer.status_code == 200
                    reading.read_api(self.told, "api", answer.json or {})

    def open_mails(self, *, at: datetime) -> int:
        """Whatever mail is there or would be sent now; how many there are."""
        with clock.set_to(at):
            write_digests(at)
            rows = list(db.session.scalars(select(OutboxMail)))
            for row in rows:
                message = outbox._composed(row)
                for part in message.walk() if message else ():
                    if part.get_content_maintype() == "text":
                        self.overhear("mail", part.get_content())
            db.session.rollback()
        return len(rows)

    def plan_something(self, *, at: datetime) -> None:
        """HR makes a plan of the first figures it finds, so that plans have something to tell."""
        hr = self.company.chloe
        viewer = Viewer(hr.id, hr.name, at=at, today=at.date(), roles=frozenset({"hr"}))
        with transaction():
            cells = [planned_cells(viewer, node_id=node_id)[0] for node_id, _name in groups_to_plan(viewer)[:3]]
            for cell in cells:
                aim = lowest_aim(cell.figure.mean, cell.item.scale)
                if aim is None:
                    continue
                said = Planned(f"{cell.node_id:032d}", "Look at it", hr, at.date() + MONTH, aim)
                plan, _is_new = make_plan(cell, said, by=hr.id, at=at)
                truth = self.told.rounds[cell.round_id]
                self.plans[plan.id] = (truth.same[truth.ids.index(cell.node_id)], cell.item.key)


def cast_of(company: Company) -> list[Person]:
    """HR, the admin, who is in no team, everybody who manages a team, and one ordinary member of every team."""
    here = select(Person).where(Person.ended_on.is_(None))
    leaders = list(db.session.scalars(here.where(Person.id.in_(select(Tenure.person_id))).order_by(Person.id)))
    led = {person.id for person in leaders}
    members = db.session.execute(
        select(Membership.team_id, Person)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.ended_on.is_(None), Person.ended_on.is_(None), Person.started_on == LONG_BEFORE)
        .order_by(Person.id)
    )
    one_each = {team: person for team, person in members if person.id not in led}
    db.session.rollback()
    return [company.chloe, company.ruth, company.nobody, *leaders, *one_each.values()]
