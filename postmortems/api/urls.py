"""The addresses of the REST API, version 1."""

from django.urls import path

from postmortems.api import search

app_name = "api"
urlpatterns = [
    path("search/", search.SearchView.as_view(), name="search"),
]
