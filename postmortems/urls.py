"""All addresses of the site: pages, the REST API, error pages."""

from django.urls import include, path

from postmortems.api.description import description

urlpatterns = [
    path("api/schema/", description, name="api-schema"),
    path("api/v1/", include("postmortems.api.urls")),
    path("", include("postmortems.web.urls")),
]

handler400 = "postmortems.web.errors.bad_request"
handler403 = "postmortems.web.errors.forbidden"
handler404 = "postmortems.web.errors.not_found"
handler500 = "postmortems.web.errors.server_error"
