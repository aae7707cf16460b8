"""Words that have no place in a file that is passed on: addresses of registries, paths of one machine, secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from tools.lint.finding import Finding
from tools.lint.source import Source

# In parts, so that this file passes its own check.
_HOSTS: Final = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("crates", "io"),
        ("proxy", "golang", "org"),
        ("conda", "anaconda", "org"),
        ("huggingface", "co"),
        ("hf-mirror", "com"),
        ("modelscope", "cn"),
        ("mirrors", "aliyun", "com"),
        ("tuna", "tsinghua", "edu", "cn"),
    )
)

_FORBIDDEN: Final = (
    (re.compile("|".join(map(re.escape, _HOSTS))), "an address of a package registry"),
    (re.compile(r"(?<![\w.])/(?:home|root|Users)/\w"), "a path of one machine"),
    (re.compile(r"(?<![\w.])/wor[k]/"), "a path of one machine"),
    (re.compile(r"\.\./shared(?!/data\b)"), "a path outside the repository"),
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY"), "a private key"),
    (re.compile(r"\bissue\s*#?\d+\b", re.IGNORECASE), "the number of an issue; say why instead"),
)


def check(source: Source) -> Iterator[Finding]:
    """Lines with such words. ``../shared/data`` may be named: tests and tutorials skip where it is absent."""
    for number, line in enumerate(source.lines, 1):
        for pattern, what in _FORBIDDEN:
            if pattern.search(line):
                yield source.finding(number, f"remove {what}")
