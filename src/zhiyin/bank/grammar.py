"""A small grammar that writes sentences: rules with alternatives, expanded by a row of random numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

_BRACES: Final = re.compile(r"\{([^{}]*)\}")

Node = str | tuple["Node", ...] | list["Node"]
"""A text; a tuple of nodes in a row; or a list of alternatives."""


class Grammar:
    """Rules by name. ``{name}`` expands another rule or a fact, ``{a|b}`` one of its alternatives.

    Examples
    --------
    >>> grammar = Grammar({"greeting": ["good {morning|evening}, {who}"]})
    >>> grammar.write("greeting", {"who": "friend"}, iter([0, 1]))
    'good evening, friend'
    """

    def __init__(self, rules: Mapping[str, Sequence[str]]) -> None:
        self._rules: dict[str, list[Node]] = {name: [_parse(text) for text in texts] for name, texts in rules.items()}

    def __contains__(self, name: str) -> bool:
        return name in self._rules

    def write(self, name: str, facts: Mapping[str, str], draws: Iterator[int]) -> str:
        """Expand a rule. Each choice takes the next number of ``draws``."""
        parts: list[str] = []
        self._expand(self._rules[name], facts, draws, parts)
        return "".join(parts)

    def _expand(self, node: Node, facts: Mapping[str, str], draws: Iterator[int], parts: list[str]) -> None:
        if isinstance(node, str):
            if node[:1] != "\0":
                parts.append(node)
            elif node[1:] in facts:
                parts.append(facts[node[1:]])
            else:
                self._expand(self._rules[node[1:]], facts, draws, parts)
        elif isinstance(node, list):
            self._expand(node[next(draws) % len(node)], facts, draws, parts)
        else:
            for part in node:
                self._expand(part, facts, draws, parts)


def _parse(text: str) -> Node:
    """Innermost braces first: each becomes a numbered node that the text around it refers to."""
    nodes: list[Node] = []
    while (match := _BRACES.search(text)) is not None:
        inner = match.group(1)
        node: Node = [_row(part, nodes) for part in inner.split("|")] if "|" in inner else "\0" + inner
        nodes.append(node)
        text = f"{text[: match.start()]}\1{len(nodes) - 1}\2{text[match.end() :]}"
    return _row(text, nodes)


def _row(text: str, nodes: list[Node]) -> Node:
    parts: list[Node] = []
    for number, piece in enumerate(re.split("\1([0-9]+)\2", text)):
        if number % 2:
            parts.append(nodes[int(piece)])
        elif piece:
            parts.append(piece)
    return parts[0] if len(parts) == 1 else tuple(parts)
