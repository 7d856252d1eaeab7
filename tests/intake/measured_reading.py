"""Reading a file in a small process of its own, for the memory that it takes."""

import resource
import time
from pathlib import Path

from tracker.intake.tables import UnreadableFile, open_table


def read_and_measure(path: Path) -> dict[str, float | str]:
    """Rows read, the sentence of a refusal, megabytes at most on top of what the process had, and seconds."""
    before, began = _peak_kilobytes(), time.monotonic()
    rows, sentence = 0, ""
    try:
        with open_table(path) as table:
            for _ in table.rows():
                rows += 1
    except UnreadableFile as error:
        sentence = error.sentence
    megabytes = (_peak_kilobytes() - before) / 1024
    return {"rows": rows, "sentence": sentence, "megabytes": megabytes, "seconds": time.monotonic() - began}


def _peak_kilobytes() -> int:
    """Not ru_maxrss alone: it survives a fork, so a child starts at its parent's peak and small growth is not seen."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
