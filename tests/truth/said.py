"""What do people text, click and change in these sequences?"""

SIGHTINGS = (
    "la migra esta en la pacific y florence ahorita son como 8, 2 camionetas blancas",
    "I see ICE agents at Pacific and Florence in Huntington Park, lots of them getting out of vans",
    "hay agentes de ICE en Gage y State en Huntington Park, se llevan a un senor",
    "ICE agents outside Huntington Park High School right now, 5 of them",
    "agentes de migracion en huntington park, son 4",
)
"""A corner, in two people's words; another corner; a school; a neighborhood alone."""
QUESTIONS = ("CHECK {code}", "es cierto que hay migra en pacific y florence?", "CHECK gage y state")
PLACES = ("pacific y florence", "gage y state", "huntington park high school", "gage y seville")
WORDS = ("STOP", "START", "BORRAR", "gracias", "8", "1", "HOLA", "90255", "WORD GARDEN", "WORD OFF")
MORE = ("", "", " 6 agents, vests say ICE", " 10", " tow truck")
SHIFT_WORDS = ("ON", "OFF", "SOS", "STOP", "START", "1", "0000")
SEEN = ("ice", "ice", "ice", "said_so", "police", "tow_truck", "nobody", "gone", "perhaps", "unsafe")
EDITS = (
    "UPDATE rendition SET text = 'Todos a la calle' WHERE broadcast_id = :id",
    "UPDATE rendition SET text = 'Todo tranquilo' WHERE broadcast_id = :id AND language = 'es'",
    'UPDATE broadcast SET neighborhoods = \'["hp", "bell"]\' WHERE id = :id',
    "UPDATE broadcast SET state = 'released' WHERE id = :id",
    "DELETE FROM rendition WHERE broadcast_id = :id AND language = 'en'",
)
