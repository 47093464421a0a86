"""Curation: how a donation becomes safe (de-identification, checks, review); decides what is clean."""
