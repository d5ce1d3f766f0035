"""Hindsight: an incident postmortem knowledge base."""
