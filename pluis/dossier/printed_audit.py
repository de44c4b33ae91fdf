"""The audit report on paper, with pictures, from its plain data. It names nobody."""

from collections.abc import Callable

from pluis.dossier.paper import Paper
from pluis.store.base import Json

Words = Callable[..., str]
LEVELS = ("L0", "L1", "L2", "L2+", "L3")
PICTURES = ("within_24_hours", "children_seen", "parents_spoken_to")


def printed_audit(report: Json, t: Words, show: Callable[[str], str], language: str) -> bytes:
    """The PDF. `t` says a text by its name, `show` writes a day."""
    title = t("audit_title")
    lead = t("audit_lead", **{"from": show(report["from"]), "to": show(report["to"])})
    paper = Paper(f"{title} {report['from']} – {report['to']}", title, language)
    paper.heading(1, title)
    paper.text_block(lead)
    paper.text_block(t("audit_seed_line", seed=report["seed"]), soft=True)
    paper.heading(1, t("audit_figures"))
    rows = [[t(f"audit_{name}"), _share(value), t("audit_of", count=value["count"], of=value["of"])]
            for name, value in figures(report)]  # fmt: skip
    paper.grid([t("audit_what"), t("audit_share"), t("audit_count")], rows, (100, 25, 45))
    _months(paper, report, t)
    _levels(paper, report, t)
    _rules(paper, report, t)
    _sample(paper, report, t)
    return bytes(paper.output())


def figures(report: Json) -> list[tuple[str, Json]]:
    """The shares of the report in the order in which they are read: name of the text, `{"count", "of", "share"}`."""
    alerts = report["escalations"]
    return [
        ("within_24_hours", report["debriefs"]["within_24_hours"]),
        ("all_children", report["children"]["all_seen_per_visit"]),
        ("children_period", report["children"]["seen_in_period"]),
        ("all_parents", report["parents"]["all_spoken_to_per_visit"]),
        ("parents_period", report["parents"]["spoken_to_in_period"]),
        ("assessments", report["assessments"]["on_time"]),
        ("told", alerts["told_on_time"]),
        ("acknowledged", alerts["acknowledged_on_time"]),
        ("decided", alerts["decided_on_time"]),
        ("checked", alerts["checked_on_time"]),
        ("agreements", report["agreements"]["kept_of_checked"]),
    ]


def _months(paper: Paper, report: Json, t: Words) -> None:
    months = report["months"][-12:]
    if not months:
        return
    paper.heading(1, t("audit_by_month"))
    for name in PICTURES:
        known = [(one["month"], one[name]) for one in months if one[name] is not None]
        if known:
            paper.heading(3, t(f"audit_{name}"))
            paper.bars([(month, share, f"{share:.0%}") for month, share in known])
    for level in LEVELS:
        most = max(one["levels"][level] for one in months)
        if most:
            paper.heading(3, t("audit_level_per_month", level=level))
            paper.bars([(one["month"], one["levels"][level] / most, str(one["levels"][level])) for one in months])


def _levels(paper: Paper, report: Json, t: Words) -> None:
    paper.heading(1, t("audit_levels"))
    proposed, final = report["levels"]["proposed"], report["levels"]["final"]
    rows = [[level, str(proposed.get(level, 0)), str(final.get(level, 0))] for level in LEVELS]
    paper.grid([t("audit_level"), t("audit_proposed"), t("audit_final")], rows, (50, 60, 60))
    for kind, roles in report["levels"]["changed_by_role"].items():
        who = ", ".join(f"{t('role_' + role)} {count}" for role, count in roles.items()) or "0"
        paper.bullet(f"{t('audit_' + kind)}: {who}")


def _rules(paper: Paper, report: Json, t: Words) -> None:
    paper.heading(1, t("audit_rules"))
    rows = [
        [one["rule"], str(one["fired"]), str(one["decided_the_level"]), str(one["raised_over"]),
         str(one["lowered_under"]), _share({"share": one["overruled_share"]})]
        for one in report["rules"] if one["fired"]
    ]  # fmt: skip
    heads = [t(f"audit_{name}") for name in ("rule", "fired", "led", "up", "down", "overruled")]
    if rows:
        paper.grid(heads, rows, (20, 25, 35, 30, 30, 30))


def _sample(paper: Paper, report: Json, t: Words) -> None:
    sample = report["sample"]
    paper.heading(1, t("audit_sample"))
    paper.text_block(
        t("audit_sample_lead", size=sample["size"], of=sample["from_cases"], seed=report["seed"],
          complete=sample["complete"]["count"])
    )  # fmt: skip
    for one in sample["cases"]:
        missing = "; ".join(t(f"check_{check}") for check in one["missing"]) or t("audit_complete")
        paper.bullet(f"{one['case']}: {missing}")


def _share(value: Json) -> str:
    return f"{value['share']:.0%}" if value["share"] is not None else "–"
