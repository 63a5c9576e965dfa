"""A client under a server's worst answers, in a process of its own: it stays small and lives on."""

import asyncio
import json
import sys
from typing import Final

from tests.client.rawserver import KEY, SUBMISSION, Asked, answer, bomb, misbehaving, zipped
from tests.wire import ROOT

MOST_MIB: Final = 300

CLIENT: Final = """
import asyncio, pathlib, sys
from review_tui.model.secret import Secret
from review_tui.client.errors import WireError
from review_tui.client.steve import Steve

def peak():  # of this program alone: getrusage counts what stood here before it was started, too
    status = pathlib.Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024

async def main():
    async with Steve(sys.argv[1], Secret(sys.argv[2])) as steve:
        for name in sys.argv[3:]:
            try:
                await steve.submissions.get(name)
                print(name, peak(), "read")
            except WireError as error:
                print(name, peak(), type(error).__name__)

asyncio.run(main())
"""


def _objects(count: int) -> bytes:
    return b'{"id": "objects", "submissionStatus": "review", "events": [' + b"{}," * count + b"{}]}"


def _keys(count: int) -> bytes:
    data = {f"key {number}": {"value": "x" * 40, "confidence": 0.5} for number in range(count)}
    return json.dumps(SUBMISSION | {"id": "keys", "extractedData": data}).encode()


def _files(count: int) -> bytes:
    files = [{"id": f"f{number}", "fileName": "scan.pdf"} for number in range(count)]
    return json.dumps(SUBMISSION | {"id": "files", "files": files}).encode()


PACKED: Final = "Content-Encoding: gzip\r\n"


def answers() -> dict[str, tuple[bytes, str]]:
    """What is answered, and what the client makes of it."""
    packed = bomb(128)
    return {
        "bomb": (answer(packed, headers=PACKED), "Unreadable"),
        "bombs-in-a-row": (answer(packed * 20, headers=PACKED), "Unreadable"),
        "packed-twice": (answer(zipped(packed), headers="Content-Encoding: gzip, gzip\r\n"), "Unreadable"),
        "text": (answer(b'"' + b"x" * 16_000_000 + b'"'), "Unreadable"),
        "wide-text": (answer(b'"' + "\N{GRINNING FACE}".encode() * 4_000_000 + b'"'), "Unreadable"),
        "depths": (answer(b"[" * 8_000_000), "Unreadable"),
        "objects": (answer(_objects(5_000_000)), "Unreadable"),
        "many": (answer(_objects(140_000)), "NoAnswer Unreadable"),
        "keys": (answer(_keys(70_000)), "read"),
        "files": (answer(_files(60_000)), "read"),
        "digits": (answer(b'{"id": ' + b"7" * 15_000_000 + b"}"), "Unreadable"),
    }


async def test_whatever_is_answered_the_client_stays_below_300_mib_and_lives() -> None:
    said = answers()

    async def behave(asked: Asked, writer: asyncio.StreamWriter) -> None:
        name = asked.target.rpartition("/")[2]
        if name == "flood":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
            while True:
                writer.write(b" " * 65_536)
                await writer.drain()
        writer.write(answer(SUBMISSION) if name == "k1" else said[name][0])
        await writer.drain()

    asked = [*said, "flood", "k1"]
    async with misbehaving(behave) as server:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", CLIENT, server.base_url, KEY.revealed(), *asked),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
        )
        told, _ = await asyncio.wait_for(child.communicate(), 120)
    ends = [line.split() for line in told.decode().splitlines()]
    for name, peak, end in ends:
        print(name, peak, end)
        expected = {"k1": "read", "flood": "Unreadable"}.get(name) or said[name][1]
        assert end in expected.split(), name
        assert int(peak) < MOST_MIB, name
    assert len(ends) == len(asked)
