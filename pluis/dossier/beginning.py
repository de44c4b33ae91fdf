"""What debriefs already said, as lines to begin an assessment with. A person changes them until they are right."""

from collections.abc import Callable
from datetime import date

from pluis.dossier.words import say
from pluis.protocol.assessment_form import AssessmentForm
from pluis.store.base import Json

CHILD_UNSEEN = 21  # days: a child not seen for three weeks is out of view (rule R5)
PARENT_UNSEEN = 42  # days: a parent not spoken to for six weeks (question B4)
AT_LEAST = 3  # visits that are looked at, also when the last assessment was just before
MOST = 12  # lines of one kind
SIZE = 4000


def begin(form: AssessmentForm, dossier: Json, show: Callable[[str], str]) -> dict[str, str]:
    """Question id to the text it begins with, from the dossier as data. `show` writes a day."""
    visits = _since_last(dossier)
    found = {
        "signals": [_signal(one, show(visit["on"])) for visit in visits for one in _counted(visit)],
        "children": _contacts(dossier, show, child=True) + _answers(visits, "child", dossier),
        "parents": _contacts(dossier, show, child=False) + _answers(visits, "adult", dossier),
        "protective": [_signal(one, show(visit["on"])) for visit in visits for one in visit["strengths"]],
        "agreements": _agreements(dossier),
        "rules": [f"{one['rule']}: {one['text']}" for visit in visits for one in visit["rules"]],
        "unseen": _unseen(dossier, show),
        "unknowns": [one["text"] for one in dossier["unknowns"] if not one["done_at"]],
        "statements": [f"{one['person']}: {one['text']}" for one in dossier["statements"]],
    }
    begun = {}
    for question in form.questions:
        lines = [line for source in question.source for line in list(dict.fromkeys(found[source]))[:MOST]]
        begun[question.id] = "\n".join(f"- {line}" for line in lines)[:SIZE]
    return begun


def _since_last(dossier: Json) -> list[Json]:
    """Finished visits since the last assessment, newest first, and never fewer than a few."""
    done = [visit for visit in dossier["visits"] if visit["state"] == "done"][::-1]
    since = dossier["case"]["assessed_on"] or ""
    new = [visit for visit in done if visit["on"] >= since]
    return new if len(new) >= AT_LEAST else done[:AT_LEAST]


def _counted(visit: Json) -> list[Json]:
    return [*visit["told_by_others"], *visit["observed"]]


def _signal(one: Json, day: str) -> str:
    about = f" ({one['about']})" if one["about"] else ""
    return f"{one['name']}{about}: “{one['words']}”, {day}"


def _answers(visits: list[Json], kind: str, dossier: Json) -> list[str]:
    """What was answered about these people at the newest visit that says something of them."""
    wanted = {one["id"]: one["name"] for one in dossier["people"] if (one["kind"] == "child") == (kind == "child")}
    for visit in visits:
        lines = [f"{row['about']}: {row['said']}" for row in visit["facts"] if row["about_id"] in wanted]
        if lines:
            return lines
    return []


def _contacts(dossier: Json, show: Callable[[str], str], child: bool) -> list[str]:
    language = dossier["language"]
    lines = []
    for one in dossier["people"]:
        if one["kind"] == "child" if child else one["parent"]:
            days = {how: show(one[f"last_{how}"]) if one[f"last_{how}"] else say("never", language)
                    for how in ("seen", "spoken", "alone")}  # fmt: skip
            lines.append(say("contact_line" if child else "contact_line_parent", language, name=one["name"], **days))
    return lines


def _unseen(dossier: Json, show: Callable[[str], str]) -> list[str]:
    today = date.fromisoformat(dossier["made_at"][:10])
    lines = []
    for one in dossier["people"]:
        if one["kind"] != "child" and not one["parent"]:
            continue
        how, most = ("seen", CHILD_UNSEEN) if one["kind"] == "child" else ("spoken", PARENT_UNSEEN)
        last = one[f"last_{how}"]
        if not last:
            lines.append(say(f"unseen_{how}_never", dossier["language"], name=one["name"]))
        elif (today - date.fromisoformat(last)).days > most:
            lines.append(say(f"unseen_{how}_since", dossier["language"], name=one["name"], day=show(last)))
    return lines


def _agreements(dossier: Json) -> list[str]:
    language = dossier["language"]
    return [
        f"{one['text']} ({say('agreement_' + one['state'], language)})"
        for one in dossier["agreements"]
        if one["state"] in ("open", "partly", "broken") or one["safety"]
    ]
