"""Addresses and keys: what may travel where, decided on the text before anything is opened."""

import re
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from review_tui.client.errors import UnsafeAddress
from review_tui.model.frozen import frozen
from review_tui.model.text import clean

API_ROOT: Final = "/api/v1"

PULSE_URL: Final = "https://api.runpulse.com"
"""Where Pulse is, unless something else is configured."""

UNSILOED_URL: Final = "https://prod.visionapi.unsiloed.ai"
"""Where Unsiloed is, unless something else is configured."""

_ADDRESS: Final = re.compile(
    r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])"
    r"(?::(?P<port>[0-9]{1,5}))?(?P<rest>[/?][\x21-\x7e]*)?\Z"
)
_KEY: Final = re.compile(r"[\x21-\x7e]{1,512}\Z")
_PATH: Final = re.compile(r"(/[A-Za-z0-9._~-]+)*/?\Z")


@frozen
class Address:
    """A checked address; `root` is the text before the routes, without a slash at its end."""

    scheme: str
    host: str
    root: str

    @property
    def is_loopback(self) -> bool:
        """Whether it is this machine."""
        return is_loopback(self.host)


def is_key(text: str) -> bool:
    """Whether a header can carry `text` as a key."""
    return _KEY.match(text) is not None


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine by its very name."""
    name = host.strip("[]").lower()
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def api_address(base_url: str, *, root: str = API_ROOT) -> Address:
    """Check a base URL, with or without the `root` of its routes; raises UnsafeAddress with what is wrong."""
    parts = _parts(base_url.strip(), "The server's address")
    rest = parts["rest"] or ""
    path = rest.rstrip("/").removesuffix(root)
    if not _PATH.match(rest) or ".." in rest:
        raise UnsafeAddress(
            "The server's address cannot be used", "Give scheme, host and, where there is one, a plain path."
        )
    authority = base_url.strip()[: len(base_url.strip()) - len(rest)]
    return Address(parts["scheme"] or "", (parts["host"] or "").lower(), authority + path)


def file_address(url: str, *, api: Address) -> Address:
    """Check a pre-signed URL; raises UnsafeAddress.

    Plain http is taken only on this machine, and only while the API itself is on this machine.
    """
    parts = _parts(url, "The file's link")
    address = Address(parts["scheme"] or "", (parts["host"] or "").lower(), url)
    if address.is_loopback and not api.is_loopback:
        raise UnsafeAddress("The file's link cannot be used", "It leads to this machine.")
    return address


def same_origin(url: str, address: Address) -> bool:
    """Whether a URL leads to the very scheme, host and port of an address."""
    ours, theirs = (_ADDRESS.match(text) for text in (address.root, url))
    return ours is not None and theirs is not None and _origin(ours) == _origin(theirs)


def _origin(match: re.Match[str]) -> tuple[str, str, int]:
    port = int(match["port"]) if match["port"] else 443 if match["scheme"] == "https" else 80
    return match["scheme"], match["host"].lower(), port


def proxy_for(address: Address) -> str | None:
    """Return the proxy that the environment names for `address`, without its password; None for none."""
    if address.is_loopback:
        return None
    from urllib.request import getproxies, proxy_bypass  # with it comes all of e-mail

    if proxy_bypass(address.host.strip("[]")):
        return None
    proxies = getproxies()
    proxy = proxies.get(address.scheme) or proxies.get("all")
    if not proxy:
        return None
    try:
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        return clean(
            f"{parts.hostname or '?'}:{parts.port}" if parts.port else parts.hostname or "?", cap=200
        )
    except ValueError:
        return "(unreadable)"


def _parts(url: str, what: str) -> dict[str, str | None]:
    match = _ADDRESS.match(url) if len(url) <= 8_192 else None
    if match is None:
        raise UnsafeAddress(f"{what} cannot be used", "It must be an https:// URL without a user name.")
    if match["port"] and not 0 < int(match["port"]) < 65_536:
        raise UnsafeAddress(f"{what} cannot be used", "There is no such port.")
    if match["scheme"] == "http" and not is_loopback(match["host"]):
        raise UnsafeAddress(f"{what} is not safe", "Plain http is taken only on this machine; use https://.")
    return match.groupdict()
