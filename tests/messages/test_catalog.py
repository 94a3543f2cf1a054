"""Does the catalog say the right text in the right language, and refuse to say a broken one?"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import i18n
import pytest
import yaml

from messages import catalog
from messages.catalog import MessageError
from tests.messages.written_in import languages_of

META = "_meta: {language: %s, reviewed_by: null, reviewed_on: null, note: sample}\n"


@pytest.fixture
def sample(tmp_path: Path) -> Iterator[Path]:
    """Two small files of a namespace of their own, forgotten afterwards."""
    (tmp_path / "sample.en.yml").write_text(
        META % "en" + "plain: Hi %{name}\nsure: 100%% sure\ncars_one: '%{count} car'\ncars_other: '%{count} cars'\n"
        "only: English only\ndeep:\n  er: Deeper\n"
    )
    (tmp_path / "sample.es.yml").write_text(
        META % "es" + "plain: Hola %{name}\ncars_one: '%{count} carro'\ncars_other: '%{count} carros'\n"
    )
    catalog.load(tmp_path)
    yield tmp_path
    for texts in i18n.translations.container.values():
        for key in [key for key in texts if key.startswith("sample.")]:
            del texts[key]
    for language in ("en", "es"):
        catalog._notes.pop(("sample", language))


def test_a_text_is_said_in_the_language_asked_for(sample: Path) -> None:
    assert catalog.text("sample.plain", "en", name="Rosa") == "Hi Rosa"
    assert catalog.text("sample.plain", "es", name="Rosa") == "Hola Rosa"


def test_a_region_speaks_its_language(sample: Path) -> None:
    assert catalog.text("sample.plain", "es-MX", name="Rosa") == "Hola Rosa"


def test_a_language_we_only_recognise_falls_back_to_english(sample: Path) -> None:
    assert catalog.text("sample.plain", "km", name="Rosa") == "Hi Rosa"


def test_spanish_never_falls_back_to_english_unseen(sample: Path) -> None:
    with pytest.raises(MessageError, match=r"sample\.only"):
        catalog.text("sample.only", "es")


def test_a_percent_sign_is_written_twice(sample: Path) -> None:
    assert catalog.text("sample.sure", "en") == "100% sure"


def test_a_value_may_hold_what_looks_like_a_placeholder(sample: Path) -> None:
    assert catalog.text("sample.plain", "en", name="50% %{off}") == "Hi 50% %{off}"


def test_keys_may_be_nested(sample: Path) -> None:
    assert catalog.text("sample.deep.er", "en") == "Deeper"


@pytest.mark.parametrize(
    ("count", "language", "said"),
    [
        (1, "en", "1 car"),
        (0, "en", "0 cars"),
        (5, "en", "5 cars"),
        (1, "es", "1 carro"),
        (2, "es", "2 carros"),
    ],
)
def test_a_number_takes_the_plural_form_of_its_language(sample: Path, count: int, language: str, said: str) -> None:
    assert catalog.text("sample.cars", language, count=count) == said


def test_spanish_millions_use_the_common_plural_where_no_form_is_written(sample: Path) -> None:
    assert catalog.text("sample.cars", "es", count=1_000_000) == "1000000 carros"


@pytest.mark.parametrize("key", ["sample.absent", "absent.plain", "sample", ""])
def test_a_missing_key_is_an_error_and_never_a_text(sample: Path, key: str) -> None:
    with pytest.raises(MessageError):
        catalog.text(key, "en")


@pytest.mark.parametrize("values", [{}, {"name": None}, {"nombre": "Rosa"}])
def test_a_missing_value_is_an_error_and_never_a_text(sample: Path, values: dict[str, object]) -> None:
    with pytest.raises(MessageError, match="name"):
        catalog.text("sample.plain", "en", **values)


def test_an_error_never_holds_a_value(sample: Path) -> None:
    with pytest.raises(MessageError) as caught:
        catalog.text("sample.plain", "en", phone="+13235550101")
    assert "555" not in str(caught.value)


def test_many_threads_each_hear_their_own_language(sample: Path) -> None:
    asked = ["en", "es"] * 500
    with ThreadPoolExecutor(16) as threads:
        said = list(threads.map(lambda language: catalog.text("sample.plain", language, name="Rosa"), asked))
    assert said == [{"en": "Hi Rosa", "es": "Hola Rosa"}[language] for language in asked]


def test_what_exists_can_be_listed(sample: Path) -> None:
    assert catalog.keys("sample") == ("sample.cars_one", "sample.cars_other", "sample.deep.er", "sample.only",
                                      "sample.plain", "sample.sure")  # fmt: skip
    assert languages_of("sample.plain") == ("en", "es")
    assert languages_of("sample.cars") == ("en", "es")
    assert catalog.raw("sample.plain", "es") == "Hola %{name}"
    assert catalog.note("sample", "es")["reviewed_by"] is None


def test_a_file_is_signed_word_for_word(sample: Path) -> None:
    made = catalog.mark("sample", "en")
    assert not catalog.is_signed("sample", "en")
    written = (sample / "sample.en.yml").read_text()
    signed = written.replace("reviewed_by: null", f"reviewed_by: A. Speaker, reviewed_mark: {made}")
    (sample / "sample.en.yml").write_text(signed)
    catalog.load(sample)
    assert catalog.is_signed("sample", "en") and catalog.mark("sample", "en") == made
    (sample / "sample.en.yml").write_text(signed.replace("Hi %{name}", "Hello %{name}"))
    catalog.load(sample)
    assert not catalog.is_signed("sample", "en")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (META % "en" + "sure: 100% sure", "stray %"),
        (META % "en" + "hi: Hi %name", "stray %"),
        (META % "en" + "yes: Yes", "not text"),
        (META % "en" + "ok: yes", "not text"),
        (META % "en" + "number: 911", "not text"),
        (META % "en" + "empty: ' '", "not text"),
        (META % "en" + "one: A\none: B", "twice"),
        (META % "en" + "a:\n  one: A\n  one: B", "twice"),
        (META % "es" + "one: A", "names its language"),
        ("one: A", "_meta"),
        ("- a list", "no mapping"),
        ("a: [", r"bad\.en\.yml"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_its_name(tmp_path: Path, content: str, complaint: str) -> None:
    (tmp_path / "bad.en.yml").write_text(content)
    with pytest.raises((MessageError, yaml.YAMLError), match=complaint) as caught:
        catalog.load(tmp_path)
    assert "bad.en.yml" in str(caught.value)


def test_nothing_else_imports_python_i18n() -> None:
    root = Path(__file__).parents[2]
    ours = [path for folder in ("bot", "messages", "workers", "simulator") for path in (root / folder).rglob("*.py")]
    importers = [path.name for path in ours if "import i18n" in path.read_text() or "from i18n" in path.read_text()]
    assert importers == ["catalog.py"]
