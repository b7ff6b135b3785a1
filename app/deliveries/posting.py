"""One POST to an address that somebody typed: to nowhere inside, to nowhere else, and never for long.

The name is resolved once, what it resolves to is checked, and the connection goes to that very address: a name that
answers differently the second time gains nothing. Redirects are not followed. No proxy of the environment is used.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from app.aside import aside
from app.deliveries.outbox import NotSent

CONNECT_S = 4
TOTAL_S = 8
"""Shorter than what an ending server waits for, see shutdown.FINISH_S."""
NAT64 = IPv6Network("64:ff9b::/96")


def post(url: str, headers: Mapping[str, str], body: bytes, *, inside: bool) -> None:
    """Send `body`; the other side took it if this returns. `inside`: this machine itself may be the other side, and
    without TLS, for developing and testing. Raises NotSent.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    secure = parts.scheme == "https"
    address = resolve(host, parts.port or (443 if secure else 80), inside=inside)
    if not secure and not ip_address(address[0]).is_loopback:
        raise NotSent("private")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        status = _exchange(_connect(address, host if secure else None), target, {"Host": parts.netloc, **headers}, body)
    except ssl.SSLCertVerificationError as error:
        raise NotSent("certificate") from error
    except TimeoutError as error:
        raise NotSent("timeout") from error
    except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
        raise NotSent("unreachable") from error
    if 300 <= status < 400:
        raise NotSent("redirect")
    if not 200 <= status < 300:
        raise NotSent(f"status:{status}")


def may_be_typed(url: str, *, inside: bool) -> bool:
    """Whether this can be an address for `post`, as far as it can be seen without asking anybody."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.username is not None or parts.password is not None or not host or not url.isascii() or " " in url:
        return False
    local = host == "localhost" or (_is_address(host) and ip_address(host).is_loopback)
    if inside and local:
        return parts.scheme in ("http", "https")
    return parts.scheme == "https" and not local and (not _is_address(host) or is_public(host))


def _is_address(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


def resolve(host: str, port: int, *, inside: bool) -> tuple[str, int]:
    """The address of `host` to connect to; none, if any that it has is not for everybody. Raises NotSent."""
    try:
        found = aside(lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    except (OSError, UnicodeError) as error:
        raise NotSent("no_host") from error
    addresses = [str(each[4][0]) for each in found]
    if not all(is_public(each) or (inside and ip_address(each).is_loopback) for each in addresses):
        raise NotSent("private")
    return addresses[0], port


def is_public(address: str) -> bool:
    """Whether an IP address is somebody’s on the internet. One that carries an IPv4 address is judged by that."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        if ip.teredo or ip.is_site_local:
            return False
        carried = ip.ipv4_mapped or ip.sixtofour or (IPv4Address(int(ip) & 0xFFFFFFFF) if ip in NAT64 else None)
        if carried:
            return is_public(str(carried))
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback)


def _connect(address: tuple[str, int], name: str | None) -> socket.socket:
    """A connection to `address`; ready for TLS if there is a `name` that the certificate has to be for. The handshake
    is left to `_exchange`, which watches it: under eventlet each byte of it would have CONNECT_S to itself.
    """
    plain = socket.create_connection(address, timeout=CONNECT_S)
    if name is None:
        return plain
    try:
        trust = ssl.create_default_context()
        return trust.wrap_socket(plain, server_hostname=name, do_handshake_on_connect=False)
    except BaseException:
        plain.close()
        raise


def _exchange(wire: socket.socket, target: str, headers: Mapping[str, str], body: bytes) -> int:
    """Ask, and read the status alone; a whole exchange ends within TOTAL_S, however slowly bytes drip in, those of the
    TLS handshake too.
    """
    cut = threading.Event()

    def end() -> None:
        cut.set()
        with suppress(OSError):
            wire.shutdown(socket.SHUT_RDWR)

    watch = threading.Timer(TOTAL_S, end)
    watch.daemon = True
    watch.start()
    connection = http.client.HTTPConnection("", timeout=CONNECT_S)
    connection.sock = wire
    try:
        wire.settimeout(TOTAL_S)
        if isinstance(wire, ssl.SSLSocket):
            wire.do_handshake()
        connection.request("POST", target, body, dict(headers))
        status = connection.getresponse().status
    except Exception as error:
        if cut.is_set():
            raise TimeoutError from error
        raise
    finally:
        watch.cancel()
        wire.close()
    if cut.is_set():
        raise TimeoutError
    return status
