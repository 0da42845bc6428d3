"""Every table and every step of the law, in one place: importing this knows them all."""

from models.city import (  # noqa: F401
    agency,
    category,
    station,
    unit,
)
from models.command import (  # noqa: F401
    apel,
    bookmarks,
    bulletin,
    erasing,
    handover,
    handover_steps,
    highlights,
    ladder,
    members,
    retention,
    roster,
    shifts,
    units,
)
from models.incidents import (  # noqa: F401
    alarms,
    arrivals,
    closing,
    complaint,
    conferring,
    correcting,
    dispatch,
    draft,
    evidence,
    exercise,
    filing,
    handing,
    holding,
    incident,
    letting_go,
    likeness,
    merging,
    preserving,
    rating,
    referral,
    referring,
    strikes,
    talking,
    undoing,
    uploads,
)
from models.people import (  # noqa: F401
    browsers,
    called,
    citizens,
    codes,
    devices,
    erased_numbers,
    factors,
    machines,
    officers,
    sessions,
)
from models.reading import board, recurring, replay  # noqa: F401
from models.record import (  # noqa: F401
    event,
    idempotency,
    lease,
    outbox,
)
