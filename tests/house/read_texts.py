"""Which texts does anything read? Keys stand in Python and in templates, whole or in parts.

A part that is filled in later (`f"intake.kind_{kind}"`, `t('state.' ~ state)`) reads every key that it fits. Where nothing but
the file is named (`f"drills.{what}"`), what fills it must stand somewhere as a word of its own: else all of it were read.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache

from messages import catalog
from tests.services.databases import ROOT

HOLE = "([A-Za-z0-9_.]+)"
PLURAL = re.compile(r"_(zero|one|two|few|many|other)$")
WORD = re.compile(r"""(?P<before>~\s*)?(?P<quote>['"])(?P<word>[A-Za-z0-9_.]+)(?P=quote)(?P<after>\s*~)?""")
NAMED = re.compile(r"""\b(?:named|word)\(\s*['"]([a-z_.]+)['"]""")
"""`named("failure", failure)`, `word("task", task)`: the section's word for one of our values."""


def unread() -> list[str]:
    """Every key that nothing asks for."""
    return [key for space in catalog.namespaces() for key in catalog.keys(space) if not _is_read(key)]


def _is_read(key: str) -> bool:
    forms = {key, PLURAL.sub("", key)}
    forms |= {form.partition(".")[2] for form in forms}
    words, parts, sections = _said()
    if forms & words or any(form.startswith(section) for form in forms for section in sections):
        return True
    found = [(part, part.fullmatch(form)) for part in parts for form in forms]
    return any(match and (part.pattern not in _whole_files() or match[1] in words) for part, match in found)


@cache
def _whole_files() -> frozenset[str]:
    return frozenset(re.escape(f"{space}.") + HOLE for space in catalog.namespaces())


@cache
def _said() -> tuple[frozenset[str], tuple[re.Pattern[str], ...], tuple[str, ...]]:
    """Whole words, parts of words, sections that a value is looked up in."""
    programs = [path.read_text() for folder in ("bot", "messages", "workers") for path in (ROOT / folder).rglob("*.py")]
    templates = [path.read_text() for path in (ROOT / "bot").rglob("*.html")]
    nodes = [node for source in programs for node in ast.walk(ast.parse(source))]
    found = [match for source in templates for match in WORD.finditer(source)]
    words = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    words |= {match["word"] for match in found}
    parts = {part for node in nodes if isinstance(node, ast.JoinedStr) for part in _part(node)}
    parts |= {_joined(match) for match in found if match["before"] or match["after"]}
    sections = {f"{name}." for source in (*programs, *templates) for name in NAMED.findall(source)}
    return frozenset(words), tuple(map(re.compile, sorted(parts))), tuple(sorted(sections))


def _part(node: ast.JoinedStr) -> Iterator[str]:
    written = [str(one.value) if isinstance(one, ast.Constant) else None for one in node.values]
    if re.fullmatch(r"[a-z0-9_.]{3,}", "".join(filter(None, written))):
        yield "".join(HOLE if one is None else re.escape(one) for one in written)


def _joined(match: re.Match[str]) -> str:
    return (HOLE if match["before"] else "") + re.escape(match["word"]) + (HOLE if match["after"] else "")
