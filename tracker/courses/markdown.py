"""A lesson's Markdown as safe HTML."""

from markupsafe import Markup, escape


def render(text: str) -> Markup:
    return Markup("<p>") + escape(text) + Markup("</p>")
