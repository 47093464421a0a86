"""The outcomes of a file's units: remembered where everything that they hang on is the same, else made."""

from .context import Context
from .gates.traces import NO_TRACES, Traces
from .making import bound, free, kept
from .outcome import Outcome
from .texts.asked import NOTHING_ASKED
from .units import Unit


def outcomes_of(context: Context, units: list[Unit]) -> tuple[list[Outcome], Traces]:
    """Each unit's outcome in this context, and whom the gate finds in those that are new to it. Raises Refused."""
    named, table, echoes = context.named, context.table, context.echoes
    outcomes: list[Outcome] = []
    new: list[int] = []
    for unit in units:
        outcome = unit.outcome
        if outcome is None or outcome.holds is not context:
            outcome = kept(unit, table) or free(context, unit) or bound(context, unit)
            if outcome.asked is not None and outcome.asked.days and echoes.knows_day(outcome.asked.days):
                outcome = bound(context, unit)
            if outcome.holds is not named:
                new.append(len(outcomes))
        outcomes.append(outcome)
        unit.outcome = outcome
    return outcomes, _confirmed(context, units, outcomes, new) if new else NO_TRACES


def _confirmed(context: Context, units: list[Unit], outcomes: list[Outcome], new: list[int]) -> Traces:
    """Makes anew which of the `new` hang on someone who is named here; whom the gate finds in all of them."""
    questions = [asked for place in new if (asked := outcomes[place].asked) and asked is not NOTHING_ASKED]
    if questions and not context.echoes.deny(questions):
        for place in new:
            asked = outcomes[place].asked
            if asked is not None and not context.echoes.deny([asked]):
                units[place].outcome = outcomes[place] = bound(context, units[place])
    found = _found(context, [outcomes[place] for place in new])
    if found is NO_TRACES:
        for place in new:
            outcome = outcomes[place]
            outcome.holds = context if outcome.asked is None else context.named
    return found


def _found(context: Context, outcomes: list[Outcome]) -> Traces:
    """Whom the gate finds; nobody of whom was asked stands in the texts of what was made as if nobody were named."""
    bare = b"\n".join([outcome.bare for outcome in outcomes if outcome.bare])
    alone = [outcome for outcome in outcomes if outcome.asked is None]
    read = b"\n".join([outcome.read for outcome in alone if outcome.read])
    escaped = b"\n".join([outcome.escaped for outcome in alone if outcome.escaped])
    return context.gate.found(bare, read, escaped)
