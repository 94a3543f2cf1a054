"""Does what the documents name exist: pages they lead to, files, settings, rooms?"""

import re
from pathlib import Path

import pytest

import bot
from bot.settings import Settings
from tests.services.databases import ROOT

PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").glob("*.md"),
        ROOT / "messages" / "README.md",
        ROOT / "benchmarks" / "README.md",
    ]
)
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
QUOTED = re.compile(r"`([^`\n]+)`")
FILE = re.compile(r"(?:bot|tests|messages|workers|simulator|benchmarks|runner|docs)/[\w./-]*")
SETTING = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
NO_SETTING_OF_OURS = {"GUNICORN_CMD_ARGS", "SHA_256"}
FOLDERS = ROOT / "bot"


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_link_leads_somewhere(page: Path) -> None:
    assert [to for to in LINK.findall(page.read_text()) if not (page.parent / to).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_file_it_names_is_there(page: Path) -> None:
    named = [found[0] for quoted in QUOTED.findall(page.read_text()) if (found := FILE.fullmatch(quoted))]
    near = (ROOT, page.parent, FOLDERS)
    assert [name for name in named if not any((folder / name).exists() for folder in near)] == []


@pytest.mark.parametrize("page", [page for page in PAGES if page.name != "CHANGELOG.md"], ids=_name)
def test_every_setting_it_names_is_one(page: Path) -> None:
    named = {quoted for quoted in QUOTED.findall(page.read_text()) if SETTING.fullmatch(quoted)}
    assert {name for name in named if name.lower() not in Settings.model_fields} - NO_SETTING_OF_OURS == set()


def test_every_room_stands_on_the_maps() -> None:
    rooms = {path.parent.name for path in FOLDERS.glob("*/__init__.py")}
    assert len(rooms) > 15
    plan = (ROOT / "docs" / "architecture.md").read_text()
    readme = (ROOT / "README.md").read_text()
    for room in rooms:
        assert re.search(rf"\b{room}\b", (bot.__doc__ or "").partition("\n")[2]), room
        assert f"  {room}/" in plan and f"`bot/{room}`" in readme, room
