"""Bodies that are too large, too deep, too slow or no bodies at all: a plain answer in one's own language."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import httpx
import pytest

from pluis.web import limits
from tests.attack.conftest import Tried
from tests.support.api import Client, check_problem

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def endless(most: int) -> Iterator[bytes]:
    """Piece after piece, without saying how much there is."""
    yield b'{"text": "'
    for _ in range(most // 8192):
        yield b"x" * 8192
    yield b'"}'


@pytest.mark.parametrize("path", ["/api/debriefs", "/api/chat", "/api/session", "/search", "/sign-in"])
def test_endless(stranger: Client, tried: Tried, path: str) -> None:
    """Bodies of 8 MB in pieces, without a length"""
    headers = JSON if path.startswith("/api/") else FORM

    got = stranger.http.post(path, content=endless(8_000_000), headers=headers)

    check_problem(got, 413, "body_too_large", "en")
    tried(1)


def test_large_enough_in_pieces_is_fine(counselor: Client) -> None:
    visit = counselor.begin()

    got = counselor.http.post(visit.path, content=iter([b'{"text": "A1', b'=no"}']), headers=JSON)

    assert got.status_code == 200
    assert len(visit.said()) == 1


DEEP = {
    "lists": b"[" * 100_000,
    "closed lists": b"[" * 100_000 + b"]" * 100_000,
    "objects": b'{"text":' * 20_000,
    "in the text": b'{"text": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "a number": b'{"text": ' + b"9" * 200_000 + b"}",
    "an exponent": b'{"case_id": 1e999999}',
    "no JSON": b"{not json",
    "half a sign": b'{"text": "\xc3"}',
    "twice": b'{"text": "a"} {"text": "b"}',
    "zero bytes": b"\x00" * 1000,
}


@pytest.mark.parametrize("name", DEEP)
def test_deep(stranger: Client, tried: Tried, name: str) -> None:
    """Deep, broken and odd JSON"""
    for path in ("/api/debriefs", "/api/chat", "/api/session"):
        got = stranger.http.post(path, content=DEEP[name], headers=JSON)
        assert got.status_code in (400, 422), (path, got.status_code)
        problem = "wrong_body" if got.status_code == 400 else "wrong_field"
        check_problem(got, got.status_code, problem, "en")
    tried(3)


@pytest.mark.slow
def test_odd_forms(stranger: Client, tried: Tried) -> None:
    """Broken forms"""
    bodies = [
        (b"--x\r\nno form", "multipart/form-data; boundary=x"),
        (b"--x\r\n", "multipart/form-data"),
        (b'--x\r\nContent-Disposition: form-data; name="text"; filename="../../etc/passwd"\r\n\r\nx\r\n--x--\r\n',
         "multipart/form-data; boundary=x"),
        (b"&" * 50_000, "application/x-www-form-urlencoded"),
        (b"text=" + b"%00%ff%C0%AF" * 1000, "application/x-www-form-urlencoded"),
    ]  # fmt: skip
    for body, kind in bodies:
        for path in ("/search", "/say", "/language"):
            got = stranger.http.post(path, content=body, headers={"Content-Type": kind})
            assert got.status_code < 500, (path, kind, got.text[:200])
    tried(len(bodies) * 3)


@pytest.mark.slow
def test_slow_clients(counselor: Client, tried: Tried) -> None:
    """Clients that send a byte every two seconds while others work"""
    address = ("127.0.0.1", counselor.system.port)
    head = f"POST /api/chat HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {counselor.token}\r\n"
    slow = [socket.create_connection(address) for _ in range(200)]
    for number, one in enumerate(slow):
        # Half of them never end their headers, half of them never end their body.
        end = "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n" if number % 2 else "X-More: "
        one.sendall((head + end).encode())
    until, longest = time.monotonic() + limits.SLOWEST + 4, 0.0
    try:
        while time.monotonic() < until:
            began = time.monotonic()
            assert counselor.http.get("/api/cases").status_code == 200
            longest = max(longest, time.monotonic() - began)
            for number, one in enumerate(slow):
                try:
                    one.sendall(b"a" if not number % 2 else b" ")
                except OSError:
                    assert number % 2  # told so, and shut out
            time.sleep(2)
        answers = []
        for one in slow[1::2]:
            one.settimeout(1)
            answers.append(one.recv(4096))
        assert all(b" 408 " in answer for answer in answers)
        assert longest < 2
    finally:
        for one in slow:
            one.close()
    tried(len(slow))


def test_pace(counselor: Client, tried: Tried) -> None:
    """More messages than one person can type (unit of the limit; the demo allows fifty times as much)"""
    made = limits.Limits()
    waits = [made.wait(1, "message", now=0.0) for _ in range(500)]

    assert waits.count(0) == limits.RATES["message"].burst
    assert made.wait(2, "message", now=0.0) == 0, "one person's haste is nobody else's"
    assert made.wait(1, "message", now=60.0) == 0
    tried(len(waits))


def test_a_stranger_without_a_session_is_told_in_the_language_of_the_browser(counselor: Client) -> None:
    got = httpx.post(
        f"{counselor.system.url}/api/chat", content=b"{", headers=JSON | {"Accept-Language": "en"}, trust_env=False
    )

    check_problem(got, 400, "wrong_body", "en")
