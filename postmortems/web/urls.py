"""The addresses of all pages. They are contracts: links in tickets and chats outlive code."""

from django.urls import path

from postmortems.web import accounts, help, preferences, read, search, taxonomy

urlpatterns = [
    # Search and reading
    path("", search.search, name="search"),
    path("p/<str:ref>/", read.read_by_ref, name="postmortem-by-ref"),
    path("p/<str:ref>/<str:slug>/", read.read, name="postmortem"),
    # Vocabularies
    path("taxonomy/", taxonomy.vocabularies, name="vocabularies"),
    path("taxonomy/<slug:slug>/", taxonomy.vocabulary, name="vocabulary"),
    path("taxonomy/<slug:vocabulary>/<path:path>/", taxonomy.term, name="term"),
    # Manual
    path("help/", help.help_index, name="help"),
    path("help/<slug:topic>/", help.help_topic, name="help-topic"),
    # Accounts and preferences
    path("sign-in/", accounts.sign_in, name="sign-in"),
    path("sign-in/demo/", accounts.demo_sign_in, name="demo-sign-in"),
    path("sign-out/", accounts.sign_out, name="sign-out"),
    path("settings/preferences/", preferences.preferences, name="preferences"),
]
