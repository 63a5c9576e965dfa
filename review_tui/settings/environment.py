"""What the door works with: read from the environment and the configuration, once."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import field
from pathlib import Path
from typing import Final, Self

from review_tui.client.addresses import api_address
from review_tui.client.errors import UnsafeAddress
from review_tui.model.frozen import frozen
from review_tui.model.job_words import System
from review_tui.model.secret import Secret
from review_tui.model.submissions import Verb
from review_tui.model.text import clean
from review_tui.settings.config import Config
from review_tui.settings.errors import BadSettings
from review_tui.settings.holds import HOLD_AT_MOST, HOLDS
from review_tui.settings.keys import API_KEY, KEY_FILE, ApiKey, KeySource, find_key, usual_key_file
from review_tui.settings.systems import Access, accesses

BASE_URL: Final = "STEVE_BASE_URL"
DOWNLOADS: Final = "REVIEW_TUI_DOWNLOADS"
LOG: Final = "REVIEW_TUI_LOG"
STATE: Final = "REVIEW_TUI_STATE"
HOLD: Final = "REVIEW_TUI_HOLD"


@frozen
class Settings:
    """How to reach the server, and what is kept where on this machine."""

    base_url: str
    """STEVE_BASE_URL: https://<deployment>; plain http only to loopback."""
    api_key: Secret
    """STEVE_API_KEY, or the one line of a file: aok_ and 64 hexadecimal digits; never shown."""
    downloads: Path
    """REVIEW_TUI_DOWNLOADS: the folder for documents; $XDG_DOWNLOAD_DIR, else ~/Downloads, made when the
    first one is kept."""
    state: Path
    """REVIEW_TUI_STATE: the folder, its owner's alone, for decisions and the audit log; review-tui in
    $XDG_STATE_HOME or ~/.local/state."""
    key_source: KeySource | None = None
    """Where the key came from, to say so; None for a key that was made for this run."""
    deciding_off: str = ""
    """Why nothing may be decided, in the console and by a verb; empty where it may."""
    hold: Mapping[Verb, float] = field(default_factory=lambda: HOLDS)
    """REVIEW_TUI_HOLD: seconds (0 to 30) before the console sends a decision: one number for all, or by
    verb: approve=10 resolve=0."""
    systems: Mapping[System, Access | str] = field(default_factory=dict)
    """PULSE_API_KEY, PULSE_BASE_URL, UNSILOED_API_KEY, UNSILOED_BASE_URL: the systems beside Steve whose
    jobs are looked at, or what is wrong with what is set; one without a key is not among them."""

    @classmethod
    def of(
        cls,
        environ: Mapping[str, str],
        find: Callable[[str], ApiKey | None] | None = None,
        config: Config | None = None,
    ) -> Self:
        """Take them from the environment, and from `config` where that says nothing; raises BadSettings.

        `find` gives the key for a host in place of `find_key`.
        """
        config = config or Config()
        url, named = base_url_of(environ, config)
        if not url:
            raise BadSettings(
                f"{BASE_URL} is not set, nor base_url configured: the server's address, https://…"
            )
        try:
            host = api_address(url).host
        except UnsafeAddress as error:
            raise BadSettings(f"{named}: {error}") from None
        key = find(host) if find else find_key(environ, config.key_file)
        if key is None:
            usual = clean(str(usual_key_file(environ)), cap=300)
            raise BadSettings(f"{API_KEY} is not set, nor {KEY_FILE}, and there is no {usual}")
        return cls(
            base_url=url,
            api_key=key.secret,
            key_source=key.source,
            downloads=downloads_of(environ, config),
            state=state_of(environ, config),
            deciding_off=config.deciding_off,
            hold=hold_of(environ, config),
            systems=accesses(environ, config),
        )

    @property
    def key_hint(self) -> str:
        """As much of the key as may be shown, and where it came from: `aok_…1a2b from file`."""
        hint = key_hint(self.api_key)
        return f"{hint} from {self.key_source.brief}" if self.key_source else hint

    @property
    def key_check(self) -> str:
        """What to look at when the key is refused."""
        return self.key_source.check if self.key_source else "the key"

    @property
    def store_path(self) -> Path:
        """Where decisions on this server are kept: a file of their own within `state`.

        Its name is the host, legible, and a digest of the address. The key is not in it: keys are replaced,
        and what is held, or was never seen to end, must not be forgotten with one.
        """
        return store_path(self.state, self.base_url)


def store_path(state: Path, base_url: str) -> Path:
    """Return the file within `state` for what is decided on a server; raises UnsafeAddress."""
    address = api_address(base_url)
    profile = hashlib.sha256(address.root.lower().encode()).hexdigest()[:12]
    host = re.sub(r"[^a-z0-9.-]+", "_", address.host)[:100]
    return state / f"{host}-{profile}.db"


def key_hint(key: Secret) -> str:
    """Return as much of a key as may be shown: nothing of a short one."""
    text = key.revealed()
    prefix = "aok_" if text.startswith("aok_") else ""
    return f"{prefix}…{text[-4:]}" if len(text) >= 20 else f"{prefix}…"


def base_url_of(environ: Mapping[str, str], config: Config) -> tuple[str, str]:
    """Return the server's address, empty where there is none, and what named it."""
    if url := environ.get(BASE_URL, "").strip():
        return url, BASE_URL
    return config.get("base_url") or "", "base_url"


def downloads_of(environ: Mapping[str, str], config: Config | None = None) -> Path:
    """Return the folder into which documents are downloaded."""
    named = environ.get(DOWNLOADS, "").strip()
    if named:
        return Path(named).expanduser()
    if config is not None and (path := config.path("downloads")) is not None:
        return path
    folder = Path(environ.get("XDG_DOWNLOAD_DIR", "").strip())
    return folder if folder.is_absolute() else Path(environ.get("HOME") or Path.home()) / "Downloads"


def state_of(environ: Mapping[str, str], config: Config | None = None) -> Path:
    """Return the folder in which decisions and the audit log are kept."""
    named = environ.get(STATE, "").strip()
    if named:
        return Path(named).expanduser().absolute()
    if config is not None and (path := config.path("state")) is not None:
        return path.absolute()
    home = Path(environ.get("XDG_STATE_HOME", "").strip())
    if not home.is_absolute():  # as the convention has it
        home = Path(environ.get("HOME") or Path.home()) / ".local" / "state"
    return home / "review-tui"


def hold_of(environ: Mapping[str, str], config: Config | None = None) -> Mapping[Verb, float]:
    """Return the seconds for which each verb's decisions are held; raises BadSettings."""
    words = environ.get(HOLD, "").replace(",", " ").split()
    held = dict(config.hold() if config else HOLDS)
    for word in words:
        name, given, number = word.rpartition("=")
        if given and name not in {*Verb}:
            raise BadSettings(f"{HOLD}: no verb {clean(name, cap=40)!r}; there are {', '.join(Verb)}")
        if not re.fullmatch(r"\d{1,2}(\.\d{1,3})?", number, re.ASCII) or float(number) > HOLD_AT_MOST:
            raise BadSettings(f"{HOLD}: {clean(number, cap=40)!r} is not a number of seconds from 0 to 30")
        held |= dict.fromkeys([Verb(name)] if given else Verb, float(number))
    return held


def log_of(environ: Mapping[str, str], config: Config | None = None) -> Path | None:
    """Return the file for what goes wrong unexpectedly; None where nothing is kept."""
    named = environ.get(LOG, "").strip()
    return Path(named).expanduser() if named else config.path("log") if config else None
