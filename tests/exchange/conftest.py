"""What the tests of files share."""

from collections.abc import Callable

import pytest

from postmortems.exchange.importing import Report, import_files


@pytest.fixture
def bring_in(system, platform) -> Callable[..., Report]:
    """Imports files, as the system user into the platform team unless said otherwise."""

    def run(*files, by=system, team=platform, **options) -> Report:
        return import_files(files, by=by, team=team, **options)

    return run
