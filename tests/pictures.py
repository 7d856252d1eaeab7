"""Pictures of every page of the demo company: `python -m tests.pictures [--only WORD]`, into pictures/.

Each page is taken on the device it is made for (`name.png`, and `name-full.png` when it is longer than the screen), in
the dark (`name-dark.png`, `name-dark-full.png`) and on the other device (`name-phone.png` or `name-laptop.png`).
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

from flask import Flask
from playwright.sync_api import Browser, Page

from tests.conftest import NOW
from tests.journeys.chromium import DEVICES, STILL, a_browser
from tests.journeys.company import demo_app
from tests.journeys.serving import Hour, packages_site, serving
from tests.journeys.sights import SIGHTS, Sight, come_in
from tracker.core import clock

FOLDER = Path(__file__).resolve().parent.parent / "pictures"
OTHER = {"phone": "laptop", "tablet": "phone", "laptop": "phone"}


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.pictures")
    parser.add_argument("--only", metavar="WORD", default="", help="only pages whose name holds this word")
    word = parser.parse_args(arguments).only
    sights = [sight for sight in SIGHTS if word in sight.name]
    if not sights:
        sys.stderr.write(f"No page has “{word}” in its name. There are: {', '.join(s.name for s in SIGHTS)}\n")
        return 1
    FOLDER.mkdir(exist_ok=True)
    with ExitStack() as stack:
        browser = stack.enter_context(a_browser())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stack.enter_context(patch.object(clock, "now", Hour(NOW)))
        app = stack.enter_context(demo_app(folder, at=NOW, progress=_loading))
        address = stack.enter_context(serving(app))
        app.config["BASE_URL"], app.config["CONTENT_URL"] = address, packages_site(address)
        _take_all(sights, app, browser, address)
    sys.stderr.write(f"\r{len(sights)} pages are in {FOLDER}\n")
    return 0


def _loading(share: float) -> None:
    sys.stderr.write(f"\rLoading the demo company: {share:4.0%}  ")


def _take_all(sights: Sequence[Sight], app: Flask, browser: Browser, address: str) -> None:
    """One signed-in page for each person on each device; signing in takes longest, on purpose."""
    pages: dict[tuple[str | None, str], Page] = {}
    for number, sight in enumerate(sights, start=1):
        sys.stderr.write(f"\r{number:3} of {len(sights)}: {sight.name:30}")
        for device in (sight.device, OTHER[sight.device]):
            if (sight.who, device) not in pages:
                pages[sight.who, device] = _page(app, browser, address, sight.who, device)
            page = pages[sight.who, device]
            page.goto(address + sight.url(app))
            if sight.first:
                sight.first(page)
            _take(page, sight.name if device == sight.device else f"{sight.name}-{device}")
            if device == sight.device:
                page.emulate_media(color_scheme="dark")
                _take(page, f"{sight.name}-dark")
                page.emulate_media(color_scheme="light")


def _page(app: Flask, browser: Browser, address: str, who: str | None, device: str) -> Page:
    page = browser.new_context(**DEVICES[device], **STILL).new_page()
    come_in(app, page, address, who)
    return page


def _take(page: Page, name: str) -> None:
    """The first screen; and a screen as long as the page, so that what is fixed to its foot stands at its foot."""
    page.screenshot(path=FOLDER / f"{name}.png")
    screen = page.viewport_size
    height = page.evaluate("document.documentElement.scrollHeight")
    if screen and height > screen["height"]:
        page.set_viewport_size({**screen, "height": height})
        page.screenshot(path=FOLDER / f"{name}-full.png")
        page.set_viewport_size(screen)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
