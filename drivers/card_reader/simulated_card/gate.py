"""The virtual card starts in demo and training only, whoever asks for it."""

import os

from drivers.card_reader.errors import SimulationForbiddenError
from intake.office.environment import Environment

ENVIRONMENT_VARIABLE = "MADOGUCHI_ENVIRONMENT"


def require_simulation(environment: str) -> Environment:
    """The environment, when it is demo or training, and the machine does not say otherwise.

    Raises SimulationForbiddenError for production and for any other word, and also when the
    environment variable MADOGUCHI_ENVIRONMENT names production.
    """
    allowed = {str(Environment.DEMO), str(Environment.TRAINING)}
    here = os.environ.get(ENVIRONMENT_VARIABLE, environment)
    if environment not in allowed or here not in allowed:
        raise SimulationForbiddenError(
            "the virtual card exists in demo and training only; use a real reader (pcsc:)"
        )
    return Environment(environment)
