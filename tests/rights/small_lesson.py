"""A lesson small enough for a test: two topics, learned from the file that the environment names."""

import os
from pathlib import Path

from bot.rights import learning, remembered
from bot.rights.remembered import Lesson
from bot.rights.weights import Weights

WHERE = "CONTIGO_TEST_LESSON"


def lesson() -> Lesson:
    return Lesson("small", "tests.rights.small_lesson", (Path(os.environ[WHERE]),))


def learn() -> Weights:
    lines = Path(os.environ[WHERE]).read_text().splitlines()
    return learning.learn([(text, topic) for topic, text in (line.split("\t") for line in lines)])


if __name__ == "__main__":
    remembered.tell(lesson(), learn)
