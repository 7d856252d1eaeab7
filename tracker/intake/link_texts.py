"""What is written to a customer around a link that staff hand over themselves."""

from flask_babel import gettext as _


def text_message(first_name: str, address: str) -> str:
    """To be pasted into a text message, in the language of the moment."""
    return _("You were served by %(name)s. How was it? %(link)s", name=first_name, link=address)
