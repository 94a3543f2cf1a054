"""Who has signed which file of words, and by which mark is it signed? For those who review a language."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.rights import library
from messages import catalog


@dataclass(frozen=True, slots=True)
class Signature:
    """One file under `messages/`."""

    file: str
    by: str | None
    mark: str
    stands: bool
    """Somebody has signed it, and no word of it has changed since."""

    def __str__(self) -> str:
        state = "signed" if self.stands else "changed since" if self.by else "not signed"
        return f"{self.file:28}  {self.mark}  {state:13}  {self.by or 'nobody yet'}"


def signatures(codes: Sequence[str]) -> Iterator[Signature]:
    """Every file of these languages. The topics of English and Spanish are signed one by one (`rights sheet`)."""
    for code in codes:
        for namespace, language in catalog.files():
            if language == code:
                by = catalog.note(namespace, code).get("reviewed_by")
                mark, stands = catalog.mark(namespace, code), catalog.is_signed(namespace, code)
                yield Signature(f"texts/{namespace}.{code}.yml", str(by) if by else None, mark, stands)
        if code in library.translations():
            by = library.note(code).get("reviewed_by")
            mark, stands = library.translation_mark(code), library.is_signed(code)
            yield Signature(f"rights/words.{code}.yml", str(by) if by else None, mark, stands)
