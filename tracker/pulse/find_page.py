"""What “Try to find me” says: the sentence, and how it comes about for each question."""

from dataclasses import dataclass, replace

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core.language import number
from tracker.pulse.result_table import label_of, name_of
from tracker.pulse.try_to_find import Found, Search


@dataclass(frozen=True)
class Step:
    """One question of the attack, or several: what is shown around somebody, what can be taken off, what is left."""

    label: str
    left: int | None
    lines: list[str]


def steps(search: Search) -> list[Step]:
    """One for all questions of which the same can be said, smallest rest first."""
    alike: dict[tuple[str, ...], list[Step]] = {}
    for found in search.questions:
        step = _step(found)
        alike.setdefault(tuple(step.lines), []).append(step)
    merged = [replace(same[0], label=", ".join(dict.fromkeys(step.label for step in same))) for same in alike.values()]
    return sorted(merged, key=lambda step: (step.left is None, step.left or 0))


def find_sentence(search: Search) -> str:
    if search.own is None:
        return _("You weren’t asked in this round, so nothing in it is yours.")
    if search.smallest is None:
        return _("Nothing is shown that could hold an answer of yours.")
    return _(
        "With everything that anyone can see, the smallest group that your answers can be narrowed to is %(count)s.",
        count=number(search.smallest, 0),
    )


def _step(found: Found) -> Step:
    label = label_of(found.item)
    if found.remainder is None or found.around is None:
        return Step(label, None, [_("Nothing is shown of this question that could hold an answer of yours.")])
    lines = [_("%(group)s is hidden, so nothing starts there.", group=name_of(node)) for node in found.hidden]
    lines.append(
        _(
            "The smallest group around you that is shown is %(group)s: %(n)s answers.",
            group=name_of(found.around),
            n=number(found.remainder.n, 0),
        )
    )
    if found.remainder.within:
        lines.append(
            ngettext(
                "Within it one group is shown without you: %(taken)s answers can be taken off.",
                "Within it %(num)d groups are shown without you: %(taken)s answers can be taken off.",
                len(found.remainder.within),
                taken=number(found.remainder.taken, 0),
            )
        )
    lines.append(_("That leaves %(left)s, and nothing that is shown tells these apart.", left=found.remainder.left))
    return Step(label, found.remainder.left, lines)
