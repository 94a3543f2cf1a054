"""Does a text name a place we do not cover?"""

from bot.places.found import Found
from bot.places.landmarks import outside_places
from bot.places.scene import Scene


def find_outside(scene: Scene) -> Found | None:
    """A place we do not cover, named so that it can be no street of ours."""
    for mention in scene.mentions:
        for meaning in mention.of("outside"):
            if meaning.weight == "sure":
                return scene.elsewhere(outside_places()[int(meaning.id)].name, mention)
    return None


def find_outside_city(scene: Scene) -> Found | None:
    """ "in Compton": a city that lends its name to one of our streets (Anaheim is as likely the street: asked)."""
    for mention in scene.mentions:
        for meaning in mention.of("outside"):
            place = outside_places()[int(meaning.id)]
            if meaning.weight == "shy" and not place.street_first and scene.stands_as_place(mention):
                return scene.elsewhere(place.name, mention)
    return None
