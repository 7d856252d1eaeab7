"""Who reads what several packages know together: groups only, and of staff only what the pulse has published to the same reader."""

from datetime import datetime

from sqlalchemy import Select, false, select, true

from tracker.core.audience import Viewer
from tracker.organisation.policy import by_role, cell
from tracker.reports.mail_models import ReportMail


def reads_perception(viewer: Viewer) -> bool:
    """HR, and whoever leads a team. Which groups they find is the pulse’s to say."""
    as_hr = "hr" in viewer.roles and cell("perception_gap.read", "hr") == "G"
    return as_hr or (viewer.manages and cell("perception_gap.read", "mgr_now") == "G")


def reads_company(viewer: Viewer) -> bool:
    """HR: figures of all customers and of all staff, never of one."""
    return "hr" in viewer.roles and cell("report_cross.read", "hr") == "G"


def reads_cross_report(viewer: Viewer) -> bool:
    """HR, and whoever leads a team: of its own groups (engagement_share.py)."""
    return reads_company(viewer) or (viewer.manages and cell("report_cross.read", "mgr_now") == "G")


def whole_company(at: datetime) -> Viewer:
    """Who reads all groups and nobody by name, as HR does: for what is worked out before anybody asks. What a reader gets of it is
    cut out by the reader’s own rights."""
    return Viewer(person_id=0, name="-", at=at, today=at.date(), roles=frozenset({"hr"}))


def manages_mails(viewer: Viewer) -> bool:
    """Who says to whom reports go by mail. What each of them may read is asked when the mail goes."""
    return by_role("report_mail.manage", viewer)


def mails_managed_by(viewer: Viewer) -> Select[ReportMail]:
    """Those that go on."""
    return select(ReportMail).where(ReportMail.ended_at.is_(None), true() if manages_mails(viewer) else false())
