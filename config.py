"""Settings from the environment: typed, with safe defaults, and loud when one of them cannot be right."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent
SECRET_KEY_LENGTH = 32
LONGEST_WAIT_MINUTES = 7 * 24 * 60
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class BadSetting(ValueError):
    """A setting that cannot be used; the message is one sentence for the operator."""


@dataclass(frozen=True)
class Settings:
    """Everything the environment decides. `docs/operators.md` explains each line; a test keeps the two equal."""

    host: str = "127.0.0.1"
    port: int = 5000
    database_url: str = ""
    secret_key: str = ""
    base_url: str = ""
    content_url: str = ""
    smtp_url: str = ""
    mail_from: str = "Service tracker <tracker@localhost>"
    data_key: str = ""
    key_dir: str = ""
    tasks: str = "embedded"
    ask_after_minutes: int = 60
    private_hosts: str = ""

    @property
    def in_production(self) -> bool:
        """A public address makes an instance a production one: people outside this machine rely on it."""
        return bool(self.base_url) and urlsplit(self.base_url).hostname not in LOOPBACK

    @property
    def is_https(self) -> bool:
        return urlsplit(self.base_url).scheme == "https"

    @property
    def content_port(self) -> int | None:
        """The second port to listen on: that of CONTENT_URL, where it is one of this machine. A proxy sends both to the one."""
        parts = urlsplit(self.content_url)
        return parts.port if parts.hostname in LOOPBACK and parts.port != self.port else None


def settings_from(environment: Mapping[str, str], instance: Path) -> Settings:
    """Read, complete and check the settings; raise BadSetting with one sentence.

    `instance` is the folder for what this machine keeps (database, made keys); it is created when needed.
    """
    port = _port(environment.get("PORT") or "5000")
    minutes = _minutes(environment.get("ASK_AFTER_MINUTES") or "60")
    texts = [f.name for f in fields(Settings) if f.name not in {"port", "ask_after_minutes"}]
    given: dict[str, Any] = {name: environment[name.upper()] for name in texts if environment.get(name.upper())}
    settings = Settings(port=port, ask_after_minutes=minutes, **given)
    _check_urls(settings)
    if settings.data_key:
        _checked_secret_key(settings.data_key, "DATA_KEY")
    if settings.tasks not in {"embedded", "none"}:
        raise BadSetting(
            f"TASKS is “{settings.tasks}”; it can be “embedded” (this process keeps the timetable) or “none”."
        )
    private_hosts = _private_hosts(settings.private_hosts)
    base_url = (settings.base_url or f"http://{_shown(settings.host)}:{port}").rstrip("/")
    content_url = _content_url(settings, base_url)
    return replace(
        settings,
        database_url=settings.database_url or f"sqlite:///{_made(instance) / 'tracker.db'}",
        secret_key=_secret_key(settings, instance),
        base_url=base_url,
        content_url=content_url,
        key_dir=settings.key_dir or str(instance / "keys"),
        private_hosts=private_hosts,
    )


def _port(text: str) -> int:
    if not text.isdigit() or not 0 <= int(text) <= 65535:
        raise BadSetting(f"PORT is “{text}”; it must be a number from 0 to 65535.")
    return int(text)


def _minutes(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > LONGEST_WAIT_MINUTES:
        raise BadSetting(f"ASK_AFTER_MINUTES is “{text}”; it must be a number of minutes from 0 to 10080 (a week).")
    return int(text)


def _check_urls(settings: Settings) -> None:
    if settings.base_url and urlsplit(settings.base_url).scheme not in {"http", "https"}:
        raise BadSetting(f"BASE_URL is “{settings.base_url}”; it must start with http:// or https://.")
    if settings.in_production and not settings.is_https:
        raise BadSetting("BASE_URL is a public address without https; sign-ins would travel in the open.")
    if settings.smtp_url and urlsplit(settings.smtp_url).scheme not in {"smtp", "smtps"}:
        raise BadSetting("SMTP_URL must look like smtp://user:password@host:587 or smtps://host:465.")
    if settings.database_url:
        _check_database_url(settings.database_url)


def _content_url(settings: Settings, base_url: str) -> str:
    """Where packages of courses are played: another site than the product’s own, or their scripts would act as the learner."""
    base, text = urlsplit(base_url), settings.content_url.rstrip("/")
    if not text:
        has_next = 0 < settings.port < 65535 and not settings.in_production and base.scheme == "http"
        other = "127.0.0.1" if base.hostname == "localhost" else "localhost"
        return f"http://{other}:{settings.port + 1}" if has_next else ""
    content = urlsplit(text)
    is_site = content.scheme in {"http", "https"} and bool(content.hostname) and content[2:] == ("", "", "")
    if not is_site or "@" in text or not _has_port(text):
        raise BadSetting(f"CONTENT_URL is “{text}”; it must look like https://packages.example.com, without a path.")
    # Cookies know no ports, so another port of the same host is not apart.
    if content.hostname == base.hostname:
        raise BadSetting("CONTENT_URL has the same host as BASE_URL; packages need one of their own.")
    if base.scheme == "https" and content.scheme != "https":
        raise BadSetting("CONTENT_URL is without https while BASE_URL has it; browsers would not show it.")
    return text


def _has_port(url: str) -> bool:
    """Whether its port is one, or left out."""
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def _check_database_url(text: str) -> None:
    try:
        backend = make_url(text).get_backend_name()
    except ArgumentError:
        backend = ""
    if backend not in {"sqlite", "postgresql"}:
        raise BadSetting("DATABASE_URL must be sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME.")


def _secret_key(settings: Settings, instance: Path) -> str:
    if settings.secret_key:
        return _checked_secret_key(settings.secret_key, "SECRET_KEY")
    if settings.in_production:
        raise BadSetting(
            "SECRET_KEY is not set; a production instance needs one of 32 characters or more that stays the same."
        )
    file = _made(instance) / "secret_key"
    if not file.exists():
        # Written once with the narrowest rights: whoever reads it can sign in as anybody.
        descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as out:
            out.write(secrets.token_hex(SECRET_KEY_LENGTH))
    return _checked_secret_key(file.read_text(encoding="ascii").strip(), str(file))


def _checked_secret_key(key: str, where: str) -> str:
    if len(key) < SECRET_KEY_LENGTH or len(set(key)) < 8:
        raise BadSetting(
            f"{where} is too easy to guess; it needs at least 32 characters, for example from `openssl rand -hex 32`."
        )
    return key


def _private_hosts(text: str) -> str:
    """`host:port` each, in small letters, with commas and nothing else between them."""
    hosts = [part.strip().lower() for part in text.split(",") if part.strip()]
    for host in hosts:
        name, _colon, port = host.rpartition(":")
        if not name or "/" in host or not port.isdigit():
            raise BadSetting(f"PRIVATE_HOSTS names “{host}”; each must look like chat.internal:3000.")
    return ",".join(hosts)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _shown(host: str) -> str:
    return "127.0.0.1" if host in {"0.0.0.0", "::", ""} else host  # noqa: S104 - compared, never bound here
