"""WeasyPrint as this hub uses it: loaded by those who need it, and with nothing else changed.

It loads Pango, so it is imported where a page is set and not before. It also tells Pillow, for the
whole process, to take broken pictures as they are; what reads scans must go on refusing them.
"""

from PIL import ImageFile
from weasyprint import HTML
from weasyprint.css import ColorProfile
from weasyprint.urls import URLFetcher

ImageFile.LOAD_TRUNCATED_IMAGES = False

__all__ = ["HTML", "ColorProfile", "URLFetcher"]
