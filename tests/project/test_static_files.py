"""What browsers are given to keep for a year is never an old file under the same address."""

import re
import shutil

from django.contrib.staticfiles.storage import StaticFilesStorage

from postmortems.web.static_files import HashedStorage
from tests.makers import ROOT

IMPORT = re.compile(r'from\s+"\./([^"]+)"')
HASHED = re.compile(r"[\w.-]+\.[0-9a-f]{12}\.js")


def test_modules_import_each_other_by_hashed_addresses(tmp_path):
    shutil.copytree(ROOT / "static" / "js", tmp_path / "js")
    names = [f"js/{path.name}" for path in (tmp_path / "js").iterdir()]
    source = StaticFilesStorage(location=tmp_path, base_url="/static/")

    list(
        HashedStorage(location=tmp_path, base_url="/static/").post_process(
            {name: (source, name) for name in names}
        )
    )

    scripts = [path for path in tmp_path.glob("js/*.js") if HASHED.fullmatch(path.name)]
    imported = [name for path in scripts for name in IMPORT.findall(path.read_text())]
    assert len(imported) >= 4
    assert [name for name in imported if not HASHED.fullmatch(name)] == []
    assert all((tmp_path / "js" / name).is_file() for name in imported)
