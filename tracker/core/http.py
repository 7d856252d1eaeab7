"""The HTTP port: the only place that calls other servers. Addresses come from people, so none may reach what is inside.

1. An address is https, without a name or password in it. Only hosts that the operator named (PRIVATE_HOSTS) may be plain http.
2. The host is resolved once. Unless the operator named it, each of its addresses must be a public one.
3. The connection goes to the address that was looked at, so a second answer of the name server changes nothing.
4. Redirects are answers, never followed.
5. An answer has an end: in time, however slowly it drips, and in length.
"""

import http.client
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from flask import current_app
from flask_babel import gettext as _

from tracker.core.errors import Invalid

SILENCE_SECONDS = 10.0  # between two signs of life
CALL_SECONDS = 30.0  # for the whole call
MAX_BYTES = 5_000_000
CHUNK = 65_536
ADDRESS_LENGTH = 2000
AGENT = "service-tracker"
# IPv6 ranges that stand for IPv4 addresses: what they lead to is not seen from here.
TRANSLATED = tuple(map(IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")))


class NotFetched(Exception):
    """There was no answer; the message is a sentence that names no address and no content."""


@dataclass(frozen=True)
class Answer:
    """What a server answered. The names of headers are in small letters; the body is as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def get(url: str, *, headers: Mapping[str, str] | None = None, max_bytes: int = MAX_BYTES) -> Answer:
    """Fetch an address; NotFetched when there is no answer that fits, of whatever status."""
    return _call("GET", url, None, headers or {}, max_bytes=max_bytes)


def post(url: str, body: bytes, *, headers: Mapping[str, str], max_bytes: int = CHUNK) -> Answer:
    """Send a body to an address; NotFetched when there is no answer that fits, of whatever status."""
    return _call("POST", url, body, headers, max_bytes=max_bytes)


def checked_address(url: str) -> str:
    """The address as it will be called; Invalid with a sentence for the form. The name is looked up when it is called."""
    try:
        return _parted(url).geturl()
    except NotFetched as error:
        raise Invalid(str(error)) from error


def _call(method: str, url: str, body: bytes | None, headers: Mapping[str, str], *, max_bytes: int) -> Answer:
    parts = _parted(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    # Asked for as it is: a compressed answer could be small on the way and huge here.
    said = {"User-Agent": AGENT, "Accept-Encoding": "identity", **headers}
    try:
        with _connected(parts) as connection:
            connection.request(method, target, body=body, headers=said)
            response = connection.getresponse()
            return Answer(
                response.status,
                {name.lower(): value for name, value in response.getheaders()},
                _body(response, connection, max_bytes),
            )
    except ssl.SSLCertVerificationError as error:
        raise NotFetched(_("The server’s certificate is not valid.")) from error
    except TimeoutError as error:
        raise NotFetched(_("The server did not answer in time.")) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotFetched(_("The connection failed (%(kind)s).", kind=type(error).__name__)) from error


def _parted(url: str) -> SplitResult:
    """The address in its parts, without a fragment; NotFetched when it is not one to be called."""
    text = url.strip()
    if len(text) > ADDRESS_LENGTH or not text.isascii() or not text.isprintable() or " " in text or "\\" in text:
        raise NotFetched(_("This is no web address."))
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise NotFetched(_("This is no web address.")) from error
    if parts.scheme not in {"http", "https"} or not host or port == 0:
        raise NotFetched(_("The address must begin with https://."))
    if "@" in parts.netloc:
        raise NotFetched(_("Leave name and password out of the address."))
    if not _is_named_by_operator(parts):
        if parts.scheme != "https":
            raise NotFetched(_("The address must begin with https://."))
        if _is_number(host) and not _is_public(host):
            raise NotFetched(_("This address is not a public one."))
    return parts._replace(fragment="")


def _is_named_by_operator(parts: SplitResult) -> bool:
    return f"{parts.hostname}:{_port(parts)}" in current_app.config["PRIVATE_HOSTS"].split(",")


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _is_number(host: str) -> bool:
    """Whether a host is an address and no name, in any of the spellings that resolvers take: 127.1, 0x7f000001, 017700000001."""
    try:
        socket.inet_aton(host)
    except OSError:
        return ":" in host
    return True


def _is_public(host: str) -> bool:
    try:
        address: IPv4Address | IPv6Address = ip_address(host)
    except ValueError:
        return False  # a spelling that only resolvers understand has no honest use
    if isinstance(address, IPv6Address):
        if any(address in network for network in TRANSLATED):
            return False
        address = address.ipv4_mapped or address
    return address.is_global and not address.is_multicast


def _resolved(parts: SplitResult) -> str:
    """The one address that is called; NotFetched unless every address of the host may be."""
    try:
        found = socket.getaddrinfo(parts.hostname, _port(parts), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotFetched(_("No server has this name.")) from error
    addresses = [str(entry[4][0]) for entry in found]
    if not _is_named_by_operator(parts) and not all(map(_is_public, addresses)):
        raise NotFetched(_("This address is not a public one."))
    return addresses[0]


class _ToAddress(http.client.HTTPConnection):
    """A connection to an address that was looked at, whatever the name would say by now. It can be cut from outside."""

    def __init__(self, parts: SplitResult, address: str) -> None:
        super().__init__(str(parts.hostname), _port(parts), timeout=SILENCE_SECONDS)
        self._address, self._is_secret = address, parts.scheme == "https"
        self.default_port = 443 if self._is_secret else 80  # decides whether the Host header names the port
        self._socket: socket.socket | None = None  # `sock` is taken away as soon as the answer has begun
        self.is_cut = False

    def connect(self) -> None:
        self.sock = self._socket = socket.create_connection((self._address, self.port), timeout=self.timeout)
        if self._is_secret:
            secret = ssl.create_default_context().wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.sock = self._socket = secret
            secret.do_handshake()

    def cut(self) -> None:
        """Wake whoever waits for the next byte."""
        self.is_cut = True
        if self._socket is not None:
            with suppress(OSError):  # it has ended by itself
                # Beneath the encryption: its own goodbye could wait for the other side.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


@contextmanager
def _connected(parts: SplitResult) -> Iterator[_ToAddress]:
    """A connection that is cut when the whole call takes too long."""
    connection = _ToAddress(parts, _resolved(parts))
    timer = Timer(CALL_SECONDS, connection.cut)
    timer.daemon = True
    timer.start()
    try:
        connection.connect()
        yield connection
    except (OSError, http.client.HTTPException, ValueError) as error:
        if connection.is_cut:
            raise TimeoutError from error
        raise
    finally:
        timer.cancel()
        connection.close()


def _body(response: http.client.HTTPResponse, connection: _ToAddress, max_bytes: int) -> bytes:
    body = bytearray()
    while chunk := response.read1(CHUNK):
        body += chunk
        if len(body) > max_bytes:
            raise NotFetched(_("The answer is longer than %(bytes)s bytes.", bytes=max_bytes))
    if connection.is_cut:
        raise TimeoutError
    if response.length:
        raise NotFetched(_("The answer broke off."))
    return bytes(body)
