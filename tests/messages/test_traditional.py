"""Chinese in traditional characters: is every text there, word for word, and is what people write in them read alike?"""

from pathlib import Path

import opencc
import pytest

from bot.hotline.understanding import understand
from messages import catalog, languages, tongue, wording, yaml_files
from messages.wording import plain
from tests.messages import every_text, traditional
from tests.messages.written_in import languages_of

MADE = [pair for pair in traditional.files() if not traditional.is_reviewed(pair[1])]
AGAIN = "run: python -m tests.messages.traditional"


@pytest.mark.parametrize(("simplified", "made"), MADE, ids=lambda path: path.name)
def test_a_file_nobody_reviewed_is_what_its_simplified_one_makes_today(simplified: Path, made: Path) -> None:
    assert made.exists() and made.read_text(encoding="utf-8") == traditional.written(simplified), AGAIN


def test_the_table_is_what_is_made_today() -> None:
    assert traditional.TABLE.read_text(encoding="utf-8") == traditional.table(), AGAIN


@pytest.mark.parametrize(("simplified", "made"), MADE, ids=lambda path: path.name)
def test_read_as_simplified_it_says_the_same_letter_for_letter(simplified: Path, made: Path) -> None:
    """No phrase is put in other words, and each letter has its way back: what we tell them to text is understood."""
    ours = dict(yaml_files.flat(yaml_files.read(simplified), ""))
    theirs = dict(yaml_files.flat(yaml_files.read(made), ""))
    texts = [key for key in ours if not key.startswith("._meta")]
    assert texts and [key for key in texts if plain(str(theirs[key])) != plain(str(ours[key]))] == []


def test_every_text_of_chinese_exists_in_it() -> None:
    absent = [
        key
        for namespace in catalog.namespaces()
        for key in catalog.keys(namespace)
        if "zh" in languages_of(key) and "zh-Hant" not in languages_of(key)
    ]
    assert absent == []
    assert {said.language for said in every_text.from_rights(demo=True)} >= set(languages.WRITTEN)


def test_it_is_another_script_of_a_complete_language() -> None:
    assert set(languages.WRITTEN) == {code for code in languages.LANGUAGES if languages.is_complete(code)}
    assert languages.chain("zh-Hant") == ("zh-Hant", "zh", "en")
    for code in ("zh-TW", "zh_HK", "zh-Hant-US", "ZH-hant"):
        assert languages.base(code) == "zh-Hant"
    assert languages.base("zh-CN") == languages.base("zh_Hans") == "zh"


@pytest.mark.parametrize(
    ("traditional_", "simplified"),
    [("執法人員在門口敲門", "执法人员在门口敲门"), ("後面", "后面"), ("什麼", "什么"), ("爲為", "为为"), ("看著", "看着"),
     ("發頭髮", "发头发")],
)  # fmt: skip
def test_both_scripts_are_compared_alike(traditional_: str, simplified: str) -> None:
    assert plain(traditional_) == plain(simplified)


def test_the_table_leads_to_letters_that_lead_nowhere_else() -> None:
    table = wording.simplified()
    assert len(table) > 3000
    assert [chr(letter) for letter, simple in table.items() if ord(simple) in table] == []


@pytest.mark.parametrize(
    "text",
    [
        "移民局在敲我家的门", "现在有三辆白色面包车在Pacific和Florence", "我爱人被带走了", "他们可以进我家吗", "我需要律师",
        "退订", "你们是谁", "听说那边有搜捕是真的吗", "我的权利", "删除我的资料",
    ],
)  # fmt: skip
def test_a_text_means_the_same_in_either_script(text: str) -> None:
    letters = opencc.OpenCC("s2hk").convert(text)
    assert letters != text
    ours, theirs = understand(text), understand(letters)
    assert (ours.intent, ours.topic, ours.command and ours.command.name) == (
        theirs.intent, theirs.topic, theirs.command and theirs.command.name,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "chosen", "script"),
    [
        ("請問你們是誰", None, "zh-Hant"), ("请问你们是谁", None, "zh"), ("加入", None, "zh"), ("你好", "zh-Hant", "zh-Hant"),
        ("我看不懂繁體", None, "zh"), ("顯著", None, "zh"), ("90255", "zh-Hant", "zh-Hant"),
    ],
)  # fmt: skip
def test_answers_come_in_the_letters_they_write_or_chose(text: str, chosen: str | None, script: str) -> None:
    assert tongue.script("zh", text, chosen) == script
    assert tongue.script("ko", text, chosen) == "ko"
