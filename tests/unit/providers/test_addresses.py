"""Where a URL may lead."""

from __future__ import annotations

import socket
import threading

import pytest

from providers.addresses import (
    PrivateAddress,
    is_public,
    refuse_private_address,
    refuse_private_url,
    resolve,
    resolve_within,
)

PRIVATE = [
    pytest.param("127.0.0.1", id="loopback"),
    pytest.param("127.8.9.10", id="all of loopback"),
    pytest.param("0.0.0.0", id="unspecified"),
    pytest.param("10.0.0.7", id="private 10"),
    pytest.param("172.16.3.4", id="private 172"),
    pytest.param("192.168.1.1", id="private 192"),
    pytest.param("100.64.0.1", id="carrier NAT"),
    pytest.param("100.100.100.200", id="metadata of Alibaba"),
    pytest.param("169.254.169.254", id="metadata, link-local"),
    pytest.param("168.63.129.16", id="platform of Azure"),
    pytest.param("192.0.0.192", id="metadata of Oracle"),
    pytest.param("198.18.0.1", id="benchmarks"),
    pytest.param("203.0.113.9", id="documentation"),
    pytest.param("224.0.0.1", id="multicast"),
    pytest.param("255.255.255.255", id="broadcast"),
    pytest.param("::1", id="loopback v6"),
    pytest.param("::", id="unspecified v6"),
    pytest.param("fe80::1", id="link-local v6"),
    pytest.param("fe80::1%eth0", id="link-local v6 with a zone"),
    pytest.param("fd00:ec2::254", id="metadata of AWS, unique local"),
    pytest.param("fec0::1", id="site-local"),
    pytest.param("ff02::1", id="multicast v6"),
    pytest.param("2001:db8::1", id="documentation v6"),
    pytest.param("::ffff:127.0.0.1", id="mapped loopback"),
    pytest.param("::ffff:10.0.0.7", id="mapped private"),
    pytest.param("::ffff:a9fe:a9fe", id="mapped metadata"),
    pytest.param("::7f00:1", id="compatible loopback"),
    pytest.param("2002:7f00:1::", id="6to4 of loopback"),
    pytest.param("2002:c0a8:101::1", id="6to4 of private"),
    pytest.param("64:ff9b::7f00:1", id="NAT64 of loopback"),
    pytest.param("64:ff9b:1::1", id="local NAT64"),
    pytest.param("2001:0:4136:e378:8000:63bf:3fff:fdd2", id="Teredo"),
    pytest.param("localhost", id="no address at all"),
]

PUBLIC = [
    pytest.param("93.184.216.34", id="v4"),
    pytest.param("2606:2800:220:1:248:1893:25c8:1946", id="v6"),
    pytest.param("::ffff:93.184.216.34", id="mapped"),
    pytest.param("64:ff9b::5db8:d822", id="NAT64 of public"),
]


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_of_the_inside_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_of_the_internet_are_public(address):
    assert is_public(address)


def test_a_private_address_is_refused():
    with pytest.raises(PrivateAddress):
        refuse_private_address("10.0.0.7")


def test_a_public_address_is_not_refused():
    assert refuse_private_address("93.184.216.34") is None


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x",
        "https://[::1]:8443/x",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:10.0.0.7]/",
        "http://user:secret@192.168.0.1/",
    ],
)
def test_a_url_of_a_private_address_is_refused(url):
    with pytest.raises(PrivateAddress):
        refuse_private_url(url, lambda host, _port: [host])


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost", "localhost."])
def test_other_spellings_of_loopback_are_refused(host):
    """The system reads them as addresses, so what it returns is looked at and not the text."""
    with pytest.raises(PrivateAddress):
        refuse_private_url(f"http://{host}/")


def test_a_name_that_leads_to_a_private_address_is_refused():
    with pytest.raises(PrivateAddress):
        refuse_private_url("https://gateway.example/", lambda _host, _port: ["10.1.2.3"])


def test_one_private_address_among_public_ones_is_enough():
    with pytest.raises(PrivateAddress):
        refuse_private_url("https://gateway.example/", lambda _host, _port: ["93.184.216.34", "127.0.0.1"])


def test_a_public_url_gives_its_addresses():
    asked = []

    def resolver(host, port):
        asked.append((host, port))
        return ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"]

    assert refuse_private_url("https://gateway.example/sms", resolver) == (
        "93.184.216.34",
        "2606:2800:220:1:248:1893:25c8:1946",
    )
    assert asked == [("gateway.example", 443)]


def test_the_port_of_the_url_is_looked_up():
    asked = []

    refuse_private_url("http://gateway.example:8080/", lambda *place: asked.append(place) or ["93.184.216.34"])

    assert asked == [("gateway.example", 8080)]


@pytest.mark.parametrize(
    "url", ["ftp://gateway.example/", "gateway.example", "http://", "file:///etc/passwd", "http://[::1"]
)
def test_what_is_not_a_web_url_is_refused(url):
    with pytest.raises(PrivateAddress):
        refuse_private_url(url, lambda _host, _port: ["93.184.216.34"])


def test_an_unknown_host_is_refused():
    def resolver(_host, _port):
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    with pytest.raises(PrivateAddress, match="not known"):
        refuse_private_url("https://gateway.example/", resolver)


def test_a_host_without_addresses_is_refused():
    with pytest.raises(PrivateAddress, match="not known"):
        refuse_private_url("https://gateway.example/", lambda _host, _port: [])


def test_each_address_is_found_once():
    assert resolve("127.0.0.1", 80) == ("127.0.0.1",)


def test_a_name_with_an_overlong_label_is_unknown():
    with pytest.raises(socket.gaierror):
        resolve("a" * 64 + ".example", 80)


def test_an_address_needs_no_look_up():
    def resolver(_host, _port):
        raise AssertionError

    assert resolve_within(1, "127.0.0.1", 80, resolver) == ("127.0.0.1",)


def test_a_name_is_looked_up():
    assert resolve_within(5, "gateway.example", 80, lambda _host, _port: ["192.0.2.1"]) == ("192.0.2.1",)


def test_the_fault_of_a_look_up_is_passed_on():
    def resolver(_host, _port):
        raise socket.gaierror(socket.EAI_AGAIN, "later")

    with pytest.raises(socket.gaierror):
        resolve_within(5, "gateway.example", 80, resolver)


def test_a_look_up_that_hangs_is_left_behind():
    release = threading.Event()

    def resolver(_host, _port):
        release.wait(10)
        return ["192.0.2.1"]

    try:
        with pytest.raises(TimeoutError):
            resolve_within(0.05, "gateway.example", 80, resolver)
    finally:
        release.set()
