"""Where stylesheets and scripts are stored. Named in the settings."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Also a module that another one imports has its hash in the address: else a browser would keep the
    old one for some time after an update."""

    support_js_module_import_aggregation = True
