"""The summary that the counselor checks."""

from pluis.debrief.work import Work
from pluis.protocol.facts import Facts
from pluis.protocol.order import marked


def text(work: Work, facts: Facts) -> str:
    """What was recorded, what was not seen, and the proposed level with the words behind it."""
    lines = []
    signals = facts.counted
    if not any(f.severity == "acute" for f in signals) and work.debrief.level != "L3":
        lines.append(work.text("summary_none_named"))
    if unseen := not_seen(work, facts):
        lines.append(work.text("summary_not_seen", list=", ".join(unseen)))
    level = work.debrief.level or "L0"
    lines.append(work.text("summary_level", level=f"{level}, {work.protocol.rules.levels[level][work.language]}"))
    last = work.behind.last_level
    if last is not None and last != level:
        lines.append(work.text("summary_trend", level=f"{last}, {work.protocol.rules.levels[last][work.language]}"))
    if work.debrief.rules:
        lines.append(work.text("summary_reasons"))
    for rule in work.debrief.rules or []:
        words = "; ".join(f"“{word['words']}”" for word in rule["words"] if word["words"])
        lines.append(f"– {rule[work.language]}" + (f" {words}" if words else ""))
    return "\n".join(lines)


def not_seen(work: Work, facts: Facts) -> list[str]:
    """Who was not seen or spoken to, by name."""
    seen = marked(work.protocol.blocks, facts, "seen") | marked(work.protocol.blocks, facts, "spoken")
    return [s.name for s in facts.subjects if s.kind in ("child", "adult") and s.id not in seen]
