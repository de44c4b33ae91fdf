"""Vignettes of the organisation's own, in the browser: write, check while writing, offer, approve by a second person."""

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from pluis.access.rights import may, may_do
from pluis.content import ContentError
from pluis.store import training_group
from pluis.store.debriefs import Debrief
from pluis.store.people import Account
from pluis.store.training_group import OwnVignette
from pluis.training import from_debrief, own
from pluis.training.lines import line_of
from pluis.training.text import in_one_language
from pluis.web import training
from pluis.web.conversation import find_debrief
from pluis.web.fault_words import shown
from pluis.web.pages_shared import Form, Reader, Writer, go, page
from pluis.web.problems import Problem
from pluis.web.texts import say
from pluis.web.training_words import signal_name, who_name
from pluis.web.who import CurrentRuntime, now

router = APIRouter(prefix="/vignettes")
BLANK = Path(own.__file__).parent
MOST_DEBRIEFS = 10


def writer(account: Reader) -> Account:
    """Raises Problem for whoever neither writes nor approves vignettes."""
    if not (may_do(account, "train") or may_do(account, "approve_vignette") or may_do(account, "give_vignette")):
        raise Problem(403, "vignettes_not_you")
    return account


Allowed = Annotated[Account, Depends(writer)]


@router.get("")
def listing(request: Request, account: Allowed, runtime: CurrentRuntime) -> Response:
    approves = may_do(account, "approve_vignette")
    with runtime.store.reading() as session:
        every = training_group.own_vignettes(session, "draft", "waiting", "approved")
        listed = [one for one in every if one.author_id == account.id or (approves and one.state != "draft")]
        visits = _debriefs(session, account)
    writes = may_do(account, "train")
    language = "en" if account.language == "en" else "nl"
    examples = [(one.id, one.title[language]) for one in training.vignettes(runtime).values()] if writes else []
    return page(request, "vignettes.html", vignettes=listed, visits=visits, writes=writes, examples=examples)


@router.post("")
def begin(account: Writer, runtime: CurrentRuntime, form: Form) -> Response:
    """A blank one, one like the vignette that `like` names, or one made from the debrief that `debrief` names."""
    writer(account)
    source = str(form.get("debrief", ""))
    with runtime.store.transaction() as session:
        me = session.merge(account)
        if source:
            made = _from_debrief(session, runtime, me, source)
        elif may_do(account, "train"):
            text = _beginning(runtime, str(form.get("like", "")), account.language)
            made = own.begin(session, me, "written", text, say("vignette_new", account.language), now())
        else:
            raise Problem(403, "vignettes_not_you")
        return go(f"/vignettes/{made.id}")


def _beginning(runtime: CurrentRuntime, like: str, language: str) -> str:
    language = "en" if language == "en" else "nl"
    if like:
        return in_one_language(training.find_vignette(runtime, like, 0), language)
    return (BLANK / f"blank.{language}.yml").read_text("utf-8")


@router.post("/check")
def check(request: Request, account: Writer, runtime: CurrentRuntime, form: Form) -> Response:
    """What is wrong with a text while somebody writes it; nothing is kept."""
    writer(account)
    return page(request, "vignette_check.html", **_checked(runtime, _text(form), account.language))


@router.get("/{id}")
def one(request: Request, id: str, account: Allowed, runtime: CurrentRuntime) -> Response:
    with runtime.store.reading() as session:
        found = _find(session, account, id)
    return _page(request, runtime, account, found)


@router.post("/{id}")
def save(id: str, account: Writer, runtime: CurrentRuntime, form: Form) -> Response:
    """`do`: save, or offer it to a second person (then `read` says that it was read through)."""
    with runtime.store.transaction() as session:
        found = _find(session, account, id)
        _now(own.change, found, account, _text(form), account.language, now())
    if form.get("do") == "offer":
        with runtime.store.transaction() as session:
            found = _find(session, account, id)
            _now(own.offer, found, account, runtime.protocol, form.get("read") == "yes", now())
    return go(f"/vignettes/{id}")


@router.post("/{id}/approve")
def approve(id: str, account: Writer, runtime: CurrentRuntime) -> Response:
    with runtime.store.transaction() as session:
        found = _find(session, account, id)
        if not may_do(account, "approve_vignette"):
            raise Problem(403, "vignettes_not_you")
        _now(own.approve, found, account, now())
    return go(f"/vignettes/{id}")


@router.post("/{id}/back")
def send_back(id: str, account: Writer, runtime: CurrentRuntime) -> Response:
    with runtime.store.transaction() as session:
        found = _find(session, account, id)
        if not (may_do(account, "approve_vignette") or found.author_id == account.id):
            raise Problem(403, "vignettes_not_you")
        _now(own.send_back, found, account)
    return go("/vignettes")


def _page(request: Request, runtime: CurrentRuntime, account: Account, found: OwnVignette) -> Response:
    mine = found.author_id == account.id
    checked = _checked(runtime, found.text, account.language)
    names = sorted(
        (signal_name(runtime.protocol, one.id, account.language), one.id) for one in runtime.protocol.taxonomy.signals
    )
    return page(request, "vignette_edit.html" if mine else "vignette_read.html", own=found, names=names, **checked)


def _find(session: Session, account: Account, id: str) -> OwnVignette:
    """The author's own, or one that was offered to whoever approves. Raises Problem."""
    writer(account)
    found = session.get(OwnVignette, id)
    offered = found is not None and found.state != "draft" and may_do(account, "approve_vignette")
    if found is None or not (found.author_id == account.id or offered):
        raise Problem(404, "no_such_vignette")
    return found


def _now(change: Any, *given: Any) -> None:
    try:
        change(*given)
    except own.NotNow:
        raise Problem(409, "vignette_not_now") from None


def _text(form: Form) -> str:
    return str(form.get("text", "")).replace("\r\n", "\n").replace("\x00", "")[: own.MOST_CHARACTERS + 1]


def _checked(runtime: CurrentRuntime, text: str, language: str) -> dict[str, Any]:
    """The faults in the order of the text, and the visit as a trainee would see it as far as it can be read."""
    faults = [{**shown(one, language), "line": line_of(text, one)} for one in own.faults(text, runtime.protocol)]
    faults.sort(key=lambda one: one["line"] or 0)
    try:
        vignette = own.read("own_draft", text)
    except ContentError:
        return {"faults": faults, "visits": []}
    visits = [
        {
            **training.scene_of(vignette, visit, language),
            "answers": [
                {
                    "name": who_name(vignette, visit, talk.who, language),
                    "ask": one.ask[language],
                    "says": one.says[language],
                }
                for talk in visit.talk
                for one in talk.answers
            ],
            "level": visit.marking.level,
            "reasons": visit.marking.reasons[language],
            "marked": [
                {"name": _name_of(runtime, one.id, language), "evidence": one.evidence[language]}
                for one in visit.marking.signals
            ],
        }
        for visit in vignette.visits
    ]
    return {"faults": faults, "visits": visits}


def _name_of(runtime: CurrentRuntime, signal: str, language: str) -> str:
    """What a signal is called; a draft may name one that does not exist."""
    known = any(one.id == signal for one in runtime.protocol.taxonomy.signals)
    return signal_name(runtime.protocol, signal, language) if known else signal


def _debriefs(session: Session, account: Account) -> list[Debrief]:
    """Finished debriefs that this person may read and make a vignette of, newest first."""
    if not may_do(account, "give_vignette"):
        return []
    rows = session.scalars(
        select(Debrief)
        .where(Debrief.state == "done", Debrief.mode != "training", Debrief.account_id == account.id)
        .order_by(Debrief.closed_at.desc())
        .limit(MOST_DEBRIEFS)
    )
    return [one for one in rows if may(account, "read_debrief", one.case)]


def _from_debrief(session: Session, runtime: CurrentRuntime, account: Account, id: str) -> OwnVignette:
    """Only of an own debrief: whoever was there knows what gives a family away. Raises Problem."""
    debrief = find_debrief(session, account, id, write=False)
    if debrief.mode == "training" or debrief.state != "done" or debrief.account_id != account.id:
        raise Problem(403, "not_yours")
    text = from_debrief.draft(session, runtime.protocol, debrief, runtime.settings.home)
    return own.begin(session, account, "debrief", text, say("vignette_new", account.language), now())
