"""The pages that a PIN opens at a shared terminal: one’s own, and no other. What stands in no line here stays shut.

Names of views, as in tests/house/routes.txt. A test holds each of them to be there and to be for everybody who is signed in.
A view may show more to who leads the team: with a PIN nobody leads (organisation.policy.manages) and nobody holds a role.
"""

OWN_PAGES = frozenset(
    {
        "access.sign_out",
        "certificates.certificate",
        "coaching.case",
        "coaching.reply",
        "coaching.tick_agreed",
        "courses.file",
        "credits.helped",
        "credits.ledger",
        "disputes.ask",
        "disputes.asking",
        "disputes.dispute",
        "home.explained",
        "home.my_feedback",
        "home.my_ratings",
        "home.start",
        "notifications.inbox",
        "notifications.mark_all_read",
        "notifications.open_message",
        "posts.my_posts",
        "reviews.own",
        "scorm.open_package",
        "scorm.package",
        "scorm.save_state",
        "scorm.take_ticket",
        "training.answer",
        "training.answer_again",
        "training.begin_quiz",
        "training.finish",
        "training.rate",
        "training.repeats",
        "training.run",
        "training.start",
        "training.training",
        "training.wish",
        "training.wish_for_course",
    }
)
