"""Who sees it: the pack's rights and addresses are those that the program goes by, cell by cell and route by route."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Cast
from tests.house.test_routes import audience_of
from tests.reports.packs import rows_of
from tracker.access.queries import viewer_of_person
from tracker.core import clock
from tracker.core.audience import Audience
from tracker.core.db import db
from tracker.organisation import policy
from tracker.organisation.models import Person
from tracker.organisation.policy import allowed, matrix
from tracker.reports import pack_rights
from tracker.reports.pack_audience_words import AUDIENCES, PARTS
from tracker.reports.pack_pages import plain
from tracker.reports.pack_right_words import AREAS, WORDS

PACK = "/reports/works-council"
# Typed here once more, so that the page is read as its reader reads it.
RELATIONS = {
    "the person it is about": "self",
    "who leads the person today": "mgr_now",
    "who led the person once": "mgr_then",
    "who leads further up": "skip",
    "every colleague": "peer",
    "who deals with it at the moment": "assignee",
    "HR": "hr",
    "administrators": "admin",
    "anybody without signing in": "anon",
    "who holds the link or code for it": "token",
}
LETTERS = {
    "Allowed: ": "A",
    "Only what dates from the present leadership: ": "T",
    "At most in sums over groups, never one person’s: ": "G",
    "Only with break-glass, which this version does not have, so closed: ": "B",
}
# No code asks for these by name, each for its reason; a right that is asked for by nobody else opens nothing that the pack says it opens.
ASKED_BY_NO_CODE = {
    "rating.create": "the link is the right",
    "own_rating.read": "the link is the right",
    "own_rating.edit": "the link is the right",
    "own_rating.erase": "the link is the right",
    "complaint_state.read": "the link is the right",
    "rating.exclude": "by the answer to a second look",
    "privacy.export": "the own file reads each page’s own scope",
    "privacy.erase": "closed to everybody",
    "pulse_answer.read": "closed to everybody",
    "coaching_private_note.read": "closed to everybody; its author is in its key",
    "audit.delete": "closed to everybody",
    "interview.create": "by its kind",
    "interview.read": "by its kind",
    "observation.create": "by its kind",
    "observation.read": "by its kind",
}


def cells_on(page: str) -> dict[str, dict[str, str]]:
    """action -> relation -> letter, as the sentences of the page say it."""
    found = {}
    for what, who in rows_of(page)["rights"]:
        action = what.split("\n")[1]
        assert action not in found, "each right once"
        found[action] = dict.fromkeys(RELATIONS.values(), "D") | _said(who.split("\n")[0])
    return found


def _said(sentences: str) -> dict[str, str]:
    if sentences == "Nobody.":
        return {}
    assert sentences.endswith(" Nobody else.")
    said: dict[str, str] = {}
    for sentence in sentences.removesuffix(" Nobody else.").removesuffix(".").split(". "):
        start = next(start for start in LETTERS if sentence.startswith(start))
        said |= {RELATIONS[who]: LETTERS[start] for who in sentence.removeprefix(start).split(", ")}
    return said


def test_every_cell_of_the_matrix_is_on_the_page_and_nothing_else(cast: Cast, browse: Any) -> None:
    assert cells_on(browse(cast.chloe).get(PACK).text) == matrix()


def test_a_cell_that_changes_changes_the_page(cast: Cast, browse: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = {action: dict(cells) for action, cells in matrix().items()}
    changed["rating.read"] |= {"hr": "A", "peer": "G"}
    del changed["audit.delete"]
    changed["horoscope.read"] = dict.fromkeys(RELATIONS.values(), "D") | {"admin": "A"}
    monkeypatch.setattr(pack_rights, "matrix", lambda: changed)
    page = browse(cast.chloe).get(PACK).text
    found = cells_on(page.replace("horoscope.read<br>", "Read the stars<br>"))
    assert found == changed
    assert "Not described yet" in page


def test_the_sentences_say_what_the_program_decides(cast: Cast, browse: Any) -> None:
    """Every right, for who stands so to Amina: what a sentence allows, the condition of the lists lets through, and no more."""
    said = cells_on(browse(cast.chloe).get(PACK).text)
    stands = {
        cast.amina: {"self", "peer"},
        cast.brian: {"mgr_now", "peer"},
        cast.kevin: {"peer"},
        cast.dora: {"peer"},
        cast.faith: {"skip", "peer"},
        cast.chloe: {"hr", "peer"},
        cast.ruth: {"admin", "peer"},
    }
    wrong = []
    for person, relations in stands.items():
        viewer = viewer_of_person(person.id, at=clock.now())
        assert viewer is not None
        for action, cells in said.items():
            # Further up nothing opens by this condition: such pages have scopes of their own.
            open_to_them = {cells[relation] for relation in relations - {"skip"}} & {"A", "T"}
            clause = allowed(action, viewer, Person.id, dated=viewer.today)
            lets = db.session.scalar(select(Person.id).where(Person.id == cast.amina.id, clause)) is not None
            if lets != bool(open_to_them):
                wrong.append((person.name, action, cells))
    assert wrong == []


def test_every_right_has_its_words_and_no_words_are_left_over() -> None:
    assert set(WORDS) == set(matrix())
    assert sum(len(rights) for _area, rights in AREAS) == len(WORDS), "each in one area"
    assert len({str(words) for words in WORDS.values()}) == len(WORDS)
    assert all(str(words)[0].isupper() and "." not in str(words) for words in WORDS.values())


def test_every_right_is_asked_for_or_says_why_not() -> None:
    files = policy.MATRIX_FILE.parents[1].rglob("*.py")
    code = "\n".join(file.read_text(encoding="utf-8") for file in files if not file.name.endswith("_words.py"))
    asked = {action for action in matrix() if f'"{action}"' in code}
    assert set(matrix()) - asked - set(ASKED_BY_NO_CODE) == set()


def test_remarks_speak_in_words(cast: Cast, browse: Any) -> None:
    remarks = [one.remark for area in pack_rights.areas() for one in area.rights if one.remark]
    keys = {"mgr_now", "mgr_then", "skip", "assignee", "peer", *WORDS}
    assert remarks
    assert [remark for remark in remarks if any(key in remark.replace(":", "").split() for key in keys)] == []
    assert pack_rights.right("coaching_private_note.read").remark == "its author only"


def addresses_on(page: str) -> list[tuple[str, str, str]]:
    """(audience in words, reads or changes, address)."""
    found = []
    audience = ""
    for part in page.split('<h2 id="addresses">')[1].split("</section>")[0].split("<h3>")[1:]:
        audience = part.split(" <span")[0]
        for _name, reads, changes in rows_of(f'<h2 id="x"></h2><h3>{part}')["x"]:
            found += [(audience, "reads", one) for one in filter(None, reads.split(", "))]
            found += [(audience, "changes", one) for one in filter(None, changes.split(", "))]
    return found


def test_every_route_is_listed_once_under_whom_it_is_for(app: Flask, cast: Cast, browse: Any) -> None:
    real = [
        (
            str(AUDIENCES[audience_of(app, rule.endpoint)][0]),
            "reads" if method == "GET" else "changes",
            plain(rule.rule),
        )
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    ]
    listed = addresses_on(browse(cast.ruth).get(PACK).text)
    assert sorted(listed) == sorted(real)
    assert len(real) == len(set(real)) > 400


def test_a_route_that_gets_another_audience_moves(
    app: Flask, cast: Cast, browse: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.view_functions["home.audit"], "audience", Audience.ADMINS)
    listed = addresses_on(browse(cast.ruth).get(PACK).text)
    assert ("Administrators", "reads", "/audit") in listed
    assert ("HR and administrators", "reads", "/audit") not in listed


def test_every_audience_and_every_part_of_the_product_has_its_words(app: Flask) -> None:
    assert set(AUDIENCES) == set(Audience)
    assert set(PARTS) == {rule.endpoint.rpartition(".")[0] for rule in app.url_map.iter_rules()}
    assert (
        len({str(words) for words in PARTS.values()}) >= len(PARTS) - 1
    )  # public reviews and their feeds may share one
