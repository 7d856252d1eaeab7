"""The pulse's tables in words, for whoever lists what is kept: those that point at no person. The others stand in the own file's list."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

KEPT: dict[str, tuple[LazyString, LazyString | None]] = {
    "pulse_box": (_l("Sealed answers to an open round: no person, no time, no order"), _l("Until the round closes")),
    "pulse_code": (
        _l("Slips for staff without a mail address: for which team, used or not; the code as a hash"),
        _l("Until the round closes"),
    ),
    "pulse_telling": (
        _l("What everybody who is asked is still to be told of a round, and how far that has got"),
        _l("Until all are told"),
    ),
    "pulse_result": (_l("Published results by group, from 5 answers on"), None),
    "pulse_comment": (
        _l("Published comments by group, from 8 people who answered on: no person, no time, no order"),
        None,
    ),
    "pulse_node": (_l("The tree of teams as it was when a round opened"), None),
    "pulse_item": (_l("Questions of one’s own"), None),
    "pulse_schedule": (_l("When rounds come, and from how many answers on a result is shown"), None),
}
# Of those in the own file’s list, what goes by itself.
LEFT_OUT_UNTIL: dict[str, LazyString] = {"pulse_member": _l("Until the round closes")}
# What holds an answer, or is made of answers.
ANSWERS = frozenset({"pulse_box", "pulse_result", "pulse_comment"})
