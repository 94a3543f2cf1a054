"""The whole story, played on the running demo over HTTP: texts through the carrier's stand-in, forms through the console."""

import time

from rich.console import Console

from bot.demo.tour.cast import TEO
from bot.demo.tour.phones import NotSo
from bot.demo.tour.scenes import SCENES


def play() -> bool:
    """Play every scene, saying each thing as it comes true. False where the story does not hold."""
    console = Console()
    began = time.monotonic()
    try:
        TEO.sign_in()
        for number, scene in enumerate(SCENES, start=1):
            console.rule(f"{number}. {scene.__doc__}", align="left")
            with console.status("..."):
                for line in scene():
                    console.print(f"[green]✓[/green] {line}", highlight=False)
    except (NotSo, OSError) as wrong:
        console.print(f"[red]✗[/red] {wrong}", highlight=False)
        return False
    console.print(f"\nThe story holds. It took {time.monotonic() - began:.0f} seconds.", highlight=False)
    return True
