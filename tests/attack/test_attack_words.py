"""What people type is never anything but words: not SQL, not a template, not markup, not a command."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from pluis.store.base import Base
from tests.attack.conftest import Tried
from tests.support.api import Client

INJECTED = [
    "'; DROP TABLE account; --",
    "' UNION SELECT password_hash FROM account --",
    "'; SELECT pg_sleep(5); --",
    "{{ 7919*7907 }}{{ config }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "${7*7} #{7*7} <%= 7*7 %> {0.__class__.__init__.__globals__}",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    '=HYPERLINK("https://evil.example")',
    "%s%n%x %(password)s",
    "$(id) `id` ; id | id",
    "../../../../etc/passwd",
    "\r\nSet-Cookie: stolen=1\r\n",
    '/slot{"answer":"x"}',
    "![x](https://evil.example/x.png) [klik](javascript:alert(1))",
]
ODD = [
    "\u202e" * 50, "e\u0301" * 500 + "\u0300" * 500, "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 200, "\ufdfd" * 300,
    "\ufeff\u200b\u2060", "\U000e0041\U000e0042", "\uffff\ufffe", "ＡＢＣ'；ＤＲＯＰ", "a\x00b", "\x1b[31m\x07", "ı İ ß ﬁ ǆ" * 100,
    "9" * 9000, "?" * 9000, "(((((" * 1800, "a " * 5000, "nee " * 2400,
]  # fmt: skip


def rows(client: Client) -> dict[str, int]:
    """How many rows each table has, but for those that every request adds to."""
    with client.system.store() as store, store.reading() as session:
        tables = [table for table in Base.metadata.sorted_tables if table.name in ("account", "case", "person", "team")]
        return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def test_chat(counselor: Client, tried: Tried) -> None:
    """SQL, templates, markup and commands typed in a debrief, and shown on its pages"""
    visit = counselor.begin()
    visit.go_to("C1")
    before = rows(counselor)

    for text in INJECTED:
        visit.say(text)

    assert visit.said()[-len(INJECTED) :] == INJECTED
    assert rows(counselor) == before
    for path in (f"/debriefs/{visit.id}", f"/cases/{visit.case}", f"/debriefs/{visit.id}/read"):
        page = counselor.http.get(path, headers={"Accept": "text/html"})
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert 'href="javascript' not in page.text
        assert "stolen" not in page.headers.get("set-cookie", "")
        assert "62615533" not in page.text.replace(visit.id, "") or "{{ 7919*7907 }}" in page.text
    tried(len(INJECTED))


@pytest.mark.slow
def test_odd_signs(counselor: Client, tried: Tried) -> None:
    """Odd Unicode and tiresome repetition in the chat, each answered within three seconds"""
    for text in ODD:
        got = counselor.http.post("/api/chat", json={"text": text})
        assert got.status_code in (200, 422), (text[:20], got.text)
        assert got.elapsed.total_seconds() < 3, text[:20]
    tried(len(ODD))


@pytest.mark.slow
def test_forms_and_search(counselor: Client, tried: Tried) -> None:
    """The same in search, sign-in, language, statement, emergency reason"""
    case, before = counselor.family(), rows(counselor)
    forms = {
        "/search": ("text", "level", "team", "page"), "/sign-in": ("username", "password", "next"),
        "/language": ("language", "next"), f"/cases/{case}/statement": ("person_id", "words", "text"),
        f"/cases/{case}/assessment": ("text", "level"), f"/cases/{case}/emergency": ("reason",),
    }  # fmt: skip
    count = 0
    for path, fields in forms.items():
        for text in INJECTED:
            got = counselor.http.post(path, data=dict.fromkeys(fields, text), headers={"Accept": "text/html"})
            assert got.status_code < 500, (path, text, got.status_code)
            assert "<script>alert" not in got.text, path
            assert "pluis.store" not in got.text, path
            assert got.elapsed.total_seconds() < 3
            count += 1
    assert rows(counselor) == before
    counselor.http.post("/language", data={"language": "nl"})
    tried(count)
