"""The configuration: the file's tables with the chosen profile, and what they mean to the console."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from review_tui.model.preferences import (
    Advance,
    AgeLimits,
    CannedReason,
    DoubtLimits,
    Preferences,
    SavedView,
)
from review_tui.model.submissions import Verb
from review_tui.model.text import clean
from review_tui.settings.errors import BadSettings
from review_tui.settings.files import ConfigText, Place, read_text
from review_tui.settings.holds import HOLDS
from review_tui.settings.keys import NamedFile

if TYPE_CHECKING:  # whoever has no file does not wait for the tables
    from review_tui.settings.tables import ConfigTable, PlaceTable

PROFILE: Final = "REVIEW_TUI_PROFILE"
NO_COLOR: Final = "NO_COLOR"

READING_ONLY: Final = "this profile is for reading only"
"""Why nothing may be decided where `read_only` says so."""


@dataclass(frozen=True)
class Config:
    """What the file says, and which of its profiles was chosen; without a file all that is built in."""

    file: ConfigText = field(default_factory=ConfigText)
    said: "ConfigTable | None" = None
    profile: str = ""

    @property
    def table(self) -> "ConfigTable":
        """All settings, those that are built in where nothing is said."""
        from review_tui.settings.tables import ConfigTable

        return self.said or ConfigTable.model_construct()

    @property
    def chosen(self) -> "PlaceTable | None":
        """The chosen profile, None where none is."""
        return self.said.profiles.get(self.profile) if self.said else None

    def at(self, name: str) -> Place | None:
        """Return where the file gives a setting of a place: in the profile, else at the top, else None."""
        if getattr(self.chosen, name, None) is not None:
            return ("profiles", self.profile, name)
        return (name,) if getattr(self.said, name, None) is not None else None

    def get(self, name: str) -> Any:
        """Return a setting from the profile, where it can stand there, else from the top, else None."""
        own = getattr(self.chosen, name, None)
        return getattr(self.said, name, None) if own is None else own

    def path(self, name: str) -> Path | None:
        """Return a setting that names a file or folder; a relative one lies beside the file."""
        text = self.get(name)
        return None if text is None else self.beside(text)

    def beside(self, text: str) -> Path:
        """Return the path that a text in the file names."""
        folder = self.file.path.parent if self.file.path else Path.cwd()
        return folder / Path(text).expanduser()

    def within(self, table: str, name: str) -> tuple[Any, Place | None]:
        """Return a setting of a table such as `pulse`, and where it stands: the profile comes before the top.

        Both are None where it is not said.
        """
        for around, given in (("profiles", self.profile), self.chosen), ((), self.said):
            value = getattr(getattr(given, table, None), name, None)
            if value is not None:
                return value, (*around, table, name)
        return None, None

    @property
    def key_file(self) -> NamedFile | None:
        """The file with the key, if one is named."""
        place, path = self.at("key_file"), self.path("key_file")
        if place is None or path is None:
            return None
        return NamedFile(path, f"{self.file.where(place)}: key_file")

    @property
    def deciding_off(self) -> str:
        """Why nothing may be decided, if so."""
        return READING_ONLY if self.get("read_only") else ""

    def hold(self) -> Mapping[Verb, float]:
        """Return the seconds for which decisions are held."""
        return {verb: getattr(self.said.hold, verb) for verb in Verb} if self.said else HOLDS


def read_config(environ: Mapping[str, str], profile: str | None = None) -> Config:
    """Read the file and choose the profile: that of the command line, of the environment, of the file.

    Raises BadSettings with a line for everything that is wrong.
    """
    file = read_text(environ)
    if not file.data:
        return Config(file, profile=_chosen(None, file, environ, profile))
    from pydantic import ValidationError

    from review_tui.settings.tables import ConfigTable

    try:
        table = ConfigTable.model_validate(file.data)
    except ValidationError as error:
        from review_tui.settings.refusals import refusals

        raise BadSettings(*refusals(error, file)) from None
    return Config(file, table, _chosen(table, file, environ, profile))


def _chosen(
    table: "ConfigTable | None", file: ConfigText, environ: Mapping[str, str], profile: str | None
) -> str:
    given = (
        ("--profile", profile),
        (PROFILE, environ.get(PROFILE, "").strip() or None),
        (f"{file.where(('profile',))}: profile", table.profile if table else None),
    )
    for named, name in given:
        if name is None:
            continue
        profiles = table.profiles if table else {}
        if name not in profiles:
            raise BadSettings(f"{named}: {_no_profile(name, profiles)}")
        return name
    return ""


def _no_profile(name: str, profiles: Collection[str]) -> str:
    words = f"there is no profile {clean(name, cap=60)!r}"
    if not profiles:
        return f"{words}, for none is configured; see review-tui config init"
    from review_tui.settings.tables import listed, meant

    return words + (meant(name, profiles) or f"; there are {listed(profiles)}")


def preferences_of(config: Config, environ: Mapping[str, str]) -> Preferences:
    """Return what is chosen about the console."""
    table, chosen = config.said, Preferences()
    if table is None:
        return replace(chosen, color=chosen.color and not environ.get(NO_COLOR))
    views = tuple(SavedView(view.name, view.filter, view.sort) for view in table.views)
    return replace(
        chosen,
        advance=Advance(table.advance),
        views=views or chosen.views,
        reasons=tuple(CannedReason(Verb(one.verb), one.text, one.workflow) for one in table.reasons),
        ages={slug: AgeLimits(limits.warn, limits.breach) for slug, limits in table.age.items()},
        doubts={slug: DoubtLimits(limits.doubtful, limits.sure) for slug, limits in table.confidence.items()},
        theme=table.theme,
        color=table.color and not environ.get(NO_COLOR),
        keys=dict(table.keys),
        profile=config.profile,
        banner=config.get("banner") or "",
        banner_color=config.get("banner_color") or chosen.banner_color,
        read_only=bool(config.get("read_only")),
        mouse=table.mouse,
        splash=table.splash,
    )
