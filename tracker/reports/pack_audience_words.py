"""Who each group of routes is for, and what each part of the product is called where its addresses are listed."""

from flask_babel import lazy_gettext as _l

from tracker.core.audience import Audience

AUDIENCES = {
    Audience.PUBLIC: (
        _l("Anybody, without signing in"),
        _l("The door, help for browsers and machines, and a description of the interface for programs."),
    ),
    Audience.CUSTOMERS: (
        _l("Customers, by a link, a slip or a kiosk"),
        _l("The secret in the address, or in the kiosk’s cookie, is the right. Slips of the pulse come in here too."),
    ),
    Audience.MEMBERS: (
        _l("Everybody who is signed in"),
        _l(
            "What each finds there the rights above decide, for each record and at each "
            "request: what is not theirs is not found."
        ),
    ),
    Audience.MANAGERS: (
        _l("Who leads a team today"),
        _l("As its manager, or as a deputy in the days of standing in; of the own team only."),
    ),
    Audience.OFFICE: (_l("HR and administrators"), _l("Whoever holds one of the two roles.")),
    Audience.HR: (_l("HR"), _l("Whoever holds the role HR.")),
    Audience.ADMINS: (_l("Administrators"), _l("Whoever holds the role of administrator.")),
    Audience.API_CLIENTS: (
        _l("Other programs, with a token"),
        _l("A token acts as the administrator who made it, through the same rights, and stops with that role."),
    ),
}
# By blueprint; what has none (the files of pages) stands under "".
PARTS = {
    "": _l("Style sheet, scripts and marks"),
    "access": _l("Signing in, own account, shared terminals"),
    "accounts": _l("Letting people in and shutting them out"),
    "api": _l("Interface for programs"),
    "api_page": _l("Description of the interface for programs"),
    "case": _l("Own words and points in a talk"),
    "certificates": _l("Certificates"),
    "choices": _l("Mail, push and quiet hours"),
    "coach_feedback": _l("How talks were"),
    "coaching": _l("Talks"),
    "coaching_clock": _l("Talks that wait, and their reminders"),
    "coaching_effect": _l("Whether talks help"),
    "complaint_owners": _l("Who takes care of complaints"),
    "courses": _l("Writing courses"),
    "credits": _l("Who is credited, who helped"),
    "customer_report": _l("Reports: customers"),
    "disputes": _l("Second looks"),
    "doors": _l("Doors for helpdesks"),
    "fairness": _l("Reports: fairness audit"),
    "giving_limits": _l("What may be given on the spot"),
    "report_files": _l("Reports as files"),
    "report_mails": _l("Reports by mail"),
    "api_reports": _l("Reports for programs"),
    "engagement_report": _l("Reports: engagement and customers"),
    "falls": _l("Settings of the weekly check"),
    "feeds": _l("Feeds of public reviews"),
    "health": _l("Whether the product runs"),
    "home": _l("My feedback, team board, help, mail, audit log"),
    "hooks": _l("Deliveries of helpdesks"),
    "intake": _l("Rating links, kiosks, files, tray, what customers are asked"),
    "interviews": _l("Interviews and observations"),
    "invitations": _l("Customers who are asked by mail"),
    "notifications": _l("Inbox"),
    "obstacles": _l("What stood in the way"),
    "organisation": _l("People, teams, absences, settings"),
    "outgoing": _l("Events for other programs"),
    "own": _l("Own additions, own file"),
    "pages": _l("The mark"),
    "people_import": _l("People from a file"),
    "plans": _l("Actions about results of the pulse"),
    "posts": _l("Posts and shifts"),
    "publishing": _l("Publishing courses"),
    "pulse_answers": _l("Answering the pulse"),
    "pulse_questions": _l("Own questions of the pulse"),
    "pulse_replies": _l("Answers to comments of the pulse"),
    "pulse_reply_door": _l("Answers to one’s own comment, by its code"),
    "pulse_results": _l("Results of the pulse"),
    "pulse_rounds": _l("Rounds of the pulse"),
    "pulse_slips": _l("Answering the pulse with a slip"),
    "recognition": _l("Thanks and stories"),
    "recovery": _l("Complaints"),
    "replies": _l("Texts for answers"),
    "reports": _l("Reports"),
    "review_import": _l("Public reviews from a file"),
    "reviews": _l("Public reviews"),
    "scorm": _l("Packages of courses"),
    "shift_import": _l("Shifts from a file"),
    "team_falls": _l("Teams that fell as a whole"),
    "tokens": _l("Tokens of other programs"),
    "training": _l("Training"),
    "verification": _l("Checking a certificate"),
    "works_council": _l("This pack"),
}
