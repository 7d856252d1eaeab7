"""What is kept on staff, in words: by section of the own file, which names the tables it speaks for. A test holds the keys equal.

Where something goes by itself, or when its person wants it, the second text says when; None: nothing deletes it by itself.
"""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

Words = tuple[LazyString, LazyString | None]
FACTS: tuple[tuple[LazyString, dict[str, Words]], ...] = (
    (
        _l("Person, place of work, sign-in"),
        {
            "you": (
                _l(
                    "Staff number, name, mail address, language, contract, first and last day; "
                    "the account with its password as a hash"
                ),
                None,
            ),
            "teams": (_l("In which team, from when to when"), None),
            "teams_led": (_l("Which teams somebody led or stood in for, from when to when"), None),
            "roles": (
                _l("Roles: HR, administrator; since when and by whom"),
                _l("Until the role is taken; the log says that it was"),
            ),
            "days_away": (_l("From when to when somebody is away; not why"), _l("Until it is taken out")),
            "shifts": (_l("Who was to hold which till, desk, queue or line, from when to when"), None),
            "sign_ins": (
                _l(
                    "Sign-ins: when one began, the day it was last used, when it ended, which "
                    "browser, at which shared terminal"
                ),
                _l("30 days after it ended"),
            ),
            "messages": (_l("Messages in the inbox: of what kind, when, and whether they were read"), None),
            "what_comes_how": (_l("Which messages come by mail and by push, as each chose"), None),
            "quiet_hours": (_l("Quiet hours, as each chose"), None),
            "browsers_told": (_l("Browsers that take pushes"), _l("Until the browser is signed out")),
            "what_you_did": (
                _l(
                    "The audit log: what each did in the product and when, and what was done "
                    "about them; without words of others"
                ),
                None,
            ),
        },
    ),
    (
        _l("Ratings and what is worked out from them"),
        {
            "ratings": (
                _l("Each rating by a customer: stars, words, day, place, what it was about, and whose service it was"),
                _l("Until the customer takes it back, or the import it came with is undone"),
            ),
            "ratings_helped_with": (_l("Who else helped with a service that was rated"), None),
            "ratings_credited_anew": (_l("That a rating was credited to somebody else, by whom and why"), None),
            "handed_on": (_l("That a service was handed on after it was rated"), None),
            "service": (
                _l(
                    "Each service on record: when it ended, where, by whom, for which customer; where other programs "
                    "say so, when it began, how long the queue was, and its outcome"
                ),
                None,
            ),
            "score": (
                _l("The score card of the last check: score, number of ratings, expected range, what the check found"),
                _l("Until the next check: its card takes the place of this one"),
            ),
            "score_12_weeks": (_l("Twelve weeks of it as a line"), _l("Worked out when it is read")),
            "score_by_touchpoint": (_l("The same by touchpoint"), _l("Worked out when it is read")),
            "score_by_driver": (_l("The same by what ratings are about"), _l("Worked out when it is read")),
            "score_worked_out": (_l("The formula with the person’s own figures"), _l("Worked out when it is read")),
            "stars_by_week": (_l("How many 1, 2, 3, 4 and 5 stars in each week"), None),
            "my_side": (_l("Somebody’s own side of a rating"), _l("Until its author takes it out")),
            "saved_for_talk": (_l("Ratings that somebody keeps for a talk"), _l("Until they let go of it")),
            "points_for_talk": (_l("Points that somebody keeps for a talk"), _l("Until they take it out")),
            "read": (_l("That somebody has read own ratings or an own case"), None),
            "second_looks": (_l("Second looks: what was asked, said and answered"), None),
            "face_to_face": (
                _l("Interviews and observations: who noted what about whom, and the person’s own view"),
                _l("What is taken back stays, and nobody else reads it"),
            ),
            "complaints": (
                _l("Complaints about one’s own service: how they went, without the customer"),
                _l("Worked out when it is read"),
            ),
            "complaints_put_right": (
                _l("Complaints that somebody took care of, was named in, or closed"),
                _l("How to reach the customer: 30 days after it was closed. The rest: for good"),
            ),
            "given_on_the_spot": (
                _l("What somebody gave customers on the spot or agreed to, and their limit of that day"),
                _l("As long as the complaint"),
            ),
            "reviews_naming_you": (_l("Public reviews that name somebody"), None),
            "obstacles": (_l("What somebody said stood in the way of a customer"), _l("Its words go with the rating")),
        },
    ),
    (
        _l("Talks"),
        {
            "talks": (
                _l(
                    "Each talk that the weekly check suggested: what the check found, the person’s reply, "
                    "ratings before and after, when and why it was closed"
                ),
                None,
            ),
            "talks_held": (
                _l("When a talk was set, moved, held or called off, where, by whom, and its shared note"),
                None,
            ),
            "talks_agreed": (_l("What was agreed in a talk, by when, and whether it was done"), None),
            "talks_put_off": (_l("That reminders of a talk were put off, by whom and why"), None),
            "talk_agenda": (_l("Points put down for a talk, by both"), _l("Until its author takes it back")),
            "talk_hand_overs": (_l("Hand-over notes for whoever leads next"), _l("Until its author takes it away")),
            "asked_how_talks_were": (
                _l("That somebody was asked how a talk was, and whether they answered; not what"),
                None,
            ),
            "said_of_your_talks": (_l("What five people or more said of talks somebody held, summed up"), None),
        },
    ),
    (
        _l("Training"),
        {
            "courses_assigned": (
                _l("Which courses somebody was given, by whom or which rule, why, until when, and how it ended"),
                None,
            ),
            "courses_begun": (
                _l("Each go at a course: when it began, where one was last, when and how it ended"),
                None,
            ),
            "course_answers": (
                _l(
                    "Each answer in a check: what was given, whether it was right, how "
                    "sure, and the marks of free answers"
                ),
                None,
            ),
            "course_repeats": (_l("Which questions come again, when, and how often they were right"), None),
            "courses_finished": (_l("Courses finished: when, with what result, and who attested it"), None),
            "certificates": (_l("Certificates: from when to when, and which one took their place"), None),
            "courses_wished_for": (_l("Courses somebody wished for"), _l("Until the course is begun")),
        },
    ),
    (
        _l("Thanks"),
        {
            "thanks_to_you": (
                _l("Thanks, praise and stories with somebody in them, and whether they agreed to be shown"),
                None,
            ),
            "thanks_by_you": (_l("Thanks and stories that somebody wrote"), None),
            "off_the_wall": (_l("That somebody does not want to stand on the wall"), _l("Until they want to again")),
        },
    ),
)
LEFT_OUT_UNTIL: dict[str, LazyString] = {
    "coach_feedback_answer": _l("Until five people’s are summed up"),
    "import_draft": _l("A day"),
    "private_note": _l("Until its author takes it away"),
    "course_file": _l("Until it is taken out of the course"),
    "reply_template": _l("Until it is taken off the list"),
    "recovery_owner_rule": _l("Until somebody else is chosen"),
    "giving_limit": _l("For good: what was chosen before stays readable"),
}
WORDS: dict[str, Words] = {key: words for _theme, facts in FACTS for key, words in facts.items()}
