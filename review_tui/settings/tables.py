"""The tables of the configuration file: a field for everything that may stand in it, with its words."""

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Annotated, Final, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from review_tui.client.addresses import PULSE_URL, UNSILOED_URL, api_address
from review_tui.client.errors import UnsafeAddress
from review_tui.client.redaction import hidden
from review_tui.model import query
from review_tui.model.preferences import ANY, BANNER_COLORS, Advance, DoubtLimits, Preferences
from review_tui.model.sorting import Column, Sort
from review_tui.model.submissions import Verb, why_not_reason
from review_tui.model.text import clean
from review_tui.settings.holds import HOLD_AT_MOST, HOLDS

THEMES: Final = ("terminal", "light", "dark", "high-contrast", "cvd")
"""The names that `theme` takes."""

NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
"""What a profile may be called."""

_CHOSEN: Final = Preferences()
_DOUBT: Final = DoubtLimits()
_TIME: Final = re.compile(rf"(?:[0-9]{{1,6}}[{''.join(query.UNITS)}])+")


def _checked(why_not: Callable[[str], str | None]) -> AfterValidator:
    """Refuse a text for which `why_not` gives a reason."""

    def check(text: str) -> str:
        if (why := why_not(text)) is not None:
            raise ValueError(why)
        return text

    return AfterValidator(check)


def _one_of(*names: str) -> AfterValidator:
    """Refuse a word that is none of these."""
    return _checked(lambda text: None if text in names else f"must be {listed(names)}{meant(text, names)}")


def listed(names: Iterable[str]) -> str:
    """Return words as a list to choose from: `a, b or c`."""
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last


def meant(word: str, names: Iterable[str]) -> str:
    """Return a question after the nearest of the right words, empty where none is near."""
    near = get_close_matches(word.lower(), list(names), 1, 0.6)
    return f"; did you mean {near[0]}?" if near else ""


def _why_not_address(text: str) -> str | None:
    try:
        api_address(text)
    except UnsafeAddress as error:
        return str(error)
    return None


def _why_not_filter(text: str) -> str | None:
    found = query.parse(text).problems
    return "; ".join(f"at character {one.start + 1}: {one}" for one in found) or None


def _why_not_sort(text: str) -> str | None:
    try:
        Sort.of(text)
    except ValueError:
        return f"must be {listed(Column)}, with - in front from the largest down, or empty"
    return None


def _why_not_line(text: str) -> str | None:
    if not text.strip():
        return "must not be empty"
    return None if clean(text, cap=len(text)) == text else "must be printable, on one line"


def _why_not_name(text: str) -> str | None:
    return None if NAME.fullmatch(text) else "is no name: at most 40 letters, digits, dots, - and _"


def _why_not_path(text: str) -> str | None:
    if hidden(text) != text:
        return "that is a key, not the name of a file; whoever saw it can use it"
    return "must name a file or a folder" if not text.strip() or "\0" in text else None


def _seconds(value: object) -> float:
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise ValueError('must be a time such as "45m", "2h" or "1d12h"')
    return query.seconds_of(value)


def _several(value: object) -> tuple[str, ...]:
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, list) or not all(isinstance(one, str) and one.strip() for one in found):
        raise ValueError('must be a key such as "a", or a list of keys')
    return tuple(found)


ProfileName = Annotated[str, _checked(_why_not_name)]
Line = Annotated[str, _checked(_why_not_line)]
PathText = Annotated[str, _checked(_why_not_path)]
Time = Annotated[float, BeforeValidator(_seconds)]
Share = Annotated[float, Field(ge=0, le=1)]
Hold = Annotated[float, Field(ge=0, le=HOLD_AT_MOST)]


class Table(BaseModel):
    """A table of the file: nothing is taken that it does not know, and nothing is guessed."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        defer_build=True,  # whoever has no file does not wait for it
    )


class SystemTable(Table):
    """Where a system's jobs are, and with which key; None where it is not said."""

    base_url: Annotated[str, _checked(_why_not_address)] | None = Field(
        default=None,
        description="Its address, https://…; plain http only to this machine. Default: where its service is.",
    )
    key_file: PathText | None = Field(
        default=None,
        description="The file that holds its API key, yours and readable by nobody else.",
    )


class PlaceTable(Table):
    """Which server, with which key, and what may be done there; None where it is not said."""

    base_url: Annotated[str, _checked(_why_not_address)] | None = Field(
        default=None,
        description="The server's address, https://…; plain http only to this machine.",
        examples=["https://steve.example"],
    )
    key_file: PathText | None = Field(
        default=None,
        description="The file that holds the API key, yours and readable by nobody else. The key itself "
        "never stands here.",
        examples=["key"],
    )
    downloads: PathText | None = Field(
        default=None,
        description="The folder for documents. Default: $XDG_DOWNLOAD_DIR, else ~/Downloads.",
        examples=["~/Downloads"],
    )
    state: PathText | None = Field(
        default=None,
        description="The folder, its owner's alone, for decisions and the audit log. Default: review-tui in "
        "$XDG_STATE_HOME or ~/.local/state.",
        examples=["~/.local/state/review-tui"],
    )
    banner: Annotated[str, Field(max_length=20), _checked(_why_not_line)] | None = Field(
        default=None,
        description="A word shown in the header, so that nobody takes one server for another.",
        examples=["LIVE"],
    )
    banner_color: Annotated[str, _one_of(*BANNER_COLORS)] | None = Field(
        default=None,
        description=f"The banner's colour, by its role in the theme: {', '.join(BANNER_COLORS)}. "
        f"Default: {_CHOSEN.banner_color}.",
        examples=["bad"],
    )
    read_only: bool | None = Field(
        default=None,
        description="Whether nothing may be decided here, in the console and from the command line.",
        examples=[False],
    )
    pulse: SystemTable = Field(
        default_factory=SystemTable.model_construct,
        description="Jobs of Pulse. Without a key there are none.",
        examples=[{"base_url": PULSE_URL, "key_file": "pulse-key"}],
    )
    unsiloed: SystemTable = Field(
        default_factory=SystemTable.model_construct,
        description="Jobs of Unsiloed AI. Without a key there are none.",
        examples=[{"base_url": UNSILOED_URL, "key_file": "unsiloed-key"}],
    )


class HoldTable(Table):
    """Seconds, 0 to 30, for which the console holds a decision before it sends it; `u` takes it back."""

    approve: Hold = Field(default=HOLDS[Verb.APPROVE], description="An approval.")
    reject: Hold = Field(default=HOLDS[Verb.REJECT], description="A rejection.")
    cancel: Hold = Field(default=HOLDS[Verb.CANCEL], description="A cancellation.")
    resolve: Hold = Field(default=HOLDS[Verb.RESOLVE], description="The judgement of a fraud match.")


class AgeTable(Table):
    """From which age a waiting submission is marked. Without it none is."""

    warn: Time | None = Field(default=None, description="From here on it is due.", examples=["2h"])
    breach: Time | None = Field(default=None, description="From here on it is late.", examples=["1d"])

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.warn is not None and self.breach is not None and self.warn > self.breach:
            raise ValueError("warn must not be later than breach")
        return self


class ConfidenceTable(Table):
    """Which extracted fields are to be checked, by their confidence from 0 to 1."""

    doubtful: Share = Field(default=_DOUBT.doubtful, description="Below it a field is to be checked.")
    sure: Share = Field(default=_DOUBT.sure, description="From it on a field needs no look.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.doubtful > self.sure:
            raise ValueError("doubtful must not be above sure")
        return self


class ViewTable(Table):
    """A saved view; the first nine have the digits 1 to 9. Any here take the place of the built-in ones."""

    name: Annotated[str, Field(max_length=40), _checked(_why_not_line)] = Field(
        description="Its name, different from the others'."
    )
    filter: Annotated[str, _checked(_why_not_filter)] = Field(
        default="", description="What it shows, in the words of the filter line; empty for everything."
    )
    sort: Annotated[str, _checked(_why_not_sort)] = Field(
        default="",
        description=f"A column ({', '.join(Column)}), with - in front from the largest down; empty for the "
        "server's own order.",
    )


def _different(views: list[ViewTable]) -> list[ViewTable]:
    names = [view.name for view in views]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"more than one is called {', '.join(twice)}")
    return views


class ReasonTable(Table):
    """A reason that a digit picks. Any here take the place of the built-in ones."""

    verb: Annotated[str, _one_of(Verb.REJECT, Verb.CANCEL)] = Field(
        description="The dialog in which it stands: reject or cancel."
    )
    text: Line = Field(
        description="The words that are sent; {field} in them is replaced from the extracted data."
    )
    workflow: Line | None = Field(
        default=None, description="The workflow's slug; without it the reason is there for all."
    )

    @model_validator(mode="after")
    def _can_be_sent(self) -> Self:
        if (why := why_not_reason(Verb(self.verb), self.text)) is not None:
            raise ValueError(f"text: {why}")
        return self


class ConfigTable(PlaceTable):
    """The whole file. Each setting here holds unless the profile, or the environment, says otherwise."""

    profile: ProfileName | None = Field(
        default=None,
        description="The profile to take where neither --profile nor REVIEW_TUI_PROFILE names one.",
        examples=["live"],
    )
    theme: Annotated[str, _one_of(*THEMES)] = Field(
        default=_CHOSEN.theme,
        description=f"The colours: {', '.join(THEMES)}. terminal takes the terminal's own; cvd keeps good "
        "and bad apart for every kind of sight. With fewer than 256 colours it is terminal.",
    )
    color: bool = Field(
        default=_CHOSEN.color,
        description="Whether there is any colour; NO_COLOR in the environment takes it away.",
    )
    mouse: bool | None = Field(
        default=_CHOSEN.mouse,
        description="Whether the mouse may select and scroll; it never decides. "
        "Default: on, except over SSH. With it, the terminal selects text while Shift is held.",
        examples=[True],
    )
    splash: bool = Field(
        default=_CHOSEN.splash,
        description="Whether the first rows of the list are kept, beside the decisions and for your eyes "
        "only, so that the next start can show them at once, marked as of last time.",
    )
    advance: Annotated[str, _one_of(*Advance)] = Field(
        default=_CHOSEN.advance.value,
        description="Where the selection goes once a submission is decided: next, previous or off "
        "(it stays).",
    )
    log: PathText | None = Field(
        default=None,
        description="A file, made for its owner alone, for what goes wrong unexpectedly. Default: none.",
        examples=["~/review-tui.log"],
    )
    hold: HoldTable = Field(default_factory=HoldTable.model_construct, description=HoldTable.__doc__)
    profiles: Mapping[ProfileName, PlaceTable] = Field(
        default={},
        description="A server under a name, for review-tui --profile NAME. Its settings are "
        "those at the top, in their place.",
        examples=["live"],
    )
    age: Mapping[str, AgeTable] = Field(default={}, description=AgeTable.__doc__, examples=[ANY])
    confidence: Mapping[str, ConfidenceTable] = Field(
        default={}, description=ConfidenceTable.__doc__, examples=[ANY]
    )
    views: Annotated[list[ViewTable], AfterValidator(_different)] = Field(
        default=[], description=ViewTable.__doc__
    )
    reasons: list[ReasonTable] = Field(default=[], description=ReasonTable.__doc__)
    keys: Mapping[str, Annotated[tuple[str, ...], BeforeValidator(_several)]] = Field(
        default={},
        description="Keys by the id of a command, in place of its own: one, a list, or none with []. "
        "A key is a character or a name such as f5, ctrl+r, space or pagedown. review-tui keys lists the ids "
        "with the keys in use. Keys within dialogs stay as they are.",
    )
