"""Sites for soak runs: each a copy of one that was prepared once."""

from collections.abc import Callable, Iterator

import pytest

from tests.soak.site import Site


@pytest.fixture(scope="session")
def prepared(tmp_path_factory) -> Iterator[Site]:
    """A site with tables, vocabularies and accounts, and without postmortems."""
    site = Site(tmp_path_factory.mktemp("prepared"))
    site.node().prepare()
    site.stop_nodes()
    yield site
    site.close()


@pytest.fixture
def new_site(prepared, tmp_path) -> Iterator[Callable[[], Site]]:
    """Makes a site of its own."""
    made: list[Site] = []

    def make() -> Site:
        made.append(Site(tmp_path, prepared.database))
        return made[-1]

    yield make
    for site in made:
        site.close()


@pytest.fixture
def site(new_site) -> Site:
    """A site of its own."""
    return new_site()
