"""The fixture `libreoffice`: one running LibreOffice for all the tests that ask for it."""

from collections.abc import Iterator

import pytest

from .libreoffice import LibreOffice, available


@pytest.fixture(scope="session")
def libreoffice() -> Iterator[LibreOffice]:
    """A LibreOffice that lives as long as the session; skips, with the reason, where there is none."""
    missing = available()
    if missing is not None:
        pytest.skip(missing)
    with LibreOffice() as office:
        yield office


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Send all users of the fixture to one worker, so that one soffice is started, not one a core."""
    for item in items:
        if "libreoffice" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("libreoffice"))
