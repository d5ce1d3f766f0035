"""The addresses of the REST API, version 1."""

from django.urls import path

from postmortems.api import attachments, nothing, saved_searches, search, similar, suggest

app_name = "api"
urlpatterns = [
    path("search/", search.SearchView.as_view(), name="search"),
    path("postmortems/", search.PostmortemsView.as_view(), name="postmortems"),
    path(
        "postmortems/<str:ref>/similar/",
        similar.SimilarToPostmortemView.as_view(),
        name="postmortem-similar",
    ),
    path(
        "postmortems/<str:ref>/attachments/",
        attachments.AttachmentsView.as_view(),
        name="attachments",
    ),
    path(
        "postmortems/<str:ref>/attachments/<str:file_id>/",
        attachments.AttachmentView.as_view(),
        name="attachment",
    ),
    path(
        "postmortems/<str:ref>/attachments/<str:file_id>/content/",
        attachments.AttachmentContentView.as_view(),
        name="attachment-content",
    ),
    path("similar/", similar.SimilarToTextView.as_view(), name="similar"),
    path("suggest/", suggest.SuggestView.as_view(), name="suggest"),
    path("saved-searches/", saved_searches.SavedSearchesView.as_view(), name="saved-searches"),
    path(
        "saved-searches/<str:ref>/", saved_searches.SavedSearchView.as_view(), name="saved-search"
    ),
    # Last: whatever no line above takes.
    path("<path:rest>", nothing.NothingView.as_view(), name="nothing"),
]
