"""What all pages share: templates, words, dates, and who may come in."""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from babel.dates import format_date
from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.datastructures import FormData

from pluis.store.people import Account
from pluis.web import assets
from pluis.web.problems import language_of
from pluis.web.texts import say
from pluis.web.who import account, api_account, runtime_of

TEMPLATES = Path(__file__).parent / "templates"
LONG_UNSEEN = 21  # days: a child not seen for three weeks is out of view (rule R5)
LONG_UNSEEN_ADULT = 42  # days: an adult not spoken to for six weeks (question B4)


@lru_cache(maxsize=1)
def templates() -> Environment:
    """The templates; everything that is filled in is escaped, and a name that does not exist is an error."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["note_blocks"] = note_blocks
    environment.filters["emphasis"] = emphasis
    environment.globals["static"] = assets.address()
    environment.tests["out_of_view"] = out_of_view
    return environment


def html(name: str, language: str, zone: ZoneInfo, **values: Any) -> str:
    """A template filled in, in this language and with times in this zone."""
    words: Callable[..., str] = lambda text, **filled: say(text, language, **filled)  # noqa: E731
    return (
        templates()
        .get_template(name)
        .render(
            t=words,
            language=language,
            day=partial(day, language=language, zone=zone),
            clock=partial(clock, zone=zone),
            moment=partial(moment, language=language, zone=zone),
            seen=partial(seen, language=language),
            out_of_view=out_of_view,
            age_of=partial(age_of, language=language),
            deadline=partial(deadline, language=language, zone=zone),
            **values,
        )
    )


def page(
    request: Request,
    name: str,
    status: int = 200,
    language: str | None = None,
    **values: Any,
) -> HTMLResponse:
    """A whole page, or a part of one, for whoever is signed in."""
    runtime = runtime_of(request)
    text = html(
        name,
        language or language_of(request),
        zone_of(request),
        me=getattr(request.state, "account", None),
        path=request.url.path,
        demo=runtime.settings.demo,
        numbers=runtime.protocol.phone_numbers,
        **values,
    )
    return HTMLResponse(text, status, headers={"Cache-Control": "no-store"})


def zone_of(request: Request) -> ZoneInfo:
    return ZoneInfo(runtime_of(request).protocol.ladders.working_hours.timezone)


def form_account(request: Request) -> Account:
    """Who sent a form; forms of other sites are refused. Raises Problem."""
    return api_account(request)


async def form_of(request: Request) -> FormData:
    return await request.form()


def go(path: str) -> RedirectResponse:
    """To another page after a form was handled."""
    return RedirectResponse(path, 303)


def own_path(path: str | None) -> str:
    """A path of this site, whatever somebody put in a link; else the home page."""
    plain = path or "/"
    safe = plain.startswith("/") and not plain.startswith("//") and "\\" not in plain and plain.isprintable()
    return quote(plain, safe="/?=&#%+") if safe else "/"


def is_script(request: Request) -> bool:
    """Whether a script of a page asks for a part, rather than a browser for a page."""
    return request.headers.get("x-requested-with") == "pluis"


def day(value: str | date | None, language: str, zone: ZoneInfo) -> str:
    """A day as people read it, with the year only when it is another one."""
    if not value:
        return ""
    parsed = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    same_year = parsed.year == datetime.now(zone).year
    return format_date(parsed, "EEE d MMM" if same_year else "d MMM y", locale=language).replace(".", "")


def clock(value: str | datetime, zone: ZoneInfo) -> str:
    parsed = datetime.fromisoformat(value) if isinstance(value, str) else value
    return parsed.astimezone(zone).strftime("%H:%M")


def moment(value: str | datetime, language: str, zone: ZoneInfo) -> str:
    """A time of day, with the day when it is not today."""
    parsed = (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(zone)
    time = parsed.strftime("%H:%M")
    return time if parsed.date() == datetime.now(zone).date() else f"{day(parsed.date(), language, zone)} {time}"


def seen(person: dict[str, Any], language: str) -> str:
    """When a person was last seen, in words."""
    days = person["days_unseen"]
    if days is None:
        return say("seen_never", language)
    if days < 14:
        return say("seen_today" if days == 0 else "seen_day" if days == 1 else "seen_days", language, days=days)
    return say("seen_weeks", language, weeks=days // 7)


def out_of_view(person: dict[str, Any]) -> bool:
    """A child, or a parent, whom nobody has seen for long."""
    if person["kind"] != "child" and not person["parent"]:
        return False
    most = LONG_UNSEEN if person["kind"] == "child" else LONG_UNSEEN_ADULT
    return person["days_unseen"] is None or person["days_unseen"] > most


def age_of(person: dict[str, Any], language: str) -> str:
    """Age in words: months up to two years, then years."""
    if person["months"] is not None and person["months"] < 24:
        return say("age_months", language, months=person["months"])
    return say("age_years", language, years=person["age"])


def deadline(value: str, kind: str, language: str, zone: ZoneInfo) -> dict[str, str]:
    """What a deadline says now, and the words with which a script keeps counting. `kind`: ack | decide."""
    left = (datetime.fromisoformat(value) - datetime.now(UTC)).total_seconds() / 60
    when = moment(value, language, zone)
    late = say(f"deadline_{kind}_late", language, time=when)
    soon = say(f"deadline_{kind}_soon", language)
    far = say(f"deadline_{kind}_far", language, time=when)
    shown = late if left < 0 else soon.replace("%m", str(max(round(left), 1))) if left < 120 else far
    return {"shown": shown, "late": late, "soon": soon, "far": far, "until": value}


def note_blocks(note: str) -> list[tuple[str, list[str]]]:
    """A contact note in Markdown as (heading, lines), so that it can be shown without being trusted as HTML."""
    blocks: list[tuple[str, list[str]]] = []
    for line in note.splitlines():
        if line.startswith("#"):
            blocks.append((line.lstrip("# "), []))
        elif line.strip():
            if not blocks:
                blocks.append(("", []))
            blocks[-1][1].append(line.removeprefix("- "))
    return blocks


def emphasis(text: str) -> Markup:
    """Words between *asterisks* stand out; everything else is plain text."""
    return Markup(re.sub(r"\*([^*\n]+)\*", r"<em>\1</em>", str(escape(text))))  # escaped before it is marked up


def utc_now() -> datetime:
    return datetime.now(UTC)


Reader = Annotated[Account, Depends(account)]
Writer = Annotated[Account, Depends(form_account)]
Form = Annotated[FormData, Depends(form_of)]
Endpoint = Callable[..., Awaitable[Any]]
