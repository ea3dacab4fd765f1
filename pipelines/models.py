"""The base of every model that is read from a file."""

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """A model that never changes and refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)
