"""The addresses of the REST API, version 1."""

from django.urls import path

from postmortems.api import nothing, search

app_name = "api"
urlpatterns = [
    path("search/", search.SearchView.as_view(), name="search"),
    # Last: whatever no line above takes.
    path("<path:rest>", nothing.NothingView.as_view(), name="nothing"),
]
