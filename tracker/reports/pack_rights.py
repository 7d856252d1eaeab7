"""The permission matrix in words, from the cells that the program goes by: nothing here is typed twice."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker.organisation.policy import MATRIX_FILE, matrix
from tracker.reports.pack_right_words import AREAS, WORDS

RELATIONS = {
    "self": _l("the person it is about"),
    "mgr_now": _l("who leads the person today"),
    "mgr_then": _l("who led the person once"),
    "skip": _l("who leads further up"),
    "peer": _l("every colleague"),
    "assignee": _l("who deals with it at the moment"),
    "hr": _l("HR"),
    "admin": _l("administrators"),
    "anon": _l("anybody without signing in"),
    "token": _l("who holds the link or code for it"),
}
# What each relation means, in the order of the table.
MEANINGS = {
    "self": _l(
        "Whose rating, talk, certificate … it is; where the right is about adding something of one’s own, who adds it."
    ),
    "mgr_now": _l(
        "Who leads, today, exactly the team that the person is in today: its manager, or a "
        "deputy in the days of standing in. Never oneself."
    ),
    "mgr_then": _l("Who led the person in the past and does no more."),
    "skip": _l("Who leads a team above that of the person."),
    "peer": _l("Everybody who works here and is signed in."),
    "assignee": _l(
        "Who has the open second look, complaint or action, or was asked to help with "
        "it, while it is open. Never about oneself."
    ),
    "hr": _l("Who holds the role HR. It never counts about oneself."),
    "admin": _l("Who holds the role of administrator. It never counts about oneself."),
    "anon": _l("Anybody at all."),
    "token": _l(
        "A customer with the link of their own visit or at a kiosk; in the pulse, who "
        "holds a slip or the code of an own comment."
    ),
}
LETTERS = "ATGB"  # the most generous first; D is what is left
_TOKENS = re.compile(r"\b(?:(?:self|mgr_now|mgr_then|skip|peer|assignee)\b|token(?=:)|[a-z_]+\.[a-z_]+\b)")


@dataclass(frozen=True)
class Right:
    """One row. cells: relation -> letter; who: a sentence for each letter but D, and one for everybody else."""

    action: str
    says: str
    cells: Mapping[str, str]
    who: tuple[str, ...]
    remark: str


@dataclass(frozen=True)
class Area:
    name: str
    rights: tuple[Right, ...]


def areas() -> list[Area]:
    """All rows of the matrix, each once. A row that nobody has put into words stands at the end under its key."""
    rows = matrix()
    found = [Area(str(name), tuple(_right(one, rows[one]) for one in words if one in rows)) for name, words in AREAS]
    wordless = tuple(_right(one, cells) for one, cells in rows.items() if one not in WORDS)
    return [area for area in [*found, Area(_("Not described yet"), wordless)] if area.rights]


def right(action: str) -> Right:
    """One row; an action that is not in the matrix is denied to everybody."""
    return _right(action, matrix().get(action, {}))


def _right(action: str, cells: Mapping[str, str]) -> Right:
    says = str(WORDS.get(action, action))
    return Right(action, says, cells, tuple(_sentences(cells)), _in_words(_remarks().get(action, "")))


def _sentences(cells: Mapping[str, str]) -> list[str]:
    said = [_said(letter, relations_with(cells, letter)) for letter in LETTERS if relations_with(cells, letter)]
    return [*said, _("Nobody else.")] if said else [_("Nobody.")]


def relations_with(cells: Mapping[str, str], letter: str) -> list[str]:
    return [relation for relation in RELATIONS if cells.get(relation) == letter]


def _said(letter: str, relations: Iterable[str]) -> str:
    who = ", ".join(str(RELATIONS[relation]) for relation in relations)
    match letter:
        case "A":
            return _("Allowed: %(who)s.", who=who)
        case "T":
            return _("Only what dates from the present leadership: %(who)s.", who=who)
        case "G":
            return _("At most in sums over groups, never one person’s: %(who)s.", who=who)
    return _("Only with break-glass, which this version does not have, so closed: %(who)s.", who=who)


@lru_cache(maxsize=1)
def _remarks() -> dict[str, str]:
    """action -> what stands behind its row in the file."""
    lines = MATRIX_FILE.read_text(encoding="utf-8").splitlines()
    rows = [line.split("#", 1) for line in lines if "#" in line and not line.startswith("#")]
    return {cells.split()[0]: remark.strip() for cells, remark in rows}


def _in_words(remark: str) -> str:
    """The file's remarks name relations and rights by their keys."""
    return _TOKENS.sub(lambda found: str(_word_for(found.group())), remark)


def _word_for(key: str) -> str:
    if key in WORDS:
        return f"“{WORDS[key]}”"
    return str(RELATIONS.get(key, key))
