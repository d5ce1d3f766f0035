"""Where stylesheets and scripts are stored. Named in the settings."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

# As Django's own for `support_js_module_import_aggregation`, which reads every script there is: some that
# packages ship import what only exists where they are built.
IMPORT = (
    r"""(?P<matched>import(?P<import>[\s{][^;"']*?)\s*from\s*["'](?P<url>\./[^"']+)["']\s*;)""",
    """import%(import)s from "%(url)s";""",
)


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Also a module that another one imports has its hash in the address: else a browser would keep the
    old one for some time after an update."""

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("js/*.js", (IMPORT,)))
