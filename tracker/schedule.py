"""The timetable: everything that happens by itself, one line each. Each job finds what is due by itself and may run any time."""

from tracker.access.jobs import forget_expired
from tracker.api.jobs import forget_answers, note_uses
from tracker.audit.jobs import seal_audit
from tracker.coaching.agreed_jobs import remind_of_agreed
from tracker.coaching.effect_jobs import share_effects
from tracker.coaching.effect_jobs import work_out_effects as work_out_coaching
from tracker.coaching.feedback_jobs import ask_coachees, close_batches
from tracker.coaching.jobs import (
    check_falls,
    close_overdue_cases,
    follow_changes,
    remind,
    rewrite_stale_cards,
    share_cards,
)
from tracker.coaching.team_jobs import tell_of_teams
from tracker.coaching.turn_jobs import draw_and_tell
from tracker.core.outbox import send_due
from tracker.core.tasks import Job
from tracker.disputes.jobs import follow_up
from tracker.falls.jobs import run_replays
from tracker.intake.jobs import ask_whether_it_helped, forget_origins, undo_killed_imports
from tracker.intake.uploads import forget_old_uploads
from tracker.invitations.jobs import decide, forget_addresses
from tracker.invitations.jobs import remind as remind_customers
from tracker.notifications.jobs import write_digests, write_pushes
from tracker.notifications.push_sending import send_due as send_pushes
from tracker.obstacles.jobs import follow_up as follow_up_obstacles
from tracker.pulse.jobs import close_due, open_due
from tracker.pulse.jobs import remind as remind_of_pulse
from tracker.pulse.plan_jobs import follow_plans
from tracker.pulse.preparing import prepare as prepare_pulse
from tracker.pulse.reply_jobs import deliver_replies
from tracker.pulse.telling import tell_due
from tracker.ratings.jobs import fold_months, reconcile_nightly
from tracker.recognition.jobs import share_praise
from tracker.recovery.jobs import close_forgotten, follow_clocks, forget_contacts, replace_owners, take_up_files
from tracker.recovery.limit_jobs import tell_new_limits
from tracker.reports.jobs import work_out as work_out_reports
from tracker.reports.mail_jobs import plan_mails
from tracker.reviews.jobs import follow_up as follow_up_reviews
from tracker.reviews.jobs import read_feeds
from tracker.training.certificate_jobs import remind as remind_of_certificates
from tracker.training.jobs import follow_rules
from tracker.training.jobs import remind as remind_learners
from tracker.training.renewals import assign_renewals
from tracker.training.rollout_jobs import tell_turns, work_out_effects
from tracker.webhooks.inbound_jobs import forget, work_off
from tracker.webhooks.outbound_jobs import forget_log
from tracker.webhooks.outbound_sending import send_due as send_webhooks

TIMETABLE = (
    Job("imports.undo_killed", "takes back files of ratings whose import was killed half way", undo_killed_imports),
    Job(
        "ratings.reconcile",
        "every night: proves that the weekly rollup equals the ratings, and mends it with an alarm; so for one month of the reports",
        reconcile_nightly,
    ),
    Job(
        "falls.check",
        "Mondays 04:00 in the last of the teams’ zones: everybody’s figures, and who has fallen",
        check_falls,
    ),
    Job(
        "ratings.fold_months",
        "adds up what customers said of each team in a month that is over, or has changed since",
        fold_months,
    ),
    Job(
        "reports.figures",
        "what reports show of the company as a whole: when a month is over, has changed, and once a day",
        work_out_reports,
    ),
    Job(
        "reports.mail",
        "when a month can be read: plans the monthly mails of reports, each for its recipient’s next working morning",
        plan_mails,
    ),
    Job("coaching.turns", "after the weekly check, where it is wanted: draws whose talk comes first", draw_and_tell),
    Job(
        "coaching.effects",
        "after the weekly check: what became of ratings after each talk, and what coaching changes in the company",
        work_out_coaching,
    ),
    Job(
        "coaching.share_effects",
        "24 hours after a person’s next working morning: who leads them gets it",
        share_effects,
    ),
    Job(
        "cards.rewrite",
        "makes cards anew whose ratings were left out, re-attributed or taken back",
        rewrite_stale_cards,
    ),
    Job("cards.share", "24 hours after a person’s next working morning: everybody else gets the new card", share_cards),
    Job(
        "falls.tell_teams",
        "a team that fell as a whole: one word to who leads above it, when the head start of those in it is over",
        tell_of_teams,
    ),
    Job(
        "coaching.follow",
        "open talks of people who left, whose leader changed, or on a day on which somebody is away now",
        follow_changes,
    ),
    Job("coaching.remind", "talks that wait: the manager, then above, each step once", remind),
    Job("coaching.ask", "two working days after a talk: asks the person how it was, once a case", ask_coachees),
    Job("coaching.sum_up", "once a month: sums up what five people or more said of their talks", close_batches),
    Job("coaching.agreed", "what was agreed in a talk and is due: who owns it, once", remind_of_agreed),
    Job("coaching.close", "closes cases after 16 weeks", close_overdue_cases),
    Job(
        "disputes.follow_up",
        "second looks: finds who answers, asks once for a late answer, and lets checks count the rating again after 10 working days",
        follow_up,
    ),
    Job(
        "obstacles.follow_up",
        "what stands in the way: asks for a team that answers, reminds it before and on the day, then above, each step once",
        follow_up_obstacles,
    ),
    Job(
        "invitations.decide",
        "decides which customers are asked for a rating now, by day and at most once in 30 days, and queues their mails",
        decide,
    ),
    Job("invitations.remind", "one reminder after 3 days for customers who have not answered", remind_customers),
    Job("invitations.forget", "deletes customers’ addresses that nobody writes to any more", forget_addresses),
    Job("votes.forget", "forgets after a day from where mailed links were answered", forget_origins),
    Job("reviews.read_feeds", "every quarter of an hour: reads the feeds of public reviews", read_feeds),
    Job("reviews.follow_up", "public reviews: asks once for a late answer, then once above", follow_up_reviews),
    Job(
        "praise.share",
        "every ten minutes: which praise of customers may stand on the team’s wall, and from when",
        share_praise,
    ),
    Job("complaints.take_up", "takes up the low ratings that files have brought, some at a time", take_up_files),
    Job("complaints.clocks", "complaints that wait: who takes care of them, then above, each step once", follow_clocks),
    Job("complaints.owners", "gives complaints of whoever is away or gone to somebody who is here", replace_owners),
    Job(
        "complaints.ask",
        "two days after a complaint was closed: one mail that asks the customer whether it helped, or a note why not",
        ask_whether_it_helped,
    ),
    Job(
        "complaints.limits",
        "what staff may give without asking has changed: word to whoever may give another amount than before",
        tell_new_limits,
    ),
    Job("complaints.end", "ends complaints after 14 days that nobody could be called about", close_forgotten),
    Job("complaints.forget", "forgets how to reach a customer 30 days after the complaint was closed", forget_contacts),
    Job(
        "pulse.prepare", "makes the next round of the pulse ready, a week before it opens, and tells HR", prepare_pulse
    ),
    Job(
        "pulse.open",
        "opens planned rounds of the pulse, and tells everybody who is asked; one that could not open until fewer than 3 days were "
        "left becomes a draft again, and HR is told",
        open_due,
    ),
    Job(
        "pulse.remind",
        "rounds of the pulse, on their third and fifth day: everybody who is asked, in the same words",
        remind_of_pulse,
    ),
    Job("pulse.tell", "tells everybody who is asked of a round and its reminders, some thousands at a time", tell_due),
    Job(
        "pulse.close",
        "closes rounds of the pulse, publishes what may be shown, destroys the key and every trace of a ballot",
        close_due,
    ),
    Job(
        "pulse.plans",
        "actions about results of the pulse: on its day whose it is, three working days later who made it; notes a measure that moved",
        follow_plans,
    ),
    Job(
        "pulse.replies",
        "every morning: delivers what writers of comments have added, all together, so that no time says who it was",
        deliver_replies,
    ),
    Job("training.rules", "every hour: rules that assign courses by themselves", follow_rules),
    Job("training.turns", "a week before a team’s turn in a rollout: word to who leads it", tell_turns),
    Job("training.effects", "every night: what courses changed in customers’ ratings", work_out_effects),
    Job("training.remind", "courses that are due soon or late: the learner, then who leads them", remind_learners),
    Job(
        "certificates.renew",
        "14 days before a certificate ends: assigns its course to whoever is still here, once",
        assign_renewals,
    ),
    Job(
        "certificates.remind",
        "certificates that end: the person 90, 60, 30, 14 and 7 days before and on the day, who leads them at 30, at 7 and on the day",
        remind_of_certificates,
    ),
    Job(
        "notifications.digest",
        "turns what is new into mails as each person chose: one a day in working hours, or at once",
        write_digests,
    ),
    Job("notifications.push", "plans a push for what is new, to browsers that take them", write_pushes),
    Job("outbox.send", "sends what is in the outbox", send_due),
    Job("audit.seal", "chains the audit’s new entries", seal_audit),
    Job("uploads.forget", "deletes uploaded files that nobody went on with for a day", forget_old_uploads),
    Job("api.note_uses", "writes down the day each token of another program was last used", note_uses),
    Job("api.forget", "forgets answers kept for Idempotency-Key after 24 hours", forget_answers),
    Job("webhooks.work_off", "works off what helpdesks have sent, each delivery once", work_off),
    Job("webhooks.forget", "deletes what helpdesks have sent after 30 days; what became of it stays", forget),
    Job("webhooks.forget_log", "forgets the log of outgoing webhooks after 30 days", forget_log),
    Job("falls.replay", "replays of last year’s checks whose process was killed", run_replays),
    Job("access.forget", "forgets ended sessions, spent links and old failures", forget_expired),
    Job("push.send", "sends pushes that are due, never in quiet hours, and tries again", send_pushes),
    # The last one: a receiver that is slow holds up nothing else in its round.
    Job("webhooks.send", "sends events to other programs, and tries again", send_webhooks),
)
