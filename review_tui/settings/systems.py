"""Systems whose jobs are looked at beside Steve's: where they are, and with which key."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from review_tui.client.addresses import PULSE_URL, UNSILOED_URL, api_address
from review_tui.client.errors import UnsafeAddress
from review_tui.model.frozen import frozen
from review_tui.model.job_words import System
from review_tui.model.secret import Secret
from review_tui.settings.config import Config
from review_tui.settings.errors import BadSettings
from review_tui.settings.keys import ApiKey, KeySource, checked_key, key_in

OTHERS: Final = (System.PULSE, System.UNSILOED)
"""The systems that have only jobs."""

SERVICES: Final = {
    System.PULSE: PULSE_URL,
    System.UNSILOED: UNSILOED_URL,
}
"""Where they are, unless something else is configured."""


@frozen
class Access:
    """How to reach a system whose jobs are looked at; plain http only to loopback.

    `key_source` is None for a key that was made for this run.
    """

    base_url: str
    api_key: Secret
    key_source: KeySource | None = None

    @property
    def key_check(self) -> str:
        """What to look at when the key is refused."""
        return self.key_source.check if self.key_source else "the key"


def base_url_name(system: System) -> str:
    """Return the variable for a system's address."""
    return f"{system.name}_BASE_URL"


def key_name(system: System) -> str:
    """Return the variable for a system's key."""
    return f"{system.name}_API_KEY"


def key_file_name(system: System) -> str:
    """Return the variable that names the file with a system's key."""
    return f"{system.name}_API_KEY_FILE"


def not_configured(system: System) -> str:
    """Say what to set for a system that has no key."""
    return f"set {key_name(system)}, or key_file in [{system}] of the configuration"


def access_to(system: System, environ: Mapping[str, str], config: Config | None = None) -> Access | None:
    """Return how to reach a system, None where no key is set for it; raises BadSettings.

    The environment comes first, then the chosen profile, then the top of the file.
    """
    config = config or Config()
    key = _key(system, environ, config)
    if key is None:
        return None
    url, named = _address(system, environ, config)
    try:
        api_address(url, root="")
    except UnsafeAddress as error:
        raise BadSettings(f"{named}: {error}") from None
    return Access(base_url=url, api_key=key.secret, key_source=key.source)


def accesses(environ: Mapping[str, str], config: Config | None = None) -> Mapping[System, Access | str]:
    """Return how to reach each of the systems that a key is set for, or what is wrong with what is set.

    Raises nothing: what is set wrongly for one of them is not to keep anybody from Steve's queue.
    """
    return dict(_all(environ, config))


def _all(environ: Mapping[str, str], config: Config | None) -> Iterator[tuple[System, Access | str]]:
    for system in OTHERS:
        try:
            access = access_to(system, environ, config)
        except BadSettings as error:
            yield system, "; ".join(error.lines)
        else:
            if access is not None:
                yield system, access


def _address(system: System, environ: Mapping[str, str], config: Config) -> tuple[str, str]:
    if url := environ.get(base_url_name(system), "").strip():
        return url, base_url_name(system)
    url, place = config.within(system, "base_url")
    return url or SERVICES[system], f"{config.file.where(place or ())}: {system}.base_url"


def _key(system: System, environ: Mapping[str, str], config: Config) -> ApiKey | None:
    name = key_name(system)
    if text := environ.get(name, ""):
        return ApiKey(checked_key(text, name), KeySource("env", name))
    if named := environ.get(key_file_name(system), "").strip():
        return key_in(Path(named).expanduser(), key_file_name(system))
    text, place = config.within(system, "key_file")
    if place is None:
        return None
    return key_in(config.beside(text), f"{config.file.where(place)}: {system}.key_file")
