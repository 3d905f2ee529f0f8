"""Setting a page changes nothing for whoever reads pictures."""

from PIL import ImageFile

from hub.messages import typesetting


def test_broken_pictures_are_still_refused():
    assert typesetting.HTML(string="<p>a").write_pdf()
    assert not ImageFile.LOAD_TRUNCATED_IMAGES
