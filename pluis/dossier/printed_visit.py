"""One visit on paper."""

from typing import TYPE_CHECKING

from pluis.dossier.paper import Paper
from pluis.store.base import Json

if TYPE_CHECKING:
    from pluis.dossier.printed import Say


def print_visit(paper: Paper, words: "Say", visit: Json) -> None:
    """A contact note: who was there, facts, what others told, impressions; level, changes, corrections."""
    day = words.day(visit["on"])
    paper.heading(2, words("visit_title", day=day, mode=words.word("mode", visit["mode"])))
    paper.text_block(f"{words('counselor')}: {(visit['counselor'] or {}).get('name', '–')}", soft=True)
    if visit["state"] != "done":
        paper.text_block(words("running"), "I")
    _list(paper, words("who_seen"), [f"{one['name']}: {_how(words, one)}" for one in visit["seen"]])
    _list(paper, words("facts"), _lines(visit["facts"]))
    _signals(paper, words, "told_by_others", visit["told_by_others"])
    _signals(paper, words, "observed", visit["observed"])
    _list(paper, words("impressions"), _lines(visit["impressions"]))
    _list(paper, words("strengths"), [f"{one['name']}: “{one['words']}”" for one in visit["strengths"]])
    counted = [*visit["told_by_others"], *visit["observed"]]
    _signals(paper, words, "dismissed", [one for one in visit["signals"] if one not in counted])
    _list(paper, words("agreements"), visit["agreements_made"])
    _list(paper, words("unknown_now"), visit["unknowns"])
    _list(paper, words("skipped"), visit["skipped"])
    _level(paper, words, visit)
    _list(paper, words("corrections"), [_correction(words, one) for one in visit["corrections"]])
    if visit.get("withheld"):
        paper.text_block(words("withheld", count=visit["withheld"]), "I", soft=True)


def _list(paper: Paper, title: str, lines: list[str]) -> None:
    if lines:
        paper.heading(3, title)
        for line in lines:
            paper.bullet(line)


def _signals(paper: Paper, words: "Say", title: str, signals: list[Json]) -> None:
    if signals:
        paper.heading(3, words(title))
    for one in signals:
        about = f" ({one['about']})" if one["about"] else ""
        known = [
            words.word("severity", one["severity"]),
            words.word("source", one["source"] or "none"),
            words.word("status", one["status"]),
            words.word("confirmation", one["confirmation"]),
        ]
        paper.bullet(f"{one['name']}{about}: “{one['words']}”", ", ".join(known))


def _level(paper: Paper, words: "Say", visit: Json) -> None:
    if not visit["level"]:
        return
    paper.heading(3, words("level_section", level=words.level(visit["level"])))
    for rule in visit["rules"]:
        behind = "; ".join(f"“{word['words']}”" for word in rule["words"] if word.get("words"))
        paper.bullet(f"{rule['rule']}: {rule['text']}", behind)
    for one in visit["changes"]:
        what = f"{one['level']['value']} {words.word('change', one['kind'])} {words.by(one['by'])}"
        paper.bullet(f"{what}, {words.moment(one['at'])}", one["reason"])


def _correction(words: "Say", one: Json) -> str:
    after = one["became"] or words("taken_back")
    head = ", ".join(part for part in (one["label"], one["about"]) if part)
    said = words("correction", before=one["said"] or str(one["value"]), when=words.moment(one["at"]), after=after)
    return f"{head}. {said}"


def _lines(rows: list[Json]) -> list[str]:
    """What was answered; the same words about several people stand there once."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        grouped.setdefault((row["label"], row["said"]), []).extend([row["about"]] if row["about"] else [])
    return [f"{', '.join([label, *dict.fromkeys(about)])}: {said}" for (label, said), about in grouped.items()]


def _how(words: "Say", one: Json) -> str:
    how = "seen_alone" if one["alone"] else "seen_spoken" if one["spoken"] else "only_seen" if one["seen"] else "unseen"
    return words(how)
