"""A browser, opened module by module."""

from tests.system.pages.office.conftest import browser

__all__ = ["browser"]
