"""Every action that can be recorded has its words on the audit page."""

import ast
from pathlib import Path

from tracker.audit.words import WORDS, in_words

ROOT = Path(__file__).parents[2]
# Named by a variable in the call: each call's possible actions, read from the code beside it.
NAMED_BY_VARIABLE = {
    "account.invitation_made",
    "account.reset_made",
    "account.slip_made",
    "coaching.booked",
    "coaching.hand_over_removed",
    "coaching.handed_over",
    "coaching.moved",
    "coaching.point_added",
    "coaching.point_done",
    "coaching.point_reopened",
    "coaching.point_taken_back",
    "coaching.private_note_removed",
    "coaching.private_note_written",
    "team.deputy_appointed",
    "team.manager_appointed",
}


def test_the_words_are_those_of_the_actions_recorded() -> None:
    assert set(WORDS) == recorded() | NAMED_BY_VARIABLE


def test_an_action_without_words_shows_its_key() -> None:
    assert in_words("something.new") == "something.new"


def recorded() -> set[str]:
    """The actions written out in calls of `record`, in both arms where the call chooses between two."""
    calls = (
        node
        for path in (ROOT / "tracker").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "record" and node.args
    )
    return {
        piece.value
        for call in calls
        if not isinstance(call.args[0], ast.JoinedStr)
        for piece in ast.walk(call.args[0])
        if isinstance(piece, ast.Constant) and isinstance(piece.value, str)
    }
