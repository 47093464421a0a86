"""Wires the house together: settings, addresses, workers. Nobody imports it."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
