"""Keys never show, and the identifiers made with them are valid, of one length, and the same on every worker."""

import copy
import hmac
import json
import pickle
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.uid import UID

from curation.deid import SubjectKey, derive_subject_key
from curation.deid.values.keys import authenticated, framed
from curation.deid.values.pseudonyms import UID_LENGTH, is_registered, keyed_uid, pseudonym

keys = st.binary(min_size=32, max_size=64)
uids = st.from_regex(rb"[1-9]\d{0,9}(\.(0|[1-9]\d{0,9})){1,4}", fullmatch=True)


@given(keys, st.binary(max_size=64))
def test_a_new_uid_is_valid_and_of_the_one_length(key: bytes, uid: bytes) -> None:
    new = keyed_uid(key, uid)
    assert len(new) == UID_LENGTH
    assert new.startswith(b"2.25.")
    assert UID(new.decode()).is_valid
    assert 10**38 <= int(new[5:]) < 2**128


@given(keys, uids, uids)
def test_links_hold_and_differences_stay(key: bytes, one: bytes, two: bytes) -> None:
    assert keyed_uid(key, one) == keyed_uid(key, one)
    assert (keyed_uid(key, one) == keyed_uid(key, two)) == (one == two)


@given(st.text(min_size=1), st.text(min_size=1), uids)
def test_two_donors_agree_on_no_identifier(one: str, two: str, uid: bytes) -> None:
    first, second = derive_subject_key(b"d" * 32, one), derive_subject_key(b"d" * 32, two)
    assert (first == second) == (one == two)
    assert (keyed_uid(first, uid) == keyed_uid(second, uid)) == (one == two)
    assert (pseudonym(first) == pseudonym(second)) == (one == two)


@given(keys, keys, uids)
def test_two_domains_cannot_be_linked(one: bytes, two: bytes, uid: bytes) -> None:
    first, second = derive_subject_key(one, "donor"), derive_subject_key(two, "donor")
    assert (keyed_uid(first, uid) == keyed_uid(second, uid)) == (one == two)


@given(st.lists(st.binary(max_size=8), max_size=5), st.lists(st.binary(max_size=8), max_size=5))
def test_two_lists_of_parts_never_read_the_same(one: list[bytes], two: list[bytes]) -> None:
    assert (framed(*one) == framed(*two)) == (one == two)


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_our_hmac_is_the_librarys(key: bytes, message: bytes) -> None:
    assert authenticated(key, message) == hmac.digest(key, message, "sha256")


def test_known_values_hold_for_all_time() -> None:
    key = derive_subject_key(bytes(range(32)), "donor")
    assert keyed_uid(key, b"1.2.3") == b"2.25.307218529415089168354057130725763002471"
    assert pseudonym(key) == b"D-4B7AV7MGEOJCDPXJ"


def test_registered_uids_are_known() -> None:
    assert is_registered(b"1.2.840.10008.5.1.4.1.1.2")
    assert not is_registered(b"1.2.840.10008.99999.1")


@pytest.mark.parametrize("show", [repr, str, "{}".format, "%s".__mod__, "{!r}".format])
def test_a_key_does_not_show(show: object) -> None:
    secret = b"very secret material, 32 bytes..."
    key = SubjectKey(secret)
    assert callable(show)
    assert show(key) == "SubjectKey(hidden)"
    assert "secret" not in json.dumps({"key": key}, default=repr)


def test_a_key_is_in_no_traceback_and_is_never_pickled() -> None:
    key = SubjectKey(b"very secret material, 32 bytes...")

    def fails(given: SubjectKey) -> None:
        raise ValueError(given)

    with pytest.raises(ValueError, match="hidden") as caught:
        fails(key)
    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True).format()
    assert "secret material" not in "".join(line for line in shown if "fails" in line)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError, match="never pickled"):
            pickle.dumps(key, protocol)
    with pytest.raises(TypeError, match="never pickled"):
        copy.deepcopy(key)


@pytest.mark.parametrize("length", [0, 31])
def test_a_short_key_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="at least 32 bytes"):
        SubjectKey(b"k" * length)
    with pytest.raises(ValueError, match="at least 32 bytes"):
        derive_subject_key(b"k" * length, "donor")
    with pytest.raises(ValueError, match="needs a name"):
        derive_subject_key(b"k" * 32, "")
