"""Is a command heard however it is typed, and a stop word never where it means something else?"""

import unicodedata

import pytest

from bot.hotline import commands
from bot.hotline.commands import Command


def name(text: str, language: str | None = None) -> str | None:
    command = commands.read(text, language)
    return command.name if command else None


@pytest.mark.parametrize(
    "text",
    [
        "STOP", "stop", "Stop.", "STOP!!!", "s t o p", "ＳＴＯＰ", "st\u200bop", "stop 🛑", "🛑", "stpo", "sotp", "stopp",
        "please stop", "stop please", "stop stop stop", "STOPALL", "QUIT", "end", "revoke", "opt out", "opt-out", "cancel",
        "unsubscribe", "unsuscribe", "quit texting me", "no more texts please", "remove me", "take me off your list",
        "please stop texting me", "do not contact me again", "how do i unsubscribe", "wrong number stop texting me",
        "stop i moved away", "ALTO", "alto!!", "parar", "baja", "BAJA", "cancelar", "salir", "ya basta", "denme de baja",
        "ya no me manden mensajes", "ya no me manden msjs x favor", "dejen de mandarme mensajes", "no me escriban mas",
        "no quiero mas mensajes", "ya no quiero recibir alertas", "borrenme de su lista", "como me salgo de esto",
        "dejen de molestar", "pare de mandarme textos", "huwag na kayo mag text", "itigil", "dừng lại", "dung lai",
        "đừng nhắn tin nữa", "hủy", "ឈប់", "ឈប់ផ្ញើសារ", "退订", "停止", "不要再发短信", "그만", "수신거부", "그만 보내세요",
    ],
)  # fmt: skip
def test_stop_in_any_wording_a_person_would_understand(text: str) -> None:
    assert name(text) == "STOP"


@pytest.mark.parametrize(
    "text",
    [
        "Blue Line stop", "firestone blue line stop. ice. 3 guys detained on the curb rn", "bus stop",
        "ICE at the bus stop on pacific",
        "stop sign on pacific and gage", "alto on florence and pacific", "they stopped a car on gage", "parada",
        "agarraron a 2 en la parada de la florence", "stop ICE", "stop the raids", "my landlord wont stop texting me",
        "they wont stop knocking", "can they stop me while driving", "cancel my appointment", "end of the month",
        "mi casero no deja de mandarme mensajes", "shop", "step", "top", "me pararon en un alto", "salid",
    ],
)  # fmt: skip
def test_a_stop_word_inside_something_else_never_unsubscribes(text: str) -> None:
    assert name(text) != "STOP"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HOLA", Command("JOIN", "es")),
        ("hello", Command("JOIN", "en")),
        ("hola 90255", Command("JOIN", "es", "90255")),
        ("JOIN maywood", Command("JOIN", "en", "maywood")),
        ("ALTA", Command("START", "es")),
        ("unstop", Command("START", "en")),
        ("salir maywood", Command("LEAVE", "es", "maywood")),
        ("salir de maywood", Command("LEAVE", "es", "maywood")),
        ("leave huntington park", Command("LEAVE", "en", "huntington park")),
        ("stop maywood", Command("LEAVE", "en", "maywood")),
        ("AYUDA", Command("HELP", "es")),
        ("help", Command("HELP", "en")),
        ("are you la migra?", Command("WHO", "en")),
        ("¿Quién eres?", Command("WHO", "es")),
        ("mis datos", Command("DATA", "es")),
        ("BORRAR", Command("DELETE", "es")),
        ("forget", Command("FORGET", "en")),
        ("IDIOMA ESPAÑOL", Command("LANG", "es", "es")),
        ("language english", Command("LANG", "en", "en")),
        ("Tiếng Việt", Command("LANG", "vi", "vi")),
        ("LANG MIXTECO", Command("LANG", None, "mixtec")),
        ("đúng", Command("AFFIRM", "vi")),
        ("Đúng rồi!", Command("AFFIRM", "vi")),
        ("dừng", Command("STOP", "vi")),
        ("dung", Command("STOP", "vi")),
        ("language", Command("LANG", "en")),
        ("CHECK pacific y florence", Command("CHECK", "en", "pacific y florence")),
        ("check K7Q", Command("CHECK", "en", "k7q")),
        ("K7Q", Command("CHECK", None, "k7q")),
        ("¿es cierto K7Q?", Command("CHECK", None, "k7q")),
        ("DERECHOS", Command("RIGHTS", "es")),
        ("AID FOOD", Command("AID", "en", "food")),
        ("apoyo comida", Command("AID", "es", "food")),
        ("지원 안내 food", Command("AID", "ko", "food")),
        ("AYUDA COMIDA", Command("AID", "es", "food")),
        ("aid clinic", Command("AID", "en", "health")),
        ("AID OFF", Command("AID", "en", "off")),
        ("apoyo no", Command("AID", "es", "off")),
        ("REPORTAR", Command("REPORT", "es")),
        ("más", Command("MORE", "es")),
        ("menu", Command("MENU", "en")),
        ("2", Command("NUMBER", None, "2")),
        ("#2", Command("NUMBER", None, "2")),
        ("2️⃣", Command("NUMBER", None, "2")),
        ("opción 2", Command("NUMBER", None, "2")),
        ("dos", Command("NUMBER", "es", "2")),
        ("sí", Command("AFFIRM", "es")),
        ("👍🏽", Command("AFFIRM", None)),
        ("nope", Command("DENY", "en")),
        ("ON", Command("ON")),
        ("off", Command("OFF")),
        ("SOS", Command("SOS")),
        ("4471", Command("CODE", None, "4471")),
        ("4473 They're ICE, 2 vans", Command("CODE", None, "4473 They're ICE, 2 vans")),
    ],
)
def test_every_command_is_heard_with_its_language_and_its_argument(text: str, expected: Command) -> None:
    assert commands.read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "6700 block of seville", "90255", "maywood", "gracias", "hola la migra esta en la gage y pacific", "buenos dias",
        "ICE at pacific and gage, 3 white vans", "que hago si tocan a mi puerta", "report ice at pacific and gage", "",
        "   ", "🌹", "help me find my brother", "ayuda con la renta por favor mi esposo no trabaja",
    ],
)  # fmt: skip
def test_what_is_no_command_is_none(text: str) -> None:
    assert commands.read(text) is None


def test_a_word_of_two_languages_is_the_senders() -> None:
    assert commands.read("no", "es") == Command("DENY", "es")
    assert commands.read("no", "en") == Command("DENY", "en")


@pytest.mark.parametrize("text", ["Dừng lại", "ESPAÑOL", "más", "수신거부"])
def test_decomposed_letters_are_the_same_letters(text: str) -> None:
    assert commands.read(unicodedata.normalize("NFD", text)) == commands.read(text)
    assert commands.read(text) is not None


@pytest.mark.parametrize("text", ["ayuad", "ayudaa", "holaa", "reportr", "derecho", "borar", "derehcos"])
def test_a_slip_of_the_finger_is_forgiven(text: str) -> None:
    assert name(text) in ("HELP", "JOIN", "REPORT", "RIGHTS", "DELETE")
