"""Somebody signed in, and what a page says to them."""

from typing import Any

from django.test import Client

from core.accounts.models import User


def signed_in(user: User) -> Client:
    """A browser in which the user is signed in."""
    client = Client()
    client.force_login(user)
    return client


def text_of(response: Any) -> str:
    """The page as text."""
    text: str = response.content.decode()
    return text
