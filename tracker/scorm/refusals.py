"""What a package is refused for: one sentence for whoever brings it."""

from tracker.core.errors import Invalid


class UnreadablePackage(Invalid):
    """What cannot be taken as a package."""
