"""What lives here: the parts of a form that was sent with a file in it (RFC 7578)."""

from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message


@dataclass(frozen=True, slots=True)
class Part:
    """One field of the form; ``file_name`` where it is a file."""

    name: str
    file_name: str | None
    content: bytes


def parts_of(body: bytes, content_type: str) -> list[Part]:
    """The fields in their order; none where the body is not what the type says."""
    head = Message()
    head["Content-Type"] = content_type
    boundary = head.get_param("boundary")
    if not isinstance(boundary, str):
        return []
    found = []
    for piece in (b"\r\n" + body).split(b"\r\n--" + boundary.encode())[1:]:
        fields, _, content = piece.partition(b"\r\n\r\n")
        told = message_from_bytes(fields.lstrip(b"\r\n"))
        name = told.get_param("name", header="Content-Disposition")
        if isinstance(name, str):
            found.append(Part(name, told.get_filename(), content))
    return found
