"""Is what was learned kept between starts, and never trusted where anything it came from has changed?"""

import ast
import hashlib
import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bot.rights import learning, remembered
from bot.rights.weights import Weights
from tests.rights import small_lesson

EXAMPLES = "door\tthey knock at my door\ndoor\tmy door they knock\nbond\tpay the bond\nbond\thow to pay a bond\n"
NO_PYTHON = "/nowhere/python"
TEXT = "who can pay the bond"


def never() -> Weights:
    raise AssertionError("learned in this process")


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this test keeps what it learns; nothing is there yet."""
    (tmp_path / "examples.tsv").write_text(EXAMPLES)
    monkeypatch.setenv(small_lesson.WHERE, str(tmp_path / "examples.tsv"))
    monkeypatch.setattr(remembered, "KEPT", tmp_path / "deep" / "learned")
    return tmp_path / "deep" / "learned" / "small"


def scores(weights: Weights) -> dict[str, float]:
    return dict(zip(weights.topics, map(float, weights.scores(TEXT)), strict=True))


def test_what_a_child_learned_scores_like_what_we_would_have_learned(kept: Path) -> None:
    found = remembered.weights(small_lesson.lesson(), never)
    assert scores(found) == scores(small_lesson.learn())
    assert scores(found)["bond"] > scores(found)["door"]
    assert found.reasons(TEXT, "bond") == small_lesson.learn().reasons(TEXT, "bond")
    assert [path.name for path in kept.parent.iterdir()] == ["small"]


def test_what_was_kept_needs_no_second_child(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = remembered.weights(small_lesson.lesson(), never)
    monkeypatch.setattr(sys, "executable", NO_PYTHON)
    assert scores(remembered.weights(small_lesson.lesson(), never)) == scores(first)


def test_another_phrase_is_learned_at_once(kept: Path, tmp_path: Path) -> None:
    remembered.weights(small_lesson.lesson(), never)
    before = kept.read_bytes()
    (tmp_path / "examples.tsv").write_text(EXAMPLES + "court\tthe court\ncourt\twho pays the court\n")
    assert "court" in remembered.weights(small_lesson.lesson(), never).topics
    assert kept.read_bytes() != before


@pytest.mark.parametrize("path", remembered.CODE, ids=lambda path: path.name)
def test_another_line_of_the_code_is_another_mark(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = small_lesson.lesson().mark()
    (tmp_path / path.name).write_bytes(path.read_bytes() + b"\n# changed\n")
    code = tuple(tmp_path / path.name if each == path else each for each in remembered.CODE)
    monkeypatch.setattr(remembered, "CODE", code)
    assert small_lesson.lesson().mark() != before


def test_whatever_the_learning_is_made_of_is_in_its_mark() -> None:
    """`library` lends it a folder's name, `solving` and the like are in the list themselves."""
    known = {path.name for path in remembered.CODE} | {"library.py"}
    used = set()
    for path in remembered.CODE:
        if path.suffix == ".py":
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("bot", "messages")):
                    inside = Path(str(node.module).replace(".", "/"))
                    used |= {f"{name.name}.py" if inside.is_dir() else f"{inside.name}.py" for name in node.names}
    assert used <= known


def signed(content: bytes) -> bytes:
    """As somebody who may write files there could sign it: a sum is no secret."""
    return small_lesson.lesson().mark() + hashlib.sha256(content).digest() + content


def pickled() -> bytes:
    made = io.BytesIO()
    np.savez(made, topics=np.array([{"a": "pickle"}], dtype=object))
    return made.getvalue()


def damaged() -> dict[str, bytes]:
    content = small_lesson.learn().packed()
    whole, middle = signed(content), len(content) // 2
    assert remembered._whole(whole, small_lesson.lesson().mark()) is not None
    return {
        "nothing": b"", "half": whole[:middle], "one bit": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
        "only its head": whole[: 2 * remembered.SUM_BYTES], "another version's": bytes(remembered.SUM_BYTES) +
        whole[remembered.SUM_BYTES :], "no arrays": signed(b"hello"), "a pickle": signed(pickled()),
        "too little": signed(content[:-900]),
    }  # fmt: skip


def test_nothing_that_is_damaged_or_not_ours_is_believed() -> None:
    mark = small_lesson.lesson().mark()
    assert [how for how, told in damaged().items() if remembered._whole(told, mark) is not None] == []


def test_what_is_damaged_is_learned_anew_and_mended(kept: Path) -> None:
    first = remembered.weights(small_lesson.lesson(), never)
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-1])
    assert scores(remembered.weights(small_lesson.lesson(), never)) == scores(first)
    assert kept.read_bytes() == whole


def test_where_no_child_can_be_started_we_learn_ourselves(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", NO_PYTHON)
    assert scores(remembered.weights(small_lesson.lesson(), small_lesson.learn))["bond"] > 0
    assert not kept.exists()


def test_where_nothing_can_be_kept_it_is_learned_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a_file").write_text("")
    monkeypatch.setattr(remembered, "KEPT", tmp_path / "a_file" / "learned")
    assert scores(remembered.weights(small_lesson.lesson(), never))["bond"] > 0


def test_the_real_lessons_are_told_by_their_modules() -> None:
    """The child is started by a module's name."""
    from bot.hotline import resemblance

    assert learning.LESSON.module == learning.__name__
    assert resemblance.LESSON.module == resemblance.__name__
    assert set(learning.PHRASES) < set(resemblance.LESSON.examples)


def test_who_only_reads_texts_never_loads_what_learning_takes() -> None:
    told = "import sys; from bot.hotline import understanding; understanding.warm(); print('scipy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], cwd=remembered.ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
