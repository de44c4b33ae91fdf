"""The dossier on paper, from its plain data: front page, course, alerts, then every visit."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

from pluis.dossier.markdown import Markdown
from pluis.dossier.paper import Paper
from pluis.dossier.printed_judgement import print_assessments, print_statements
from pluis.dossier.printed_visit import print_visit
from pluis.dossier.sheet import Sheet
from pluis.dossier.words import say, say_or
from pluis.store.base import Json


class Say:
    """Words, days and people in the reader's language and the organisation's time."""

    def __init__(self, language: str, zone: ZoneInfo) -> None:
        self.language, self.zone = language, zone

    def __call__(self, name: str, /, **values: object) -> str:
        return say(name, self.language, **values)

    def word(self, kind: str, value: Any) -> str:
        return say_or(f"{kind}_{value}", self.language, str(value or ""))

    def day(self, value: str | None) -> str:
        if not value:
            return ""
        moment = (
            datetime.fromisoformat(value).astimezone(self.zone).date() if "T" in value else date.fromisoformat(value)
        )
        return format_date(moment, "d MMM y", locale=self.language).replace(".", "")

    def moment(self, value: str | None) -> str:
        if not value:
            return ""
        local = datetime.fromisoformat(value).astimezone(self.zone)
        return format_datetime(local, "d MMM y, HH:mm", locale=self.language).replace(".", "")

    def level(self, level: Json | None) -> str:
        return f"{level['value']}, {level['name']}" if level else "–"

    def by(self, person: Json | None) -> str:
        return (
            self("by_role", name=person["name"], role=self.word("role", person["role"])) if person else self("by_rules")
        )


def printed(dossier: Json, made_by: str, zone: ZoneInfo) -> bytes:
    """The PDF of a dossier, or of one person's part of it."""
    words = Say(dossier["language"], zone)
    case, title = dossier["case"], _title(words, dossier)
    paper = Paper(title, f"{words('confidential')} – {case['number']}", dossier["language"])
    _write(paper, words, title, dossier, made_by)
    return bytes(paper.output())


def in_markdown(dossier: Json, made_by: str, zone: ZoneInfo) -> str:
    """The same in Markdown."""
    words = Say(dossier["language"], zone)
    sheet = Markdown()
    _write(sheet, words, _title(words, dossier), dossier, made_by)
    return sheet.text()


def _title(words: Say, dossier: Json) -> str:
    case, person = dossier["case"], dossier["person"]
    if person:
        return words("title_part", name=person["name"], number=case["number"])
    return words("title", family=case["family"])


def _write(paper: Sheet, words: Say, title: str, dossier: Json, made_by: str) -> None:
    case, person = dossier["case"], dossier["person"]
    paper.heading(1, title)
    paper.text_block(words("made", when=words.moment(dossier["made_at"]), who=made_by), soft=True)
    paper.text_block(words("part_first", name=person["name"]) if person else words("own_words"), "I", soft=True)
    _front(paper, words, case)
    _people(paper, words, dossier["people"])
    _course(paper, words, dossier["visits"])
    _agreements(paper, words, dossier["agreements"])
    _unknowns(paper, words, dossier["unknowns"])
    print_assessments(paper, words, dossier)
    _escalations(paper, words, dossier["escalations"])
    print_statements(paper, words, dossier)
    paper.heading(1, words("visits"))
    for visit in dossier["visits"]:
        said = [one for one in dossier["statements"] if one["visit"] == visit["id"]]
        print_visit(paper, words, visit, said)


def _front(paper: Sheet, words: Say, case: Json) -> None:
    due = words.day(case["assessment_due"])
    taxed = (
        words("assessment_done", done=words.day(case["assessed_on"]), due=due)
        if case["assessed_on"]
        else words("assessment_never", due=due)
    )
    late = f" ({words('assessment_late')})" if case["assessment_late"] else ""
    rows = [
        (words("number"), case["number"]),
        (words("level_now"), words.level(case["level"])),
        (words("counselor"), case["counselor"]),
        (words("supervisor"), case["supervisor"]),
        (words("team"), case["team"]),
        (words("since"), words.day(case["started_on"])),
        (words("closed"), words.day(case["closed_on"])),
        (words("assessment"), taxed + late),
        (words("one_parent"), case["one_parent_reason"]),
    ]
    paper.pairs([row for row in rows if row[1]])


def _people(paper: Sheet, words: Say, people: list[Json]) -> None:
    paper.heading(1, words("people"))
    rows = []
    for one in people:
        age = ""
        if one["months"] is not None:
            young = one["months"] < 24
            age = words("age_months" if young else "age_years", count=one["months"] if young else one["age"])
        about = [one["relation"], age, "" if one["lives_here"] else words("elsewhere")]
        about.append(words("authority") if one["authority"] else "")
        days = [words.day(one[f"last_{how}"]) or words("never") for how in ("seen", "spoken", "alone")]
        rows.append([one["name"], ", ".join(part for part in about if part), *days])
    heads = [words(name) for name in ("name", "relation", "seen", "spoken", "alone")]
    paper.grid(heads, rows, (30, 52, 29, 29, 29))


def _course(paper: Sheet, words: Say, visits: list[Json]) -> None:
    paper.heading(1, words("course"))
    rows = []
    for visit in visits:
        changed = "; ".join(
            f"{one['level']['value']} {words.word('change', one['kind'])} {words.by(one['by'])}"
            for one in visit["changes"]
            if one["kind"] != "proposed"
        )
        rules = ", ".join(rule["rule"] for rule in visit["rules"])
        shown = [words.day(visit["on"]), (visit["proposed"] or {}).get("value") or "–", words.level(visit["level"])]
        rows.append([*shown, "; ".join(part for part in (rules, changed) if part)])
    if rows:
        paper.grid([words(name) for name in ("visit", "proposed", "level", "rules")], rows, (28, 22, 52, 68))
    else:
        paper.text_block(words("none"))


def _agreements(paper: Sheet, words: Say, agreements: list[Json]) -> None:
    paper.heading(1, words("agreements"))
    rows = [
        [one["text"] + (f" ({words('protects')})" if one["safety"] else ""), words.day(one["made_on"]),
         words.day(one["due_on"]) or "–", words.word("agreement", one["state"])]
        for one in agreements
    ]  # fmt: skip
    if rows:
        paper.grid([words(name) for name in ("agreement", "made_on", "due_on", "state")], rows, (90, 26, 26, 28))
    else:
        paper.text_block(words("none"))


def _unknowns(paper: Sheet, words: Say, unknowns: list[Json]) -> None:
    paper.heading(1, words("unknowns"))
    for one in unknowns:
        since = words("unknown_since", day=words.day(one["since"])) if one["since"] else ""
        done = words("unknown_done", day=words.day(one["done_at"])) if one["done_at"] else ""
        paper.bullet(one["text"], ", ".join(part for part in (since, done) if part))
    if not unknowns:
        paper.text_block(words("none"))


def _escalations(paper: Sheet, words: Say, escalations: list[Json]) -> None:
    paper.heading(1, words("escalations"))
    if not escalations:
        paper.text_block(words("none"))
    for one in escalations:
        level = words.level(one["level"])
        paper.heading(2, words("escalation_title", number=one["id"], level=level, day=words.day(one["raised_at"])))
        told = [
            f"{d['to']} ({words.word('channel', d['channel'])}: {words.word('delivery', d['state'])}"
            + (f" {words.moment(d['sent_at'])})" if d["sent_at"] else ")")
            for d in one["deliveries"]
        ]
        due = words("by_when", when=words.moment(one["acknowledge_by"])) if one["acknowledge_by"] else ""
        taken = f"{words.moment(one['acknowledged_at'])} {words.by(one['acknowledged_by'])}"
        taken = taken if one["acknowledged_at"] else words("acknowledged_not")
        decision = one["decision"] or {}
        rows = [
            (words("state"), words.word("escalation", one["state"])),
            (words("raised"), f"{words.moment(one['raised_at'])} {words.by(one['raised_by'])}"),
            (words("grounds"), "\n".join(_grounds(one))),
            (words("told"), "; ".join(told)),
            (words("acknowledged"), f"{taken} ({due})" if due else taken),
            (words("spoke"), words.moment(one["spoke_at"])),
            (words("lower_wish"), one["lower_wish"] or ""),
            (words("decision"), _decided(words, one) if decision else ""),
            (words("tell_family"), decision.get("tell_family") or ""),
            (words("check_on"), words.day(one["check_on"])),
            (words("checked"), words.moment(one["checked_at"])),
        ]
        paper.pairs([row for row in rows if row[1]])


def _decided(words: Say, one: Json) -> str:
    decision = one["decision"]
    who = f"{words.moment(one['decided_at'])} {words.by(one['decided_by'])}: "
    action = words.word("action", decision["action"])
    return who + words("decided", level=decision["level"], action=action, reason=decision["reason"]).strip()


def _grounds(one: Json) -> list[str]:
    grounds = [f"{rule['rule']}: {rule['text']}" for rule in one["reasons"]]
    return grounds + [f"“{word['words']}”" for word in one["words"] if word.get("words")]
