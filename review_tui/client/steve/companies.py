"""Companies: whose submissions the key may see."""

from review_tui.client.transport import Transport
from review_tui.model.wire import Json, UnexpectedShape, as_object, read_rows
from review_tui.model.workflows import Company


class Companies:
    """The companies behind the key, as a rule one."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def list(self) -> tuple[Company, ...]:
        """Read those that can be read."""
        return await self._transport.read("/companies", _read_companies)


def _read_companies(value: Json) -> tuple[Company, ...]:
    rows = value if isinstance(value, list) else as_object(value, "the list of companies").get("data")
    if not isinstance(rows, list):
        raise UnexpectedShape("the list of companies has no data")
    return read_rows(Company, rows, "companies")[0]
