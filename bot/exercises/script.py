"""What is supposed to be there? A few scenes, each with what is the right answer to it."""

from dataclasses import dataclass

from bot.moderation.models import Saw


@dataclass(frozen=True, slots=True)
class Scene:
    """A scene by its name: the last part of `drills.scene_...` and `drills.truth_...`."""

    truth: Saw
    uniform: str = "unknown"
    was: str | None = None


SCENES = {
    "ice": Scene(Saw.IMMIGRATION, uniform="ICE"),
    "police": Scene(Saw.OTHER_POLICE, was="police"),
    "tow_truck": Scene(Saw.SOMETHING_ELSE, was="tow_truck"),
    "nobody": Scene(Saw.NOBODY),
}


def name_of(truth: Saw, was: str | None) -> str:
    """Which scene this is."""
    return next(name for name, scene in SCENES.items() if (scene.truth, scene.was) == (truth, was))
