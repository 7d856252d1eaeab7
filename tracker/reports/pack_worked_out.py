"""What is worked out from what is kept, about whom, and where it is explained.

Every file of the arithmetic is named by one entry, which a test holds: a new kind of figure cannot come without its words.
"""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

PERSON, GROUPS, BOTH = _l("one person"), _l("groups only"), _l("one person, and groups")


@dataclass(frozen=True)
class Worked:
    """anchor: where “How scores are worked out” explains it, or nothing; files: of the arithmetic that stands behind it."""

    name: LazyString
    about: LazyString
    says: LazyString
    anchor: str | None
    files: tuple[str, ...]


WORKED_OUT = (
    Worked(
        _l("Score"),
        PERSON,
        _l(
            "The plain mean of stars of the last 4 whole weeks, from 10 ratings on; else of 13. Beside "
            "it a steadier figure, shown only with the formula."
        ),
        "score",
        ("scores", "cards", "weeks", "merging"),
    ),
    Worked(
        _l("Expected range"),
        PERSON,
        _l(
            "Where the score should lie if nothing had changed: from the person’s own year "
            "before, with the same kinds of customers."
        ),
        "range",
        ("baselines",),
    ),
    Worked(
        _l("By touchpoint, and what ratings are about"),
        PERSON,
        _l("The same ratings taken apart, from 10 on, with the range that chance leaves open."),
        "parts",
        ("parts",),
    ),
    Worked(
        _l("The weekly check"),
        BOTH,
        _l(
            "Whether a score lies lower than chance explains; also of whole teams of 5 people or more. The person "
            "hears of it 24 hours before anybody else. What follows is a talk."
        ),
        "check",
        ("falls", "budget"),
    ),
    Worked(
        _l("How customers were chosen"),
        BOTH,
        _l(
            "A grade from A to D that says how far ratings can be trusted as a sample. It changes no "
            "score. HR reads it in groups of 5 people or more."
        ),
        None,
        ("signal",),
    ),
    Worked(
        _l("Short and long queues, parts of the day"),
        PERSON,
        _l("Whether somebody’s ratings differ with the work, on the page of a talk."),
        None,
        ("contrast",),
    ),
    Worked(
        _l("Ratings before and after a talk"),
        BOTH,
        _l(
            "For one talk in words, with what would have come back by itself; whether "
            "talks help at all, for groups only."
        ),
        "talks",
        ("counterfactual", "dips", "coached", "followed", "effects", "intervals"),
    ),
    Worked(
        _l("What a course changed"),
        GROUPS,
        _l("Ratings of teams that did a course, against those that did not yet. Never for one person."),
        "training",
        ("rollout",),
    ),
    Worked(
        _l("Results of the pulse"),
        GROUPS,
        _l(
            "Means and shares by group, from 5 answers on, and only where no smaller group can be worked out from them."
        ),
        None,
        ("disclosure",),
    ),
    Worked(
        _l("What staff think, what customers say"),
        GROUPS,
        _l("Published shares of the pulse beside shares of ratings, with the range of the gap between them."),
        "perception",
        ("proportions",),
    ),
    Worked(
        _l("Engagement, and what customers say"),
        GROUPS,
        _l(
            "Whether customers’ ratings of teams, and their complaints, follow the pulse of the same groups, month by month, with how "
            "far that may be chance. "
            "From published cells of the pulse alone; never for one person."
        ),
        "engagement",
        ("linkage", "many"),
    ),
    Worked(
        _l("Customers who are happy every time"),
        GROUPS,
        _l(
            "How many customers were happy all of their last three times, and which touchpoints stood in the way. Never by employee."
        ),
        "happy",
        ("consistency", "planner"),
    ),
    Worked(
        _l("The same customers, stage by stage and again"),
        GROUPS,
        _l(
            "Ratings of the same customers at two stages, and of new ones against those who come again. Never by employee."
        ),
        "same-customers",
        ("paired",),
    ),
    Worked(
        _l("Complaints by month"),
        GROUPS,
        _l(
            "Complaints for each 1,000 ratings, also against a year ago, with the range that chance leaves open. Of the company as a whole."
        ),
        "report-complaints",
        ("rates",),
    ),
    Worked(
        _l("Fairness of the check"),
        GROUPS,
        _l(
            "Whether scores and alerts differ by contract, language, time here or shift: groups of 20 people or more, never by team."
        ),
        "fairness",
        ("fairness",),
    ),
    Worked(
        _l("What was given on the spot"),
        GROUPS,
        _l(
            "How many complaints were solved with something given, and how many within the own limit without asking. "
            "Five people or more behind each figure; what one person gave stands in the complaint and in their own file alone."
        ),
        "engagement",
        (),
    ),
    Worked(
        _l("Customers won back"),
        GROUPS,
        _l(
            "How many customers say that a complaint was put right, with bounds for those "
            "who do not say; from 5 closed complaints on."
        ),
        None,
        ("recovered",),
    ),
)
