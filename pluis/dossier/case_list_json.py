"""A list of families as JSON: as `pluis case export` writes it."""

import json
from typing import Any

import yaml
from pydantic import ValidationError

from pluis.dossier.case_list import CaseList, WrongList, doubles, said_of


class Lines:
    """On which line of the file an entry stands."""

    def __init__(self, text: str) -> None:
        try:
            self._top: Any = yaml.compose(text, Loader=yaml.SafeLoader)  # JSON is YAML, and YAML knows its lines
        except yaml.YAMLError:
            self._top = None

    def of(self, *place: str | int) -> str:
        node, line = self._top, 1
        for part in place:
            if isinstance(node, yaml.MappingNode):
                node = next((value for key, value in node.value if key.value == part), None)
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
                node = node.value[part]
            else:
                node = None
            if node is None:
                break
            line = node.start_mark.line + 1
        return f"line {line}"


def read(text: str) -> tuple[CaseList, Lines]:
    """The list in a file. Raises WrongList with everything that is wrong in it."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise WrongList(
            [f"line {error.lineno}: this is not JSON ({error.msg}). Look at the quotes and the commas there."]
        ) from None
    lines = Lines(text)
    try:
        found = CaseList.model_validate(data)
    except ValidationError as error:
        raise WrongList([_fault(lines, one) for one in error.errors()]) from None
    if faults := list(doubles(found, lines)):
        raise WrongList(faults)
    return found, lines


def _fault(lines: Lines, problem: Any) -> str:
    place = problem["loc"]
    entry = " > ".join(str(part + 1) if isinstance(part, int) else str(part) for part in place) or "file"
    return f"{lines.of(*place)}: {entry}: {said_of(problem)}"
