"""Tables that point at no person, in words: those that hang on something of somebody, and those about customers, teams and the program.

Every table of the database is in the own file, in its list of what is left out, or here: a test holds it.
"""

from flask_babel import lazy_gettext as _l

# They hold no person's number, or no key to one, and still say something of somebody at work.
HANGING_ON = {
    "account_link": (
        _l(
            "Invitations, links for a new password and slips: for which account, made by "
            "whom, used when; the secret as a hash"
        ),
        _l("30 days after it ended"),
    ),
    "terminal_pin": (_l("That somebody has a PIN for shared terminals, as a hash"), _l("Until it is taken out")),
    "lesson_done": (_l("Which lessons of a course somebody has done, and whether they helped"), None),
    "quiz_attempt": (_l("Each go at a check: when, which questions, what result"), None),
    "package_state": (_l("What a package of a course said of somebody’s go: place, result, time spent in it"), None),
    "package_visit": (_l("When somebody opened a package of a course, and when they left it"), None),
    "outbox_mail": (_l("Mails to staff and customers: of what kind, to whom, when; never what they say"), None),
    "push_delivery": (_l("Pushes to a browser: when, without words"), _l("7 days")),
    "throttle": (
        _l("Failed sign-ins and PINs, to slow down guessing; addresses as keyed hashes"),
        _l("Until they no longer count"),
    ),
    "coaching_place": (_l("Whose talk comes first, as it was drawn by lot"), None),
    "rating_import": (_l("Files of ratings: when, by whom, how many rows"), None),
    "encounter_change": (_l("What an interview or observation said before it was put right"), None),
    "recovery_step": (_l("Which reminders of a complaint were sent"), None),
    "recovery_rating": (_l("Which ratings belong to a complaint"), None),
    "recovery_answer": (_l("What a customer said after a complaint was closed"), None),
    "set_aside_vote": (_l("Votes that a mail program seems to have sent, with the signs; who decided"), None),
    "survey_link": (_l("Links by which a customer rates a service; the secret as a hash"), None),
    "team_fall": (_l("That a team of five people or more fell as a whole"), None),
    "rollout_team": (_l("When a team’s turn comes in a course given in waves"), None),
    "training_rollout": (_l("The order of a course given in waves, by lot"), None),
    "training_effect": (_l("What a course changed in ratings, for groups"), None),
    "coaching_effect": (_l("What talks changed in ratings, for the whole company"), None),
    "weekly_check": (_l("That the weekly check ran, how many it could test, by which formula"), None),
    "review_version": (_l("Earlier words of a public review"), None),
    "obstacle_cause": (_l("Names of what stands in the way, and which team answers"), None),
    "team_month": (_l("How many 1, 2, 3, 4 and 5 stars a team got in a month"), None),
    "team_month_people": (_l("How many people of a team were rated in a month"), None),
    "report_figures": (_l("Figures of reports, of the whole company and of groups"), None),
    "shared_terminal": (_l("Shared terminals of a team"), None),
    "post": (_l("Tills, desks, queues and lines of a team"), None),
    "kiosk": (_l("Kiosks for customers"), None),
}
# They say nothing of anybody who works here.
BESIDES = {
    "customer": (_l("Customers, by their number in other programs"), None),
    "customer_contact": (_l("Customers’ mail addresses, sealed apart"), _l("Until nobody writes there any more")),
    "do_not_ask": (_l("Customers who do not want to be asked, as hashes"), _l("Until they may be asked again")),
    "invitation": (_l("Which customers are asked by mail: when, and why not"), _l("The hash of the address: 60 days")),
    "mailed_token": (_l("Secrets of mailed links, as hashes"), None),
    "vote_origin": (_l("From where a mailed link was answered, as a keyed hash"), _l("A day")),
    "organisation": (_l("Name, kind, time zone and language of the organisation"), None),
    "team": (_l("Teams, their working hours and their place in the tree"), None),
    "holiday": (_l("Holidays"), None),
    "touchpoint": (_l("Touchpoints with customers"), None),
    "channel": (_l("Channels by which customers come"), None),
    "driver": (_l("What ratings and courses are about"), None),
    "survey_version": (_l("What customers are asked, in versions"), None),
    "cell_week": (_l("The mean of all ratings of a touchpoint in a week"), None),
    "course_file_part": (_l("Files of courses, in parts"), None),
    "package": (_l("Packages of courses"), None),
    "package_member": (_l("The files in a package"), None),
    "package_member_part": (_l("These files, in parts"), None),
    "coaching_capacity": (_l("How many talks a week leaders can hold"), None),
    "coaching_draw": (_l("That lots were drawn in a week, and the seed"), None),
    "import_mapping": (_l("Which column of a file means what"), None),
    "import_reject": (_l("Rows of a file that could not be used: line and reason"), None),
    "api_answer": (_l("Answers to requests of programs, in case they are sent again"), _l("24 hours")),
    "hook_subscription": (_l("Other programs that are told what happens here"), _l("A day after it was removed")),
    "hook_delivery": (_l("What was sent to them, and whether it arrived"), _l("30 days")),
    "webhook_delivery": (
        _l("What helpdesks have sent, and what became of it"),
        _l("What they sent: 30 days. The rest: for good"),
    ),
    "audit_seal": (_l("The seals of the audit log"), None),
    "heartbeat": (_l("That the timetable runs"), None),
    "folded_month": (_l("Months whose totals are ready"), None),
    "changed_month": (_l("Months in which a rating has changed since"), _l("Until their totals are added up anew")),
    "watermark": (_l("How far each job has got"), None),
}
