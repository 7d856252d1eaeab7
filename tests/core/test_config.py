"""Settings: safe defaults, and one sentence about what cannot be right, before anything is made."""

import stat
from pathlib import Path

import pytest

from config import BadSetting, settings_from

KEY = "0123456789abcdef" * 4
PUBLIC = {"BASE_URL": "https://tracker.zawadora.example", "SECRET_KEY": KEY}


def test_an_empty_environment_is_a_private_instance_on_sqlite(tmp_path: Path) -> None:
    settings = settings_from({}, tmp_path / "instance")
    assert (settings.host, settings.port, settings.base_url) == ("127.0.0.1", 5000, "http://127.0.0.1:5000")
    assert settings.database_url == f"sqlite:///{tmp_path / 'instance' / 'tracker.db'}"
    assert (settings.in_production, settings.is_https) == (False, False)


def test_the_made_key_is_kept_is_long_and_is_nobody_elses_to_read(tmp_path: Path) -> None:
    first, second = (settings_from({}, tmp_path) for _ in range(2))
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) == 64
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert settings_from({}, tmp_path / "other").secret_key != first.secret_key


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"PORT": "http"}, "PORT"),
        ({"PORT": "70000"}, "PORT"),
        ({"PORT": "-1"}, "PORT"),
        ({"PRIVATE_HOSTS": "chat.internal"}, "chat.internal"),
        ({"PRIVATE_HOSTS": "http://chat.internal:3000"}, "PRIVATE_HOSTS"),
        ({"BASE_URL": "tracker.example"}, "BASE_URL"),
        ({"BASE_URL": "ftp://tracker.example"}, "BASE_URL"),
        ({"BASE_URL": "http://tracker.example", "SECRET_KEY": KEY}, "without https"),
        ({"BASE_URL": "https://tracker.example"}, "SECRET_KEY is not set"),
        ({**PUBLIC, "SECRET_KEY": "short"}, "SECRET_KEY"),
        ({**PUBLIC, "SECRET_KEY": "a" * 64}, "SECRET_KEY"),
        ({**PUBLIC, "SECRET_KEY": KEY[:31]}, "SECRET_KEY"),
        ({"SECRET_KEY": "changeme"}, "SECRET_KEY"),
        ({"DATA_KEY": "changeme"}, "DATA_KEY"),
        ({"SMTP_URL": "mail.example"}, "SMTP_URL"),
        ({"SMTP_URL": "http://mail.example"}, "SMTP_URL"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL"),
        ({"TASKS": "celery"}, "TASKS"),
        ({"CONTENT_URL": "packages.example"}, "CONTENT_URL"),
        ({"CONTENT_URL": "https://packages.example/path"}, "without a path"),
        ({"CONTENT_URL": "https://packages.example:99999999"}, "CONTENT_URL"),
        ({"CONTENT_URL": "http://127.0.0.1:5001"}, "same host"),
        ({**PUBLIC, "CONTENT_URL": "https://tracker.zawadora.example:8443"}, "same host"),
        ({**PUBLIC, "CONTENT_URL": "http://packages.zawadora.example"}, "without https"),
    ],
)
def test_what_cannot_be_right_is_one_sentence_and_makes_nothing(
    tmp_path: Path, environment: dict[str, str], words: str
) -> None:
    instance = tmp_path / "instance"
    with pytest.raises(BadSetting) as caught:
        settings_from({"DATABASE_URL": "sqlite:///elsewhere.db", **environment}, instance)
    sentence = str(caught.value)
    assert words in sentence
    assert "\n" not in sentence
    assert sentence.endswith(".")
    assert not instance.exists()
    assert KEY not in sentence


def test_a_public_address_needs_nothing_else_and_loses_its_last_slash(tmp_path: Path) -> None:
    settings = settings_from({**PUBLIC, "BASE_URL": "https://tracker.zawadora.example/"}, tmp_path)
    assert settings.base_url == "https://tracker.zawadora.example"
    assert (settings.in_production, settings.is_https) == (True, True)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_an_address_on_this_machine_is_no_production(tmp_path: Path, host: str) -> None:
    assert not settings_from({"BASE_URL": f"http://{host}:8000"}, tmp_path).in_production


def test_listening_everywhere_is_shown_as_an_address_that_can_be_opened(tmp_path: Path) -> None:
    assert settings_from({"HOST": "0.0.0.0", "PORT": "8000"}, tmp_path).base_url == "http://127.0.0.1:8000"  # noqa: S104


def test_an_empty_setting_is_as_good_as_none(tmp_path: Path) -> None:
    assert settings_from({"SMTP_URL": "", "PORT": "", "SECRET_KEY": ""}, tmp_path).smtp_url == ""


def test_hosts_inside_are_kept_in_one_spelling(tmp_path: Path) -> None:
    settings = settings_from({"PRIVATE_HOSTS": " Chat.internal:3000 ,, 10.0.0.8:80,"}, tmp_path)
    assert settings.private_hosts == "chat.internal:3000,10.0.0.8:80"


@pytest.mark.parametrize(
    ("environment", "content_url", "second_port"),
    [
        ({}, "http://localhost:5001", 5001),
        ({"PORT": "8000", "HOST": "0.0.0.0"}, "http://localhost:8001", 8001),  # noqa: S104 - only read here
        ({"BASE_URL": "http://localhost:5000"}, "http://127.0.0.1:5001", 5001),
        ({"CONTENT_URL": "http://localhost:5055/"}, "http://localhost:5055", 5055),
        ({"CONTENT_URL": "http://localhost:5000"}, "http://localhost:5000", None),
        ({"PORT": "65535"}, "", None),
        ({"PORT": "0"}, "", None),
        (PUBLIC, "", None),
        ({**PUBLIC, "CONTENT_URL": "https://packages.zawadora.example"}, "https://packages.zawadora.example", None),
    ],
)
def test_packages_have_a_site_of_their_own(
    tmp_path: Path, environment: dict[str, str], content_url: str, second_port: int | None
) -> None:
    settings = settings_from(environment, tmp_path)
    assert (settings.content_url, settings.content_port) == (content_url, second_port)
