"""From the pen to the log and the picture: nothing the tablet reported is lost on the way."""

from edge.capture.capture import Capture, PenStatus
from edge.capture.picture import Picture, PictureFeed

__all__ = ["Capture", "PenStatus", "Picture", "PictureFeed"]
