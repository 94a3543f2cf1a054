"""How are the Chinese texts written in traditional characters? From the Simplified ones, by OpenCC, file by file.

`python -m tests.messages.traditional` writes them anew after a change. A file that somebody has reviewed is theirs: it is left as
it is, and only its missing keys are said. The table for reading what people send (`messages/simplified.txt`) is made here too.
"""

import sys
from pathlib import Path

import opencc

import messages
from messages import yaml_files

HERE = Path(messages.__file__).parent
TABLE = HERE / "simplified.txt"
FROM, TO = "zh", "zh-Hant"
NOTE = "Made from the Simplified texts by OpenCC (s2tw); no speaker has reviewed it yet."
META = f"_meta: {{language: {TO}, reviewed_by: null, reviewed_on: null, note: {NOTE}}}"
GROUPS_IN_A_LINE = 24
HAN = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000))
ALSO = {"著": "着", "覆": "复", "瞭": "了", "妳": "你", "牠": "它"}
"""Two letters in some texts and one in others; to us, who only compare, they are one."""


def files() -> list[tuple[Path, Path]]:
    """Each Simplified file, and the one made from it."""
    found = [*sorted((HERE / "texts").glob(f"*.{FROM}.yml")), HERE / "rights" / f"words.{FROM}.yml"]
    return [(path, path.with_name(path.name.replace(f".{FROM}.yml", f".{TO}.yml"))) for path in found]


def written(simplified: Path) -> str:
    """The file in traditional characters, under a note that says how it was made."""
    meta, _, texts = simplified.read_text(encoding="utf-8").partition("\n")
    if not meta.startswith("_meta:"):
        raise ValueError(f"{simplified.name}: its first line is not _meta")
    return f"{META}\n{opencc.OpenCC('s2tw').convert(texts)}"


def is_reviewed(path: Path) -> bool:
    return path.exists() and bool(yaml_files.read(path)["_meta"].get("reviewed_by"))


def table() -> str:
    """Every simplified letter with the traditional ones that it stands for, a group each."""
    letters = opencc.OpenCC("t2s")
    simple = {chr(code): letters.convert(letters.convert(chr(code))) for block in HAN for code in block} | ALSO
    forms: dict[str, str] = {}
    for traditional, simplified in simple.items():
        if traditional != simplified and len(simplified) == 1:
            forms[simplified] = forms.get(simplified, "") + traditional
    groups = [simplified + forms[simplified] for simplified in sorted(forms)]
    lines = [groups[at : at + GROUPS_IN_A_LINE] for at in range(0, len(groups), GROUPS_IN_A_LINE)]
    return "\n".join(" ".join(line) for line in lines) + "\n"


def main() -> None:
    TABLE.write_text(table(), encoding="utf-8")
    for simplified, traditional in files():
        if is_reviewed(traditional):
            sys.stdout.write(f"{traditional.name}: reviewed, left as it is\n")
        else:
            traditional.write_text(written(simplified), encoding="utf-8")


if __name__ == "__main__":
    main()
