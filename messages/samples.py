"""How does a text of ours read with its gaps filled, when nothing has happened? With made-up values, all from `samples.yml`."""

from pathlib import Path

from messages import catalog, languages, yaml_files

FILE = Path(__file__).with_name("samples.yml")
_content = yaml_files.read(FILE)
VALUES: dict[str, object] = dict(_content["values"]) | dict.fromkeys(
    _content["numbers"]["names"], _content["numbers"]["all"]
)
TEXTS: dict[str, str] = _content["texts"]
IN_ONE_TEXT: dict[str, dict[str, object]] = _content["in_one_text"]


def filled(key: str, language: str) -> str:
    """The text with made-up values in its gaps. Raises `LookupError` where it does not exist, or a gap has no value."""
    return catalog.text(key, language, **_values(key, language))


def _values(key: str, language: str) -> dict[str, object]:
    locale = next((code for code in languages.chain(language) if catalog.has(key, code)), language)
    return {name: _value(name, key, language) for name in catalog.placeholders(key, locale)}


def _value(name: str, key: str, language: str) -> object:
    if name in TEXTS:
        return filled(TEXTS[name], language)
    if name == "count":
        return 1 if key.endswith("_one") else VALUES[name]
    return IN_ONE_TEXT.get(key, {}).get(name, VALUES.get(name))
