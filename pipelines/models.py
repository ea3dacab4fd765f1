"""The base of every model that is read from a file."""

from pydantic import BaseModel, ConfigDict, ValidationError

from pipelines.errors import refused_by_machine


class Strict(BaseModel):
    """A model that never changes and refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def why_unread(error: OSError | ValidationError) -> str:
    """Why a file that this project wrote is no such file any more, in one line."""
    if isinstance(error, OSError):
        return refused_by_machine(error)
    first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        return "it is cut short or damaged: not JSON"
    place = ".".join(map(str, first["loc"]))
    return f"its {place} is not as it was written" if place else "it is not as it was written"
