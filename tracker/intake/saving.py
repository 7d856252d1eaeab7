"""Saving a file beside the request that asked for it, so that its page can tell how far it is, and stop it.

1. The request begins the import and commits its row. A thread of the same process does the rest, with a session of its own.
2. The request waits a moment: most files are short. After that the page of the import shows how far it is.
3. Stopping takes the import back; the thread finds that at its next batch and ends.
4. When the process dies, the import's lease runs out and the timetable takes it back. The draft is still there to be saved anew.
"""

from collections.abc import Callable
from datetime import datetime
from threading import Thread

import structlog
from flask import Flask, current_app

from tracker.core import logs
from tracker.core.db import db, transaction
from tracker.core.errors import DomainError
from tracker.intake.columns import close_draft
from tracker.intake.importing import ImportResult, begin_import, run_import
from tracker.intake.models import ImportDraft
from tracker.intake.rows import Choices
from tracker.intake.undoing import note_problem
from tracker.intake.uploads import Upload

PATIENCE_SECONDS = 3.0
log = structlog.get_logger()


def save_beside(
    draft: ImportDraft, choices: Choices, *, only_if_clean: bool, at: datetime
) -> tuple[int, ImportResult | None]:
    """The import's id, and its result where it came to its end at once. Commits by itself.

    Raises Conflict while a file of the same source is being imported."""
    draft_id, by, path = draft.id, draft.owner_id, Upload.path(draft.token, draft.owner_id)
    import_id = begin_import(choices, draft.file_name, by=by, at=at)
    results: list[ImportResult] = []

    def save() -> None:
        result = run_import(import_id, path, choices, by=by, at=at, only_if_clean=only_if_clean)
        if not (only_if_clean and result.rejected):
            with transaction():
                mine = db.session.get(ImportDraft, draft_id)
                if mine is not None:  # nobody has started again meanwhile
                    close_draft(mine, is_saved=True)
        results.append(result)

    thread = Thread(
        target=_run_with_context,
        args=(current_app._get_current_object(), import_id, save),  # type: ignore[attr-defined]  # the app behind the proxy
        name=f"import-{import_id}",
        daemon=True,
    )
    thread.start()
    thread.join(PATIENCE_SECONDS)
    return import_id, next(iter(results), None)


def _run_with_context(app: Flask, import_id: int, save: Callable[[], None]) -> None:
    with app.app_context():
        try:
            save()
        except DomainError as refusal:
            note_problem(import_id, refusal.sentence)
        except Exception as error:  # noqa: BLE001 - whatever it is, it goes to the log and onto the import's page
            log.error("import_failed", import_id=import_id, **logs.where(error))
            note_problem(import_id, f"It could not be finished ({type(error).__name__}). Try again; the log says more.")
        finally:
            db.session.remove()
