"""Which languages have a text of their own for a key, or for its plural forms?"""

from messages import catalog


def languages_of(key: str) -> tuple[str, ...]:
    spoken = {language for _, language in catalog.files()}
    return tuple(sorted(one for one in spoken if catalog.has(key, one) or catalog.has(f"{key}_other", one)))
