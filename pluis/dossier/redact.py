"""The part of one person: what is about this person alone, with the names and words for others taken out.

It fails closed: only what is known to be about this person is kept. A person still has to read it before it goes out,
for a story can tell of others without naming them; the paper says so.
"""

import re
from typing import Any

from pluis.store.base import Json

OTHER = "[…]"
# Words for people in a family and around it. Whoever the part belongs to keeps the words for himself or herself.
_MOTHER = ("moeder", "mama", "mam", "mamma", "mother", "mum", "mummy", "mom")
_FATHER = ("vader", "papa", "pap", "pappa", "father", "dad", "daddy")
_OTHERS = (
    "stiefvader", "stiefmoeder", "stepfather", "stepmother", "partner", "vriend", "vriendin", "boyfriend", "girlfriend",
    "ex", "man", "vrouw", "husband", "wife", "broer", "broertje", "zus", "zusje", "brother", "sister", "oma", "opa",
    "grandma", "grandmother", "grandpa", "grandfather", "grandad", "oom", "tante", "uncle", "aunt", "neef", "nicht",
    "buurman", "buurvrouw", "buren", "neighbour", "neighbours", "neighbor", "neighbors", "zoon", "dochter", "son",
    "daughter", "juf", "meester", "leerkracht", "teacher", "huisarts", "gp",
)  # fmt: skip
_INSIDE = re.compile(r"(?<=[^\s.!?:;“\"'(\[–-])(\s+)([A-ZÀ-ÖØ-Þ][\w’'-]+)")
_KEPT = frozenset({"Veilig", "Thuis", "Raad", "Pluis", "I", "I'm"})


def part_of(whole: Json, person: str) -> Json:
    """Only this person's part of a dossier."""
    me = next(one for one in whole["people"] if one["id"] == person)
    hide = _Hider(me, [one for one in whole["people"] if one["id"] != person])
    return {
        **{name: whole[name] for name in ("format", "language", "made_at")},
        "person": {"id": me["id"], "name": me["name"]},
        "case": {**whole["case"], "one_parent_reason": ""},
        "people": [me],
        # What is weighed is about everybody: that it was, when, by whom and with what outcome. Own words stay whole.
        "assessments": [{**one, "reasons": "", "unknowns": "", "answers": []} for one in whole["assessments"]],
        "statements": [one for one in whole["statements"] if one["person_id"] == person],
        "visits": [_visit(one, person, hide) for one in whole["visits"]],
        "escalations": [_escalation(one, hide) for one in whole["escalations"]],
        "agreements": [{**one, "text": hide(one["text"])} for one in whole["agreements"] if hide.only_me(one["text"])],
        "unknowns": [{**one, "text": hide(one["text"])} for one in whole["unknowns"] if hide.only_me(one["text"])],
    }


def _visit(visit: Json, person: str, hide: "_Hider") -> Json:
    def mine(rows: list[Json]) -> list[Json]:
        return [row for row in rows if row["about_id"] == person]

    def line(row: Json) -> Json:
        return {**row, "said": hide(row["said"])} | ({"became": hide(row["became"])} if row.get("became") else {})

    def signal(row: Json) -> Json:
        # Who told it may be another's secret; what somebody saw with own eyes is not.
        source = row["source"] if row["source"] == "seen_by_worker" else None
        return {**row, "words": hide(row["words"]), "sentence": hide(row["sentence"]), "source": source}

    kept: Json = {name: visit[name] for name in ("id", "on", "mode", "state", "opened_at", "closed_at", "counselor")}
    kept["seen"] = [one for one in visit["seen"] if one["id"] == person]
    for name in ("facts", "impressions", "corrections", "answers"):
        kept[name] = [line(row) for row in mine(visit[name])]
    for name in ("told_by_others", "observed", "strengths", "signals"):
        kept[name] = [signal(row) for row in mine(visit[name])]
    withheld = sum(len(visit[n]) - len(kept[n]) for n in ("facts", "impressions", "signals", "strengths"))
    return {
        **kept,
        "agreements_made": [hide(text) for text in visit["agreements_made"] if hide.only_me(text)],
        "unknowns": [hide(text) for text in visit["unknowns"] if hide.only_me(text)],
        "skipped": [],
        "level": visit["level"],
        "proposed": visit["proposed"],
        "rules": [],
        "changes": [{**one, "reason": "", "rules": []} for one in visit["changes"]],
        "note": None,
        "withheld": withheld,
    }


def _escalation(one: Json, hide: "_Hider") -> Json:
    """That there was an alert, when, and what was done with it; not the words and grounds, which may be another's."""
    decision = one["decision"]
    return {
        **one,
        "reasons": [], "words": [], "lower_wish": None, "deliveries": [], "log": [],
        "decision": {
            "level": decision["level"], "action": decision["action"], "reason": "",
            "tell_family": hide(decision.get("tell_family") or ""), "check_on": decision["check_on"],
        } if decision else None,
    }  # fmt: skip


class _Hider:
    """Takes names of, and words for, everybody else out of a text."""

    def __init__(self, me: Json, others: list[Json]) -> None:
        self._mine = {part.lower() for part in _names(me["name"])}
        own = set(_words_for(me))
        words = [word for word in (*_MOTHER, *_FATHER, *_OTHERS) if word not in own]
        names = [name for one in others for name in (*_names(one["name"]), one["relation"]) if name.lower() not in own]
        parts = sorted({*names, *words} - {""}, key=len, reverse=True)
        self._others = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, parts))})(s|'s|’s|tje|je)?(?!\w)", re.IGNORECASE)
        self._me = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, sorted(self._mine)))})", re.IGNORECASE)

    def __call__(self, text: str) -> str:
        hidden = self._others.sub(lambda found: found[0] if found[1].lower() in self._mine else OTHER, text)
        return _INSIDE.sub(self._unknown_name, hidden)

    def only_me(self, text: str) -> bool:
        """Whether a text that is about nobody in particular names this person."""
        return self._me.search(text) is not None

    def _unknown_name(self, found: re.Match[str]) -> str:
        keep = found[2] in _KEPT or found[2].lower().removesuffix("'s").rstrip("s") in {
            name.rstrip("s") for name in self._mine
        }
        return found[0] if keep else f"{found[1]}{OTHER}"


def _names(name: str) -> list[str]:
    return [name, *(part for part in name.split() if len(part) > 2)]


def _words_for(person: Json) -> tuple[Any, ...]:
    relation = str(person["relation"]).lower()
    if relation in _MOTHER:
        return (*_MOTHER, relation)
    return (*_FATHER, relation) if relation in _FATHER else (relation,)
