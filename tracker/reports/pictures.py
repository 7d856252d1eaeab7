"""Pictures of reports: each is drawn twice, for a phone and for a laptop. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

PHONE, WIDE = 326, 460  # pixels; beside the sentences of a section


@dataclass(frozen=True)
class Drawn:
    """The same for phone and laptop."""

    phone: Markup
    wide: Markup


def drawn_twice(picture: Callable[[int], Markup], *, wide: int = WIDE) -> Drawn:
    """picture: from its width in pixels."""
    return Drawn(picture(PHONE), picture(wide))
