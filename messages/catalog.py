"""What do we say, in which words? `text(key, language, **values)` answers; nothing else imports python-i18n.

A key is `<namespace>.<name>`; it lives in `texts/<namespace>.<locale>.yml`. To add one, write it there in
every complete language: `python -m pytest tests/messages` says what is missing. In a text, `%{name}` is a
value and `%%` a percent sign. A text with a number has one entry for each CLDR plural form (`people_one`,
`people_other`) and is asked for as `people` with `count=`. See messages/README.md.

python-i18n is used for its store and its templates only. Its global locale mixes up threads (measured: 390
of 600 texts in the wrong language), its plurals are English for everybody, and its fallback re-reads files
on each call; so the language is always given, the plural form is CLDR's (Babel), every file is read once at
import, and the fallback chain is ours.
"""

import re
from functools import cache
from pathlib import Path

import i18n
from i18n.translator import TranslationFormatter

from messages import languages, signing, yaml_files

TEXTS = Path(__file__).parent / "texts"
META = "_meta"
_VALUE = re.compile(r"%\{([a-z_][a-z0-9_]*)\}")
_STRAY_PERCENT = re.compile(r"%(?!%|\{[a-z_][a-z0-9_]*\})")

for _setting in ("error_on_missing_translation", "error_on_missing_placeholder", "error_on_missing_plural"):
    i18n.set(_setting, True)
i18n.set("load_path", [])

_notes: dict[tuple[str, str], dict[str, object]] = {}
_marks: dict[tuple[str, str], str] = {}


class MessageError(LookupError):
    """A text cannot be said: its key, plural form or a value is missing. It never holds a value."""


def text(key: str, language: str, /, **values: object) -> str:
    """The text of `key` in `language`, or in the next language of its chain, with its values filled in."""
    locale, stored = _find(key, language, values.get("count"))
    absent = [name for name in _placeholders(locale, stored) if values.get(name) is None]
    if absent:
        raise MessageError(f"{stored} ({locale}) lacks a value for {', '.join(absent)}")
    filled: str = TranslationFormatter(raw(stored, locale)).format(**values)
    return filled


def raw(key: str, language: str) -> str:
    """The text as it is written, placeholders and all, in exactly this language."""
    if not has(key, language):
        raise MessageError(f"no text {key} in {language}")
    stored: str = i18n.translations.get(key, language)
    return stored


def has(key: str, language: str) -> bool:
    """Whether this very key is written in this very language."""
    return bool(i18n.translations.has(key, language))


def keys(namespace: str) -> tuple[str, ...]:
    """Every key of a namespace, in any language, plural forms included."""
    stored = {key for texts in i18n.translations.container.values() for key in texts}
    return tuple(sorted(key for key in stored if key.startswith(f"{namespace}.")))


def namespaces() -> tuple[str, ...]:
    return tuple(sorted({namespace for namespace, _ in _notes}))


def files() -> tuple[tuple[str, str], ...]:
    """Every file that was read: (namespace, language)."""
    return tuple(sorted(_notes))


def placeholders(key: str, language: str) -> frozenset[str]:
    """The names of the values that this text needs."""
    return frozenset(_VALUE.findall(raw(key, language)))


def note(namespace: str, language: str) -> dict[str, object]:
    """Who reviewed this file, and when: its `_meta` block."""
    return _notes[namespace, language]


def mark(namespace: str, language: str) -> str:
    """Of every word of a file as it stands: what its reviewer signs."""
    return _marks[namespace, language]


def is_signed(namespace: str, language: str) -> bool:
    """Somebody has signed this file, and no word of it has changed since."""
    return signing.stands(note(namespace, language), mark(namespace, language))


def _find(key: str, language: str, count: object) -> tuple[str, str]:
    for locale in languages.chain(language):
        if stored := _stored(key, locale, count):
            return locale, stored
    raise MessageError(f"no text {key} in {' > '.join(languages.chain(language))}")


def _stored(key: str, locale: str, count: object) -> str | None:
    """The key as it is stored: with its plural form where a count is given and the text has forms."""
    if isinstance(count, int):
        for form in (languages.plural_form(count, locale), "other"):
            if i18n.translations.has(f"{key}_{form}", locale):
                return f"{key}_{form}"
    return key if i18n.translations.has(key, locale) else None


@cache
def _placeholders(locale: str, stored: str) -> tuple[str, ...]:
    return tuple(sorted(placeholders(stored, locale)))


def load(directory: Path = TEXTS) -> None:
    """Reads every `<namespace>.<locale>.yml` of a directory; a wrong one stops the process at once."""
    for path in sorted(directory.glob("*.yml")):
        namespace, locale = path.name.removesuffix(".yml").split(".")
        content = yaml_files.read(path)
        meta = content.pop(META, None)
        if not isinstance(meta, dict) or meta.get("language") != locale or "reviewed_by" not in meta:
            raise MessageError(f"{path.name}: no {META} block that names its language and its reviewer")
        _notes[namespace, locale], _marks[namespace, locale] = meta, signing.mark(content)
        for key, value in yaml_files.flat(content, namespace):
            i18n.add_translation(key, _checked(value, key, path), locale)


def _checked(value: object, key: str, path: Path) -> str:
    if not isinstance(value, str) or not value.strip():
        raise MessageError(f"{path.name}: {key} is {type(value).__name__}, not text (quote yes, no, numbers)")
    if _STRAY_PERCENT.search(value.replace("%%", "")):
        raise MessageError(f"{path.name}: {key} has a stray %: %% is the sign, %{{name}} a value")
    return value.strip()


load()
