"""The story reads e-mails as they were kept: whom one went to is no finding, what it says may be."""

from pathlib import Path

import pytest
from django.core.mail import EmailMessage, get_connection
from django.test import override_settings

from portal.story.chapters.searching import body_of


@pytest.mark.parametrize("number", [1, 2, 3])
def test_of_e_mails_that_share_a_file_the_texts_are_read_and_no_address(tmp_path: Path, number: int) -> None:
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.filebased.EmailBackend"):
        connection = get_connection(file_path=str(tmp_path))
        mails = [
            EmailMessage(f"Subject {each}", f"Line\n\nText {each}", "we@donara.example", [f"donor{each}@example.org"])
            for each in range(number)
        ]
        connection.send_messages(mails)
    (file,) = tmp_path.iterdir()
    read = body_of(file.read_bytes()).decode()
    assert "@" not in read
    for each in range(number):
        assert f"Subject {each}" in read
        assert f"Text {each}" in read
