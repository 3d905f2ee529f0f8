"""Strokes as lines and as words."""

from hub.register.names import CharacterView
from hub.review.replay import DrawingView, Points
from hub.web.ink_picture import picture

PICKED = CharacterView("mj", "MJ026191", "邉\U000e0102")


def drawn(*strokes: Points) -> DrawingView:
    return DrawingView("p2", "name", 0, PICKED, ("MJ026191", "MJ999999"), [*strokes], (0, 0, 9, 9))


def test_lines_zones_and_times():
    across: Points = [[0, 0, 0], [500, 0, 100], [1000, 0, 300]]
    down: Points = [[500, 0, 700], [500, 1000, 1500]]
    shown = picture(drawn(across, down), ("p1", "p2"))
    assert shown.person_number == 2
    assert shown.view_box == "-80 -80 1160 1160"
    assert shown.strokes[0].points == "0,0 500,0 1000,0"
    assert shown.strokes[0].times == "0 100 300"
    assert (shown.strokes[0].begin, shown.strokes[0].end) == ("top_left", "top_right")
    assert (shown.strokes[1].begin, shown.strokes[1].end) == ("top_middle", "bottom_middle")
    assert (shown.seconds, shown.strokes[1].seconds) == ("1.5", "0.8")


def test_offered_glyphs_have_their_text_and_a_strange_name_stands_for_itself():
    shown = picture(drawn([[0, 0, 0]]), ("p1",))
    assert [one.id for one in shown.offered] == ["MJ026191", "MJ999999"]
    assert shown.offered[0].text.startswith("邉")
    assert shown.person_number is None


def test_a_drawing_without_strokes_is_an_empty_picture():
    shown = picture(drawn(), ("p2",))
    assert shown.strokes == ()
    assert shown.seconds == "0.0"
