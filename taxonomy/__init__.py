"""The vocabularies that postmortems are classified by: trees, flat lists and ordered scales."""
