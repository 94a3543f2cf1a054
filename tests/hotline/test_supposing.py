"""Is "if they knock" kept apart from "they knock", where "if" stands behind it? And near the house from at the house?"""

import pytest

from bot.hotline import emergency, supposing
from bot.hotline.understanding import understand
from messages.wording import plain


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ICE가 문을 두드리면 어떻게 해요?", "어떻게 해요"),
        ("문 안 열면 부순대요. 지금 ICE가 문을 두드리고 있어요", "부순대요 지금 ice 가 문을 두드리고 있어요"),
        ("지금 문을 두드리고 있어요 문 열면 어떻게 돼요", "지금 문을 두드리고 있어요 어떻게 돼요"),
        ("이민국이 우리 집에 왔을 때 어떻게 해요", "어떻게 해요"),
        ("복면 쓴 사람들이 문 앞에 있어요", "쓴 사람들이 문 앞에 있어요"),
        ("ICE 아니면 경찰이에요", "ice 경찰이에요"),
        ("移民局敲我家门的话怎么办", "怎么办"),
        ("他们现在在敲门，开门的话怎么办", "他们现在在敲门 怎么办"),
        ("what do i do if ice knocks", "what do i do if ice knocks"),
        ("đừng mở cửa", "dung mo cua"),
    ],
)
def test_what_is_only_supposed_is_left_out_and_what_is_told_stays(text: str, told: str) -> None:
    assert supposing.told(plain(text)) == told


@pytest.mark.parametrize(
    "text",
    [
        "ICE가 문을 두드리면 어떻게 해요", "ICE가 문 앞에 있으면 문 열어야 하나요", "이민국이 우리 집에 왔을 때 어떻게 해요",
        "남편이 잡혀가면 어떻게 찾아요", "移民局敲我家门的话怎么办", "移民局的人來我家的話怎麼辦",
    ],
)  # fmt: skip
def test_an_if_behind_the_danger_makes_a_question(text: str) -> None:
    assert understand(text).intent == "question"


@pytest.mark.parametrize(
    "text",
    [
        "문 안 열면 부순대요 지금 ICE가 문을 두드리고 있어요", "지금 ICE가 문을 두드리고 있어요 문 열면 어떻게 돼요",
        "ICE가 문 앞에 있어요 그러면 어떻게 해요", "他们现在在敲我家门，开门的话怎么办",
    ],
)  # fmt: skip
def test_an_if_beside_a_danger_that_is_told_takes_nothing_away(text: str) -> None:
    told = emergency.told(text)
    assert told is not None and told.topic == "door"


@pytest.mark.parametrize(
    "text",
    [
        "policias en la esquina de mi casa", "la migra esta en la esquina de mi casa", "hay migra cerca de mi casa",
        "la policia esta en la casa de al lado", "police on the corner of my house", "cops down the street from my house",
        "警察在我家附近的路口", "경찰이 우리 집 근처에 있어요", "may pulis sa kanto malapit sa bahay namin",
    ],
)  # fmt: skip
def test_no_phrase_takes_near_the_house_for_the_door(text: str) -> None:
    assert emergency.told(text) is None


@pytest.mark.parametrize(
    "text",
    ["policias en la esquina de mi casa", "la migra esta en la esquina de mi casa", "police on the corner of my house"],
)
def test_near_the_house_is_a_sighting_to_go_and_see(text: str) -> None:
    """kyr.md: an emergency is at the person's own door. A sighting is asked back for its corner, and somebody looks."""
    assert understand(text).intent == "report"


@pytest.mark.parametrize(
    "text",
    [
        "la migra esta afuera de mi casa", "policia tocando mi puerta", "ICE is outside my house", "ICE가 우리 집 앞에 있어요",
        "ICE在我家门口", "nasa labas ng bahay namin ang ICE",
    ],
)  # fmt: skip
def test_at_the_house_is_an_emergency(text: str) -> None:
    assert understand(text).intent == "emergency"
