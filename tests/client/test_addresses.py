"""Where a key may travel is decided on the address, before anything is opened."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_tui.client.addresses import Address, api_address, file_address, is_loopback, proxy_for
from review_tui.client.errors import UnsafeAddress


@pytest.mark.parametrize(
    ("url", "host", "root"),
    [
        ("https://quick-fox-1.convex.site", "quick-fox-1.convex.site", "https://quick-fox-1.convex.site"),
        ("https://quick-fox-1.convex.site/", "quick-fox-1.convex.site", "https://quick-fox-1.convex.site"),
        (" https://A.example:8443/steve/ ", "a.example", "https://A.example:8443/steve"),
        ("https://a.example/api/v1", "a.example", "https://a.example"),
        ("https://a.example/steve/api/v1/", "a.example", "https://a.example/steve"),
        ("http://127.0.0.1:8080", "127.0.0.1", "http://127.0.0.1:8080"),
        ("http://localhost:8080", "localhost", "http://localhost:8080"),
        ("http://[::1]:8080/", "[::1]", "http://[::1]:8080"),
    ],
)
def test_addresses_that_will_do(url: str, host: str, root: str) -> None:
    address = api_address(url)
    assert (address.host, address.root) == (host, root)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "a.example",
        "ftp://a.example",
        "HTTPS://a.example",
        "https://",
        "https:///x",
        "https://user@a.example",
        "https://user:pass@a.example",
        "https://a.example@evil.example",
        "https://a.example\\@evil.example",
        "https://a.example:0",
        "https://a.example:99999",
        "https://a.example:8x",
        "https://a.example/?next=x",
        "https://a.example/#x",
        "https://a.example/../x",
        "https://a.example/a b",
        "https://a.exa\nmple",
        "https://ä.example",
        "https://-a.example",
        "https://a.example/" + "x" * 9_000,
        "http://a.example",
        "http://10.0.0.1",
        "http://0.0.0.0",
        "http://localhost.evil.example",
        "http://127.0.0.1.evil.example",
        "http://127.1",
        "http://[::2]",
    ],
)
def test_addresses_that_are_refused(url: str) -> None:
    with pytest.raises(UnsafeAddress) as refused:
        api_address(url)
    assert refused.value.failure.hint
    assert isinstance(refused.value, ValueError)


@given(st.text() | st.from_regex(r"https?://[a-z0-9.@:\\/\[\]-]{0,30}"))
def test_no_text_gets_a_key_sent_in_the_clear(url: str) -> None:
    try:
        address = api_address(url)
    except UnsafeAddress:
        return
    assert address.scheme == "https" or is_loopback(address.host)
    assert "@" not in address.root


HERE = Address("http", "127.0.0.1", "http://127.0.0.1:1")
THERE = Address("https", "a.example", "https://a.example")


@pytest.mark.parametrize(
    ("url", "api"),
    [
        ("https://files.example/k1?sig=a%2Fb&exp=1#x", THERE),
        ("http://127.0.0.1:9/f?sig=x", HERE),
        ("https://files.example/f", HERE),
    ],
)
def test_links_that_are_followed(url: str, api: Address) -> None:
    assert file_address(url, api=api).root == url


@pytest.mark.parametrize(
    ("url", "api"),
    [
        ("http://files.example/f", THERE),
        ("http://files.example/f", HERE),
        ("http://127.0.0.1:9/f", THERE),
        ("https://localhost/f", THERE),
        ("https://me@files.example/f", THERE),
        ("file:///etc/passwd", THERE),
        ("/etc/passwd", THERE),
        ("https://files.example/a\r\nHost: b", THERE),
    ],
)
def test_links_that_are_not_followed(url: str, api: Address) -> None:
    with pytest.raises(UnsafeAddress):
        file_address(url, api=api)


def test_the_proxy_is_told_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    assert proxy_for(THERE) is None
    monkeypatch.setenv("https_proxy", "http://me:secret@proxy.example:3128")
    assert proxy_for(THERE) == "proxy.example:3128"
    assert proxy_for(HERE) is None
    monkeypatch.setenv("no_proxy", "a.example")
    assert proxy_for(THERE) is None
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setenv("https_proxy", "proxy.example")
    assert proxy_for(THERE) == "proxy.example"
    monkeypatch.setenv("https_proxy", "http://proxy.example:notaport")
    assert proxy_for(THERE) == "(unreadable)"
