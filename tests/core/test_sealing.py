"""Secrets that must be read again are unreadable at rest."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from config import ROOT
from tracker.core.data_key import FILE
from tracker.core.errors import Refused
from tracker.core.sealing import Unreadable, locked, opened, sealed, unlocked


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


def test_what_is_locked_opens_only_where_it_lies_and_only_under_its_key(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(app.config, "KEY_DIR", str(tmp_path / "keys"))
    kept = locked("Only for me.", purpose="note", place="case 1, author 2")
    assert b"Only" not in kept
    assert locked("Only for me.", purpose="note", place="case 1, author 2") != kept
    assert unlocked(kept, purpose="note", place="case 1, author 2") == "Only for me."
    changed = kept[:-1] + bytes([kept[-1] ^ 1])
    wrong = (
        (kept, "note", "case 1, author 3"),
        (kept, "other", "case 1, author 2"),
        (changed, "note", "case 1, author 2"),
    )
    for text, purpose, place in (*wrong, (b"", "note", "case 1, author 2")):
        with pytest.raises(Unreadable):
            unlocked(text, purpose=purpose, place=place)
    monkeypatch.setitem(app.config, "SECRET_KEY", "another" * 8)
    assert unlocked(kept, purpose="note", place="case 1, author 2") == "Only for me."
    (tmp_path / "keys" / FILE).unlink()
    with pytest.raises(Unreadable):
        unlocked(kept, purpose="note", place="case 1, author 2")
    assert list((tmp_path / "keys").iterdir()) == []  # reading makes no key: a lost one is to be noticed
    locked("Something new.", purpose="note", place="case 2, author 2")
    with pytest.raises(Unreadable):
        unlocked(kept, purpose="note", place="case 1, author 2")


def test_a_key_of_the_environment_is_used_and_nothing_is_made(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(app.config, "KEY_DIR", str(tmp_path / "keys"))
    monkeypatch.setitem(app.config, "DATA_KEY", "0123456789abcdef" * 2)
    kept = locked("Only for me.", purpose="note", place="here")
    assert not (tmp_path / "keys").exists()
    monkeypatch.setitem(app.config, "DATA_KEY", "fedcba9876543210" * 2)
    with pytest.raises(Unreadable):
        unlocked(kept, purpose="note", place="here")


def test_processes_that_begin_at_once_agree_on_one_key_that_only_they_can_read(tmp_path: Path) -> None:
    """Real processes: each waits for the same moment, then makes the key, if it finds none."""
    program = (
        "import sys, time\n"
        "from flask import Flask\n"
        "from tracker.core.data_key import data_key_made\n"
        "app = Flask('t'); app.config.update(DATA_KEY='', KEY_DIR=sys.argv[1])\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "with app.app_context(): print(data_key_made().decode())\n"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path / "keys")],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _number in range(4)
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    keys = {process.communicate(timeout=30)[0].strip() for process in started}
    assert len(keys) == 1
    assert len(keys.pop()) == 64
    assert [file.name for file in (tmp_path / "keys").iterdir()] == [FILE]
    assert stat.S_IMODE((tmp_path / "keys" / FILE).stat().st_mode) == 0o600


def test_where_no_key_can_be_kept_it_says_so(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a file where the folder should be")
    monkeypatch.setitem(app.config, "KEY_DIR", str(tmp_path / "keys"))
    with app.test_request_context(), pytest.raises(Refused, match="folder for keys"):
        locked("Only for me.", purpose="note", place="here")
