"""One visit on paper."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from pluis.dossier.sheet import Sheet
from pluis.store.base import Json

if TYPE_CHECKING:
    from pluis.dossier.printed import Say


def print_visit(paper: Sheet, words: "Say", visit: Json, statements: Sequence[Json] = ()) -> None:
    """A contact note: who was there, facts, what others told, impressions; level, changes, corrections; own words."""
    day = words.day(visit["on"])
    paper.heading(2, words("visit_title", day=day, mode=words.word("mode", visit["mode"])))
    paper.text_block(f"{words('counselor')}: {(visit['counselor'] or {}).get('name', '–')}", soft=True)
    if visit["state"] != "done":
        paper.text_block(words("running"), "I")
    for title, lines in sections(visit, words):
        paper.heading(3, title)
        for line, soft in lines:
            paper.bullet(line, soft)
    for said in statements:
        paper.heading(
            3, f"{words('statements')}: {words('statement_title', name=said['person'], day=words.day(said['on']))}"
        )
        paper.text_block(said["text"])
    if visit.get("withheld"):
        paper.text_block(words("withheld", count=visit["withheld"]), "I", soft=True)


def sections(visit: Json, words: "Say") -> list[tuple[str, list[tuple[str, str]]]]:
    """The parts of a contact note that hold something: title, then lines with what stands small below each."""
    counted = [*visit["told_by_others"], *visit["observed"]]
    level = words("level_section", level=words.level(visit["level"]))
    parts = [
        (words("who_seen"), _plain(f"{one['name']}: {_how(words, one)}" for one in visit["seen"])),
        (words("facts"), _plain(_lines(visit["facts"]))),
        (words("told_by_others"), _signals(words, visit["told_by_others"])),
        (words("observed"), _signals(words, visit["observed"])),
        (words("impressions"), _plain(_lines(visit["impressions"]))),
        (words("strengths"), _plain(f"{one['name']}: “{one['words']}”" for one in visit["strengths"])),
        (words("dismissed"), _signals(words, [one for one in visit["signals"] if one not in counted])),
        (words("agreements"), _plain(visit["agreements_made"])),
        (words("unknown_now"), _plain(visit["unknowns"])),
        (words("skipped"), _plain(visit["skipped"])),
        (level, _level(words, visit)),
        (words("corrections"), _plain(_correction(words, one) for one in visit["corrections"])),
    ]
    return [(title, lines) for title, lines in parts if lines]


def _plain(lines: Iterable[str]) -> list[tuple[str, str]]:
    return [(line, "") for line in lines]


def _signals(words: "Say", signals: list[Json]) -> list[tuple[str, str]]:
    lines = []
    for one in signals:
        about = f" ({one['about']})" if one["about"] else ""
        known = [
            words.word("severity", one["severity"]),
            words.word("source", one["source"] or "none"),
            words.word("status", one["status"]),
            words.word("confirmation", one["confirmation"]),
        ]
        lines.append((f"{one['name']}{about}: “{one['words']}”", ", ".join(known)))
    return lines


def _level(words: "Say", visit: Json) -> list[tuple[str, str]]:
    if not visit["level"]:
        return []
    lines = []
    for rule in visit["rules"]:
        behind = "; ".join(f"“{word['words']}”" for word in rule["words"] if word.get("words"))
        lines.append((f"{rule['rule']}: {rule['text']}", behind))
    for one in visit["changes"]:
        what = f"{one['level']['value']} {words.word('change', one['kind'])} {words.by(one['by'])}"
        lines.append((f"{what}, {words.moment(one['at'])}", one["reason"]))
    return lines


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
