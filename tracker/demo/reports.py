"""What reports show of the demo, by the jobs that work it out every day, once there is enough to report; who gets it by mail."""

from datetime import datetime

from tracker.demo.giving import give_on_the_spot
from tracker.demo.listening import listen_elsewhere
from tracker.demo.report_mails import send_reports
from tracker.ratings.jobs import fold_months
from tracker.reports.jobs import work_out


def work_out_reports(at: datetime) -> None:
    listen_elsewhere(at)
    give_on_the_spot(at)
    for job in (fold_months, work_out):
        while job(at):
            pass
    send_reports(at)
