"""How do we answer inside Twilio's request? In TwiML, escaped by the XML library."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, tostring

from messages import catalog

VOICES = {"en": "en-US", "es": "es-MX"}


def messages(texts: Iterable[str]) -> str:
    """`<Response>` with one `<Message>` for each text; empty means: say nothing."""
    response = Element("Response")
    for text in texts:
        SubElement(response, "Message").text = text
    return _document(response)


def spoken(key: str) -> str:
    """`<Response>` that says one text in each language we speak and hangs up."""
    response = Element("Response")
    for language, voice in VOICES.items():
        SubElement(response, "Say", language=voice).text = catalog.text(key, language)
    SubElement(response, "Hangup")
    return _document(response)


def _document(root: Element) -> str:
    return '<?xml version="1.0" encoding="UTF-8"?>' + tostring(root, encoding="unicode")
