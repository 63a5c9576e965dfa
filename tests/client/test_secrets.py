"""The key is in the one header that needs it, and in nothing else that can be read."""

import socket
import ssl
import subprocess
import sys
import traceback
from pathlib import Path
from shutil import which

import pytest

from review_tui.client.errors import (
    BadCertificate,
    NotSent,
    UnsafeAddress,
    UnusableId,
    UnusableKey,
    WireError,
)
from review_tui.client.steve import Steve
from review_tui.model.secret import Secret
from tests.client.rawserver import KEY, SUBMISSION, answer, asking, misbehaving


async def test_the_key_goes_out_as_a_bearer() -> None:
    async with asking(answer(SUBMISSION)) as (steve, server):
        await steve.submissions.get("k1")
    assert server.asked[0].headers["authorization"] == f"Bearer {KEY.revealed()}"
    assert KEY.revealed() not in server.asked[0].target


@pytest.mark.parametrize("key", ["", " ", "aok_1 2", "aok_1\r\nX-Evil: 1", "aok_ł", "a\x00b", "x" * 600])
def test_a_key_that_no_header_can_carry_is_refused_and_not_repeated(key: str) -> None:
    with pytest.raises(UnusableKey) as caught:
        Steve("https://a.example", Secret(key))
    told = "".join(traceback.format_exception(caught.value))
    assert not key.strip() or key not in told


def test_an_unsafe_address_is_refused_at_once() -> None:
    with pytest.raises(UnsafeAddress, match="use https://"):
        Steve("http://a.example", KEY)


async def test_no_error_holds_the_key() -> None:
    key = KEY.revealed()
    async with asking(answer({"detail": f"unknown key {key[:8]}"}, status=401)) as (steve, _):
        with pytest.raises(WireError) as caught:
            await steve.submissions.get("k1")
        assert key not in "".join(traceback.format_exception(caught.value))
        assert key not in repr(caught.value.failure)
        assert key not in repr(vars(steve)) + repr(vars(steve.submissions))
    async with misbehaving(b"") as gone:
        address = gone.base_url
    async with Steve(address, KEY) as steve:
        with pytest.raises(NotSent) as lost:
            await steve.submissions.get("k1")
        assert key not in "".join(traceback.format_exception(lost.value))


@pytest.mark.parametrize("request_id", ["x" * 129, "a b", "a\r\nb", "é"])
async def test_a_request_id_that_no_header_can_carry_is_refused(request_id: str) -> None:
    async with asking(answer(SUBMISSION)) as (steve, server):
        with pytest.raises(UnusableId):
            await steve.submissions.approve("k1", request_id=request_id)
    assert server.asked == []


async def test_a_proxy_never_stands_between_us_and_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    async with misbehaving(answer(b"", status=502)) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.base_url)
        async with asking(answer(SUBMISSION)) as (steve, _):
            assert steve.proxy_in_use is None
            assert (await steve.submissions.get("k1")).id == "k1"
    assert proxy.asked == []


async def test_the_proxy_in_use_is_known_and_its_refusal_means_not_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with misbehaving(answer(b"", status=502)) as proxy:
        monkeypatch.setenv("https_proxy", proxy.base_url)
        monkeypatch.setenv("no_proxy", "")
        async with Steve("https://a.example", KEY) as steve:
            assert steve.proxy_in_use == proxy.base_url.removeprefix("http://")
            with pytest.raises(NotSent, match="proxy"):
                await steve.submissions.approve("k1")
    assert [asked.method for asked in proxy.asked] == ["CONNECT"]
    assert "authorization" not in proxy.asked[0].headers


async def test_a_server_that_speaks_no_tls_is_not_believed() -> None:
    said = answer(SUBMISSION)
    async with misbehaving(said, blurts=said) as server:
        async with Steve(server.base_url.replace("http:", "https:"), KEY) as steve:
            with pytest.raises(BadCertificate, match="TLS failed"):
                await steve.submissions.approve("k1")
        assert server.asked == []


async def test_a_handshake_that_never_ends_is_no_fault_of_the_certificate(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("review_tui.client.network.CONNECT_TIMEOUT", 0.2)
    async with misbehaving(b"") as server:
        async with Steve(server.base_url.replace("http:", "https:"), KEY) as steve:
            with pytest.raises(NotSent) as caught:
                await steve.submissions.approve("k1")
        assert type(caught.value) is NotSent


@pytest.fixture
def unvouched(tmp_path: Path) -> ssl.SSLContext:
    """The TLS of a server whose certificate nobody has signed but itself."""
    key, certificate = str(tmp_path / "key.pem"), str(tmp_path / "certificate.pem")
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    named = ["-keyout", key, "-out", certificate, "-days", "1", "-subj", "/CN=127.0.0.1"]
    subprocess.run([*made, *named], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


@pytest.mark.skipif(which("openssl") is None, reason="openssl makes the certificate")
async def test_a_certificate_that_nobody_vouches_for_is_named_and_not_bypassed(
    unvouched: ssl.SSLContext,
) -> None:
    async with misbehaving(answer(SUBMISSION), tls=unvouched) as server, Steve(server.base_url, KEY) as steve:
        with pytest.raises(BadCertificate, match="Its certificate: self-signed certificate"):
            await steve.submissions.get("k1")
        assert server.asked == []


def test_a_script_loads_no_screen_and_nothing_of_the_sandbox() -> None:
    listing = "import sys, review_tui.client.steve, review_tui.client.network; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in run.stdout.split()}
    assert "httpx" in loaded
    assert not loaded & {"textual", "rich", "click", "pygments", "starlette", "uvicorn", "PIL", "sqlite3"}


def test_the_tests_themselves_stay_on_this_machine() -> None:
    with socket.socket() as out, pytest.raises(AssertionError, match=r"tried to reach 192\.0\.2\.1"):
        out.connect(("192.0.2.1", 443))
