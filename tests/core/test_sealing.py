"""Secrets that must be read again are unreadable at rest."""

import pytest
from flask import Flask

from tracker.core.sealing import Unreadable, opened, sealed


def test_only_the_same_purpose_and_key_read_it(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        kept = sealed("whsec_1234", purpose="hook")
        assert "1234" not in kept
        assert sealed("whsec_1234", purpose="hook") != kept  # equal secrets do not look equal
        assert opened(kept, purpose="hook") == "whsec_1234"
        for text, purpose in ((kept, "door"), (kept[:-8] + "AAAAAAA=", "hook"), ("", "hook"), ("ü", "hook")):
            with pytest.raises(Unreadable):
                opened(text, purpose=purpose)
        monkeypatch.setitem(app.config, "SECRET_KEY", "another" * 8)
        with pytest.raises(Unreadable):
            opened(kept, purpose="hook")
