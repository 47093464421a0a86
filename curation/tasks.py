"""Registers curation's due work, from cleaning to looking through again; and the sweeps that miss nothing of it."""

from core.due.crews import Crew
from core.due.kinds import kind, sweep
from core.due.queue import ask, ask_missing
from curation.work import clean, condemn, erase, finish, plant, planting, recheck, redact
from curation.work.defacing import step as defacing

CLEAN = kind(finish.CLEAN_KIND, clean.clean_donation, crew=Crew.CLEANING)
ERASE = kind("curation.erase", erase.erase_series)
DEFACE = kind("curation.deface", defacing.deface_series, lease_seconds=3_000, crew=Crew.CLEANING)
REAP = kind("curation.reap", erase.reap)
CONDEMN = kind("curation.condemn", condemn.condemn)
RECHECK = kind("curation.recheck", recheck.recheck_step, crew=Crew.CLEANING)
REDACT = kind("curation.redact", redact.redact_series, crew=Crew.CLEANING)
PLANT = kind(planting.DRAW_KIND, plant.draw_probe, crew=Crew.CLEANING)
MOST_AT_ONCE = 200


def ask_for_donations() -> None:
    """Makes due what a lost signal would have told of."""
    for donation_id in finish.donations_left()[:MOST_AT_ONCE]:
        ask(CLEAN, donation_id)


def ask_for_leftovers() -> None:
    """Makes due what should be erased and is not."""
    for series_id in erase.series_to_erase()[:MOST_AT_ONCE]:
        ask(ERASE, series_id)
    for object_id in erase.left_behind().values_list("pk", flat=True)[:MOST_AT_ONCE]:
        ask(REAP, object_id)


def ask_for_rechecks() -> None:
    """Makes due what a confirmed report asks for, and goes on with what was begun."""
    ask_missing(CONDEMN, condemn.to_condemn())
    recheck.begin_where_confirmed()
    ask_missing(RECHECK, recheck.running())


def ask_for_defacing() -> None:
    """Makes due the defacing of series that wait for it, and removes what a worker that died left of others."""
    ask_missing(DEFACE, defacing.series_to_deface()[:MOST_AT_ONCE])
    defacing.clear_leftovers()


def ask_for_drawn() -> None:
    """Makes due what curators drew and nobody has blanked."""
    ask_missing(REDACT, redact.series_to_redact()[:MOST_AT_ONCE])


def ask_for_planted() -> None:
    """Makes due what is to be planted, and ends what outlived its series."""
    ask_missing(PLANT, planting.undrawn()[:MOST_AT_ONCE])
    for probe_id in planting.outlived()[:MOST_AT_ONCE]:
        planting.end(probe_id)


sweep("curation.donations", ask_for_donations, every_seconds=5)
sweep("curation.leftovers", ask_for_leftovers, every_seconds=60)
sweep("curation.rechecks", ask_for_rechecks, every_seconds=10)
sweep("curation.defacing", ask_for_defacing, every_seconds=5)
sweep("curation.drawn", ask_for_drawn, every_seconds=15)
sweep("curation.planted", ask_for_planted, every_seconds=15)
