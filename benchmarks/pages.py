"""Rows 6, 7, 10 and 14: My feedback and a team board, signed in, against a bare Flask page of the same bytes.

A request goes through the whole application as a web server would hand it over (WSGI), without a network: the network costs
both the same and would only hide the difference.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from contextvars import Context
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import event
from werkzeug.test import create_environ, run_wsgi_app

from benchmarks.company import Company, a_company, drawn, last_monday, monday_morning, store_ratings
from benchmarks.instances import cookie_of, on_sqlite, settle
from benchmarks.measuring import Result, Sizes, Turn, compare, number, timed
from tracker.coaching.jobs import check_falls, share_cards
from tracker.core.db import db, transaction
from tracker.ratings.models import Driver

Paths = dict[str, "Page"]
GOALS = {"My feedback": (6, 4.0), "team board": (7, 4.5)}
UNCHANGED_GOAL = 1.5
GROWTH_GOAL = 1.2
MOST_QUERIES = 6
WEAK = 49  # every fiftieth person has fallen: somebody on this board has a case


@dataclass(frozen=True)
class Page:
    """One address as one signed-in person asks for it."""

    app: Flask
    path: str
    cookie: str

    def get(self, **headers: str) -> tuple[bytes, int, dict[str, str]]:
        environ = create_environ(self.path, headers={"Cookie": self.cookie, **headers})
        body, status, answered = run_wsgi_app(self.app.wsgi_app, environ, buffered=True)
        return b"".join(body), int(status.split()[0]), dict(answered)

    def turn(self, requests: int, **headers: str) -> Turn:
        return timed(lambda: alone(lambda: [self.get(**headers) for _ in range(requests)]))

    def checked(self) -> "Page":
        """Itself, if it answers with a whole page."""
        body, status, _headers = alone(self.get)
        assert status == 200, f"{self.path} answered {status}"
        assert b"</html>" in body
        return self

    def bare(self) -> "Page":
        body = alone(self.get)[0]
        app = Flask("bare")
        app.add_url_rule("/", view_func=lambda: body)
        return Page(app, "/", self.cookie)


def measure(sizes: Sizes) -> Iterator[Result]:
    with ExitStack() as stack:
        pages = []
        for ratings in sizes.ratings_behind_pages:
            app = stack.enter_context(on_sqlite())
            pages.append(_pages(app, ratings, sizes))
        yield from _against_bare(pages[0], sizes)
        yield from _growth(pages, sizes)
        yield from _queries(pages)


def _pages(app: Flask, ratings: int, sizes: Sizes) -> Paths:
    company = _company(ratings, sizes)
    weak = min(WEAK, len(company.people) - 1)
    leader = company.leaders[weak // company.team_size]
    addresses = {"My feedback": ("/me", company.people[0]), "team board": ("/board", leader)}
    return {name: Page(app, path, cookie_of(app, who)).checked() for name, (path, who) in addresses.items()}


def _company(ratings: int, sizes: Sizes) -> Company:
    """Everybody with the same number of ratings: more ratings are more people. The weekly check has been run and shared."""
    company = a_company(max(sizes.team, ratings // sizes.ratings_a_person), team_size=sizes.team)
    with transaction():
        db.session.add(Driver(key="waiting", name="Waiting time"))
    store_ratings(drawn(company.people, ratings, until=last_monday()), team_size=sizes.team)
    settle()
    check_falls(monday_morning())
    share_cards(datetime.now(UTC) + timedelta(days=7))
    settle()
    return company


def _against_bare(pages: Paths, sizes: Sizes) -> Iterator[Result]:
    for name, page in pages.items():
        row, goal = GOALS[name]
        bare = page.bare()
        kilobytes = f"{len(alone(bare.get)[0]) / 1024:.0f} KB"
        asked = sizes.requests
        yield compare(row, f"{name}, cold", page.turn(asked), bare.turn(asked), goal=goal, repeats=sizes.repeats, per=asked,
                      remark=kilobytes)  # fmt: skip
        known = alone(page.get)[2].get("ETag")
        if name == "My feedback":
            headers = {"If-None-Match": known} if known else {}
            status = alone(lambda page=page, headers=headers: page.get(**headers))[1]
            yield compare(row, f"{name}, unchanged", page.turn(asked, **headers), bare.turn(asked), goal=UNCHANGED_GOAL,
                          repeats=sizes.repeats, per=asked, remark=f"answers {status}")  # fmt: skip


def _growth(pages: list[Paths], sizes: Sizes) -> Iterator[Result]:
    least, most = sizes.ratings_behind_pages[0], sizes.ratings_behind_pages[-1]
    for name in pages[0]:
        few, many = pages[0][name], pages[-1][name]
        yield compare(10, f"{name}, {least:,} to {most:,} ratings", many.turn(sizes.requests), few.turn(sizes.requests),
                      goal=GROWTH_GOAL, repeats=sizes.repeats, per=sizes.requests)  # fmt: skip


def _queries(pages: list[Paths]) -> Iterator[Result]:
    for name in pages[0]:
        counts = [len(queries_of(page[name])) for page in pages]
        flat = "flat" if len(set(counts)) == 1 else f"not flat: {counts}"
        yield number(14, f"{name}, queries", max(counts), goal=MOST_QUERIES, remark=flat)


def queries_of(page: Page) -> list[str]:
    """The statements that one request sends, without those that only begin a transaction."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN")):
            sent.append(statement)

    with page.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    alone(page.get)
    event.remove(engine, "before_cursor_execute", note)
    return sent


def alone(work: Callable[[], Any]) -> Any:
    """Run outside every application context, as in a thread of a web server: none is left open to be shared."""
    return Context().run(work)
