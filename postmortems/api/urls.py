"""The addresses of the REST API, version 1."""

from typing import Any

from django.urls import path

from postmortems.api import (
    attachments,
    audit,
    exports,
    following,
    imports,
    me,
    nothing,
    patterns,
    postmortem_urls,
    preview,
    reading_list_items,
    reading_lists,
    saved_searches,
    search,
    similar,
    suggest,
    teams,
    term_record,
    terms,
    tokens,
    vocabularies,
)

app_name = "api"
# What a list and one of its items answer to, where all of it is offered.
SET: dict[str, Any] = {"get": "list", "post": "create"}
ONE: dict[str, Any] = {"get": "retrieve", "patch": "partial_update", "delete": "destroy"}
urlpatterns = [
    path("search/", search.Search.as_view({"get": "list"}), name="search"),
    *postmortem_urls.PATHS,
    path(
        "postmortems/<str:ref>/similar/",
        similar.SimilarToPostmortem.as_view({"get": "list"}),
        name="postmortem-similar",
    ),
    path(
        "postmortems/<str:ref>/attachments/",
        attachments.Attachments.as_view(SET),
        name="attachments",
    ),
    path(
        "postmortems/<str:ref>/attachments/<str:file_id>/",
        attachments.Attachments.as_view({"get": "retrieve", "delete": "destroy"}),
        name="attachment",
    ),
    path(
        "postmortems/<str:ref>/attachments/<str:file_id>/content/",
        attachments.AttachmentContent.as_view({"get": "retrieve"}),
        name="attachment-content",
    ),
    path("similar/", similar.SimilarToText.as_view({"post": "create"}), name="similar"),
    path("suggest/", suggest.Suggestions.as_view({"get": "list"}), name="suggest"),
    *(
        path(
            f"patterns/{name.replace('_', '-')}/",
            patterns.Patterns.as_view({"get": name}),
            name=f"patterns-{name.replace('_', '-')}",
        )
        for name in patterns.PARTS
    ),
    path("saved-searches/", saved_searches.SavedSearches.as_view(SET), name="saved-searches"),
    path(
        "saved-searches/<str:ref>/",
        saved_searches.SavedSearches.as_view(ONE),
        name="saved-search",
    ),
    path("reading-lists/", reading_lists.ReadingLists.as_view(SET), name="reading-lists"),
    path("reading-lists/<str:ref>/", reading_lists.ReadingLists.as_view(ONE), name="reading-list"),
    path(
        "reading-lists/<str:ref>/items/",
        reading_list_items.ReadingListItems.as_view(SET),
        name="reading-list-items",
    ),
    path(
        "reading-lists/<str:ref>/items/<str:postmortem>/",
        reading_list_items.ReadingListItems.as_view(ONE),
        name="reading-list-item",
    ),
    path(
        "reading-lists/<str:ref>/order/",
        reading_list_items.ReadingListOrder.as_view({"get": "retrieve", "put": "update"}),
        name="reading-list-order",
    ),
    path(
        "saved-searches/<str:ref>/follow/",
        following.SearchFollowing.as_view({"post": "create"}),
        name="saved-search-follow",
    ),
    path("following/", following.Followings.as_view({"get": "list"}), name="following"),
    path(
        "following/<str:following_id>/",
        following.Followings.as_view({"get": "retrieve", "delete": "destroy"}),
        name="following-one",
    ),
    path(
        "me/",
        me.MyAccount.as_view({"get": "retrieve", "patch": "partial_update"}),
        name="me",
    ),
    path("preview/", preview.Previews.as_view({"post": "create"}), name="preview"),
    path("tokens/", tokens.Tokens.as_view(SET), name="tokens"),
    path(
        "tokens/<str:token_id>/",
        tokens.Tokens.as_view({"get": "retrieve", "delete": "destroy"}),
        name="token",
    ),
    path("vocabularies/", vocabularies.Vocabularies.as_view(SET), name="vocabularies"),
    path(
        "vocabularies/<str:slug>/",
        vocabularies.Vocabularies.as_view({"get": "retrieve", "patch": "partial_update"}),
        name="vocabulary",
    ),
    path("terms/", terms.Terms.as_view(SET), name="terms"),
    path(
        "terms/<str:term_id>/",
        terms.Terms.as_view({"get": "retrieve", "patch": "partial_update"}),
        name="term",
    ),
    *(
        path(
            f"terms/<str:term_id>/{verb}/",
            terms.Terms.as_view({"post": verb}),
            name=f"term-{verb}",
        )
        for verb in ("retire", "restore", "merge")
    ),
    path(
        "terms/<str:term_id>/record/",
        term_record.TermRecord.as_view({"get": "retrieve"}),
        name="term-record",
    ),
    path(
        "terms/<str:term_id>/follow/",
        following.TermFollowing.as_view({"post": "create"}),
        name="term-follow",
    ),
    path("teams/", teams.Teams.as_view(SET), name="teams"),
    path(
        "teams/<str:slug>/",
        teams.Teams.as_view({"get": "retrieve", "patch": "partial_update"}),
        name="team",
    ),
    path("teams/<str:slug>/members/", teams.Members.as_view({"get": "list"}), name="members"),
    path(
        "teams/<str:slug>/members/<str:username>/",
        teams.Members.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
        name="member",
    ),
    path("audit/", audit.Audit.as_view({"get": "list"}), name="audit"),
    path("imports/", imports.Imports.as_view(SET), name="imports"),
    path("imports/<str:ref>/", imports.Imports.as_view({"get": "retrieve"}), name="import"),
    path(
        "imports/<str:ref>/undo/",
        imports.ImportUndoing.as_view({"post": "create"}),
        name="import-undo",
    ),
    path("exports/", exports.Exports.as_view({"get": "list"}), name="exports"),
    # Last: whatever no line above takes.
    path("<path:rest>", nothing.NothingView.as_view(), name="nothing"),
]
