"""May this person look at, and decide on, a series?"""

from consent.queries import donors_of
from core.accounts.permissions import require
from core.accounts.roles import Role
from core.actors import Actor
from core.errors import NotAllowed
from curation.models import Series


def check_may_decide(by: Actor, series: Series) -> None:
    """Raises NotAllowed unless `by` is a curator of the programme who is not the donor."""
    require(by, series.programme_id, Role.CURATOR)
    if donors_of(by).filter(pk=series.donor_id).exists():  # type: ignore[arg-type]  # a curator is a user
        raise NotAllowed("These images are your own. Another curator looks at them.", "own_donation")
