"""How many different journeys does a browser make? Stories, not runs: most of them run at two widths and in two languages."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.journeys import verbs

HERE = Path(verbs.__file__).parent
IN_A_BROWSER = {"volunteer", "owner", "at_the_desk"}
"""Who asks for one of these sits in front of a real Chromium."""
DIFFERENT, IN_BOTH = 60, 30
NO_STORY = {"test_accessible.py", "test_counted.py"}
"""A rule held on every page is no story."""


def _stories() -> Iterator[ast.FunctionDef]:
    files = [*HERE.glob("test_*.py"), *HERE.parent.glob("console/test_*_in_chromium.py")]
    for path in (path for path in sorted(files) if path.name not in NO_STORY):
        made = [each for each in ast.parse(path.read_text()).body if isinstance(each, ast.FunctionDef)]
        for each in (each for each in made if each.name.startswith("test_")):
            if IN_A_BROWSER & {argument.arg for argument in each.args.args}:
                yield each


def _in_both(story: ast.FunctionDef) -> bool:
    return any(isinstance(mark, ast.Name) and mark.id == "WHERE" for mark in story.decorator_list)


def test_there_are_sixty_different_ones_and_half_of_them_in_both_languages_and_widths() -> None:
    stories = list(_stories())
    assert len({story.name for story in stories}) >= DIFFERENT
    assert len([story for story in stories if _in_both(story)]) >= IN_BOTH
