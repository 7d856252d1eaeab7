"""Texts that a spreadsheet program would run as a formula, made inert for exports and back."""

import re

# Full-width forms count too: some programs turn them into the plain ones.
_RUNS = re.compile("'*(?:[\t\r\n]|\\s*[=+\\-@＝＋－＠])")


def inert(text: str) -> str:
    """Return a text no spreadsheet program takes for a formula: with an apostrophe before it if it needs one."""
    return "'" + text if _RUNS.match(text) else text


def active(text: str) -> str:
    """Undo `inert`: active(inert(text)) == text for every text."""
    return text[1:] if text.startswith("'") and _RUNS.match(text, 1) else text
