"""Figures of an evaluation as a Markdown text and as a picture (SVG)."""

from collections.abc import Mapping
from xml.sax.saxutils import escape

from pluis.signals.evaluate import Rate, Result, Score

_STATUSES = ("present", "uncertain", "negated", "historical", "hypothetical", "other_person", "not found")
_ROW, _LEFT, _WIDTH = 18, 250, 360


def markdown(results: Mapping[str, Result]) -> str:
    """All tables; the first result is told in full, the others are compared with it."""
    name, full = next(iter(results.items()))
    parts = [
        _compared(results),
        f"## {name}: by group\n\n" + _scores(full.rows),
        f"## {name}: by signal\n\n" + _scores([row for row in full.by_signal if row.marks or row.reported]),
        f"## {name}: status\n\n" + _statuses(full),
    ]
    return "\n\n".join(parts) + "\n"


def _compared(results: Mapping[str, Result]) -> str:
    lines = [
        f"| {next(iter(results.values())).notes} notes | " + " | ".join(results) + " |",
        "|---" * (len(results) + 1) + "|",
    ]

    def line(title: str, cells: list[str]) -> None:
        lines.append(f"| {title} | " + " | ".join(cells) + " |")

    for number, title in enumerate(("all", "acute", "serious", "concern")):
        line(f"recall, {title}", [_rate(result.rows[number].recall) for result in results.values()])
    for number, title in enumerate(("all", "acute", "serious", "concern")):
        line(f"precision, {title}", [_rate(result.rows[number].precision) for result in results.values()])
    line("F1", [_rate(result.rows[0].f1) for result in results.values()])
    line("ordinary notes with an acute or serious finding", [_rate(r.ordinary_alarmed) for r in results.values()])
    line("ordinary notes with any finding", [_rate(r.ordinary_any) for r in results.values()])
    line("acute or serious false alarms per 100 ordinary notes", [f"{r.alarms_per_100:.1f}" for r in results.values()])
    line("look-alikes reported as present", [_rate(r.mimics_present) for r in results.values()])
    line("look-alikes reported as present or uncertain", [_rate(r.mimics_reported) for r in results.values()])
    line("evidence overlaps the marked words", [_rate(r.evidence_right) for r in results.values()])
    return "\n".join(lines)


def _rate(rate: Rate) -> str:
    return f"{rate.value:.2f} ({rate.low:.2f}-{rate.high:.2f})" if rate.of else "-"


def _scores(rows: list[Score]) -> str:
    lines = ["| | marked | reported | recall | precision | F1 |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {row.name} | {row.marks} | {row.reported} | {_rate(row.recall)} | {_rate(row.precision)} | {_rate(row.f1)} |"
        for row in rows
    ]
    return "\n".join(lines)


def _statuses(result: Result) -> str:
    lines = ["| marked as | " + " | ".join(_STATUSES) + " |", "|---" * (len(_STATUSES) + 1) + "|"]
    for name, counts in [("signal", result.status_of_marks), *result.status_of_mimics.items()]:
        lines.append(f"| {name} | " + " | ".join(str(counts[status]) for status in _STATUSES) + " |")
    return "\n".join(lines)


def picture(result: Result, title: str) -> str:
    """Recall (bar) with its interval (line) and precision (dot) of each group and signal."""
    rows = [*result.rows, *(row for row in result.by_signal if row.marks)]
    height = _ROW * len(rows) + 70
    body = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_LEFT + _WIDTH + 40}" height="{height}" role="img" '
        f'aria-label="{escape(title)}" font-family="sans-serif" font-size="11">',
        '<rect width="100%" height="100%" fill="#fff"/>',
        f'<text x="10" y="20" font-size="14">{escape(title)}</text>',
        '<text x="10" y="38" fill="#555">bar: recall, line: its 95% interval, dot: precision, number: marks</text>',
    ]
    for tenth in range(0, 11, 2):
        x = _LEFT + _WIDTH * tenth / 10
        body.append(f'<line x1="{x}" y1="48" x2="{x}" y2="{height - 16}" stroke="#ddd"/>')
        body.append(f'<text x="{x}" y="{height - 4}" text-anchor="middle" fill="#555">{tenth / 10}</text>')
    for number, row in enumerate(rows):
        y = 50 + _ROW * number
        low, high = _LEFT + _WIDTH * row.recall.low, _LEFT + _WIDTH * row.recall.high
        colour = "#1f5f8b" if number < len(result.rows) else "#6fa8c9"
        body += [
            f'<text x="{_LEFT - 8}" y="{y + 11}" text-anchor="end">{escape(row.name)} ({row.marks})</text>',
            f'<rect x="{_LEFT}" y="{y + 2}" width="{_WIDTH * row.recall.value:.1f}" height="11" fill="{colour}"/>',
            f'<line x1="{low:.1f}" y1="{y + 7.5}" x2="{high:.1f}" y2="{y + 7.5}" stroke="#222"/>',
            f'<circle cx="{_LEFT + _WIDTH * row.precision.value:.1f}" cy="{y + 7.5}" r="3.5" fill="#c2571a"/>',
        ]
    return "\n".join([*body, "</svg>"]) + "\n"
