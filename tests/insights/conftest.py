"""The incidents that come with the product."""

from pathlib import Path

import pytest
from django.conf import settings

from postmortems.exchange import importing
from postmortems.models import User
from tests.makers import make_team

SEEDS = Path(settings.BASE_DIR) / "fixtures" / "seeds"


@pytest.fixture
def seeds(db) -> None:
    """The seed incidents, published for everybody."""
    importing.import_files(
        sorted(SEEDS.glob("*.md")), by=User.objects.system(), team=make_team("platform")
    )
