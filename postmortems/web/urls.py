"""The addresses of all pages. They are contracts: links in tickets and chats outlive code."""

from django.urls import path

from postmortems.web import (
    accounts,
    exports,
    feed_keys,
    feeds,
    help,
    preferences,
    read,
    saved,
    search,
    similar,
    taxonomy,
)

urlpatterns = [
    # Search and reading
    path("", search.search, name="search"),
    path("p/<str:ref>/", read.read_by_ref, name="postmortem-by-ref"),
    path("p/<str:ref>/similar/", similar.similar_beside, name="postmortem-similar"),
    path("p/<str:ref>/<str:slug>/", read.read, name="postmortem"),
    path("similar/", similar.similar, name="similar"),
    # Vocabularies
    path("taxonomy/", taxonomy.vocabularies, name="vocabularies"),
    path("taxonomy/<slug:slug>/", taxonomy.vocabulary, name="vocabulary"),
    path("taxonomy/<slug:vocabulary>/<path:path>/", taxonomy.term, name="term"),
    # Saved searches, feeds, files
    path("saved/", saved.saved, name="saved"),
    path("saved/new/", saved.saved_new, name="saved-new"),
    path("saved/feeds/", feed_keys.saved_feeds, name="saved-feeds"),
    path("saved/feeds/revoke/", feed_keys.saved_feeds_revoke, name="saved-feeds-revoke"),
    path("saved/<str:ref>/", saved.saved_search, name="saved-search"),
    path("saved/<str:ref>/edit/", saved.saved_edit, name="saved-edit"),
    path("saved/<str:ref>/delete/", saved.saved_delete, name="saved-delete"),
    path("feeds/search.atom", feeds.feed_search, name="feed-search"),
    path("feeds/<str:secret>/search.atom", feeds.feed_private, name="feed-private"),
    path("export/", exports.export, name="export"),
    # Manual
    path("help/", help.help_index, name="help"),
    path("help/<slug:topic>/", help.help_topic, name="help-topic"),
    # Accounts and preferences
    path("sign-in/", accounts.sign_in, name="sign-in"),
    path("sign-in/demo/", accounts.demo_sign_in, name="demo-sign-in"),
    path("sign-out/", accounts.sign_out, name="sign-out"),
    path("settings/preferences/", preferences.preferences, name="preferences"),
]
