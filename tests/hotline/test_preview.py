"""Is a stranger really answered what `python -m bot understand` says they would be?"""

import re
from collections.abc import Callable

import pytest

from bot.channels.segments import for_sms
from bot.hotline import preview
from tests.hotline.conftest import Resident

ANY_CODE = re.compile(r"\b\d{4}\b")
TEXTS = (
    "HOLA", "HELLO", "JOIN maywood", "UNIRSE huntington park", "AYUDA", "HELP", "DERECHOS", "RIGHTS", "QUIEN", "WHO", "MAS",
    "MORE", "LANG", "LANG ENGLISH",
    "LANG MIXTECO", "IDIOMA", "WORD", "WORD garden", "WORD stop", "WORD OFF", "APOYO", "APOYO COMIDA",
    "APOYO NO", "AID", "AID FOOD", "MIS DATOS", "DATA", "REPORTAR", "SALIR maywood", "HOGAR", "HOUSEHOLD", "olvidalo", "4471",
    "DELETE", "BORRAR", "OLVIDAR", "CHECAR", "CHECAR pacific y florence", "CHECK K7Q", "no me manden mas mensajes",
    "START", "SOS", "PUERTA", "gracias", "ok",
)  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_a_stranger_is_answered_what_was_foretold(text: str, resident: Callable[..., Resident]) -> None:
    (said, *_) = resident(7).texts(text)
    foretold = preview.explained(text)
    assert ANY_CODE.sub("0000", said) == ANY_CODE.sub("0000", for_sms(foretold["reply"], foretold["language"] or "es"))
