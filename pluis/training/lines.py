"""Where in the text of a vignette the entry of a fault stands. Pure."""

import re

import yaml

from pluis.content import Fault

_PART = re.compile(r"(?P<word>\S+)(?: (?P<which>\S+))?(?: \(.*\))?")


def line_of(text: str, fault: Fault) -> int | None:
    """The line, from 1; for an entry that is missing that of what should hold it. None when it cannot be told."""
    if numbered := re.fullmatch(r"line (\d+)", fault.entry):
        return int(numbered[1])
    literal = [n for n, line in enumerate(text.splitlines(), 1) if fault.entry in line and line.strip()[:1] != "#"]
    if not re.match(r"\w", fault.entry):
        return literal[0] if literal else None
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return None
    line = 1
    for part in fault.entry.split(" > "):
        found = _inside(node, part)
        if found is None:
            break
        line, node = found
    return line


def _inside(node: yaml.Node | None, part: str) -> tuple[int, yaml.Node] | None:
    """The line of one part of an entry, `visits 1` or `talk mother`, and what stands there."""
    named = _PART.fullmatch(part)
    if named is None or not isinstance(node, yaml.MappingNode):
        return None
    for key, value in node.value:
        if key.value != named["word"]:
            continue
        item = _item(value, named["which"]) if named["which"] else None
        return _at(item) if item is not None else (key.start_mark.line + 1, value)
    # A fault may name somebody, an answer or a signal without the list that it stands in.
    lists = (value for _key, value in node.value)
    return next((_at(item) for one in lists if (item := _item(one, named["word"])) is not None), None)


def _item(node: yaml.Node, which: str) -> yaml.Node | None:
    """The item of a list with this number, from 1, or with this id."""
    if not isinstance(node, yaml.SequenceNode):
        return None
    if which.isdecimal():
        return node.value[int(which) - 1] if 0 < int(which) <= len(node.value) else None
    return next((one for one in node.value if which in _ids(one)), None)


def _ids(node: yaml.Node) -> set[str]:
    if isinstance(node, yaml.ScalarNode):
        return {str(node.value)}
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return {str(value.value) for key, value in pairs if key.value in ("id", "who")}


def _at(node: yaml.Node) -> tuple[int, yaml.Node]:
    return node.start_mark.line + 1, node
