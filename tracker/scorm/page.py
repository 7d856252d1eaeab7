"""What the page of a package shows: its frame, the parts there are and how far each is, and the ways on."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app, url_for
from flask_babel import gettext as _

from tracker.courses.content import Lesson
from tracker.scorm.content_tokens import make_token
from tracker.scorm.launching import pseudonym
from tracker.scorm.manifest import Item
from tracker.scorm.models import PackageState, PackageVisit
from tracker.scorm.queries import is_finished, items_of, states_of


@dataclass(frozen=True)
class Part:
    """One item in the list beside the frame. `words` say how far it is; empty when it was never opened."""

    item: Item
    words: str
    is_here: bool


@dataclass(frozen=True)
class PackagePage:
    """`obstacle`: why nothing can be played here, in a sentence; then there is no frame."""

    visit: PackageVisit
    lesson: Lesson
    parts: list[Part]
    before: Item | None
    after: Item | None
    is_finished: bool
    obstacle: str | None

    @property
    def here(self) -> Part:
        return next(part for part in self.parts if part.is_here)

    @property
    def origin(self) -> str:
        """Of the packages’ own site."""
        return content_origin()

    @property
    def own_origin(self) -> str:
        """The one address under which the packages’ site lets itself be shown."""
        base = urlsplit(current_app.config["BASE_URL"])
        return f"{base.scheme}://{base.netloc}"

    @property
    def frame_address(self) -> str:
        token = make_token(current_app.config["SECRET_KEY"], self.visit.package_id, self.visit.item)
        return f"{content_origin()}/{token}/wrapper"

    @property
    def address(self) -> str:
        return url_for("scorm.package", id=self.visit.id)

    @property
    def opening(self) -> str:
        """Where another visit is opened."""
        return url_for("scorm.open_package", run=self.visit.run_id, key=self.visit.lesson_key)

    @property
    def run_address(self) -> str:
        return f"/training/runs/{self.visit.run_id}"

    @property
    def who(self) -> str:
        """The learner, for what is kept on a device: nobody else's page takes it up."""
        return pseudonym(current_app.config["SECRET_KEY"], of="learner", id=self.visit.run.person_id)


def page_of(visit: PackageVisit, lesson: Lesson) -> PackagePage:
    items, states = items_of(visit.package), states_of(visit.run_id, visit.lesson_key)
    place = next((at for at, item in enumerate(items) if item.key == visit.item), 0)
    return PackagePage(
        visit=visit,
        lesson=lesson,
        parts=[Part(item, words_of(states.get(item.key)), at == place) for at, item in enumerate(items)],
        before=items[place - 1] if place else None,
        after=items[place + 1] if place + 1 < len(items) else None,
        is_finished=all(is_finished(states.get(item.key)) for item in items),
        obstacle=_obstacle(),
    )


def words_of(state: PackageState | None) -> str:
    """How far an item is."""
    if state is None:
        return ""
    if state.passed is False:
        return _("Not passed yet")
    if state.completed_at is None:
        return _("Begun")
    return _("Passed") if state.passed else _("Done")


def content_origin() -> str:
    return str(current_app.config["CONTENT_URL"])


def _obstacle() -> str | None:
    if content_origin():
        return None
    return _("Packages can’t be opened yet: whoever runs this service has to set CONTENT_URL.")
