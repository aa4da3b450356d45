"""What was agreed before anybody looked: the measures and margins of a verdict, as a file whose hash is printed with it."""

from __future__ import annotations

import tomllib
from hashlib import sha256
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sandcone.core.errors import MapError
from sandcone.core.refused import refused
from sandcone.core.verdict import Margins

SEE = "See docs/verdict.md for what such a file can say."


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class Allowed(_Strict):
    """By how much each guard may get worse, and how much of a rise counts. Shares are 0 to 1."""

    resource_efficiency: float = Field(default=0.005, ge=0, lt=1, strict=False)
    flow_efficiency: float = Field(default=0.005, ge=0, lt=1, strict=False)
    frontier: float = Field(default=0.02, ge=0, lt=1, strict=False)
    wait_share: float = Field(default=0.10, ge=0, strict=False)  # of the wait before
    wait_hours: float = Field(default=0.25, ge=0, strict=False)  # and at least so much
    quality: float = Field(default=0.02, ge=0, lt=1, strict=False)
    fit: float = Field(default=0.02, ge=0, lt=1, strict=False)


class Registered(_Strict):
    """What a verdict was agreed to rest on; ``sha256`` names the file it came from, None where nothing was agreed."""

    alpha: float = Field(default=0.05, gt=0, lt=0.5)
    quality: Literal["required", "assumed"] = "required"
    returns_of: str | None = None  # the attribute that says who a patient is
    return_days: int = Field(default=30, ge=1)
    bad_steps: tuple[str, ...] = Field(default=(), strict=False)
    least_patients: int = Field(default=50, ge=2)  # smaller groups are taken together
    follow_up_days: int | None = Field(default=None, ge=0)
    margins: Allowed = Allowed()
    sha256: str | None = None

    def as_margins(self) -> Margins:
        """The part that the verdict itself needs."""
        m = self.margins
        return Margins(
            alpha=self.alpha,
            least_resource=m.resource_efficiency,
            least_flow=m.flow_efficiency,
            least_frontier=m.frontier,
            quality=self.quality,
        )


DEFAULTS = Registered()


def read_registered(path: str | Path) -> Registered:
    """Read what was agreed from a TOML file; ``MapError`` or ``ModelError`` says what in it cannot be."""
    try:
        raw = Path(path).read_bytes()
        table = tomllib.loads(raw.decode("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as e:
        raise MapError(str(path), f"cannot be read ({e})", f"Give a TOML file. {SEE}") from None
    said = table.pop("verdict", table)
    if not isinstance(said, dict) or "sha256" in said:
        raise MapError(str(path), "verdict is no table of what was agreed", SEE)
    if said is not table and table:
        raise MapError(str(path), f"{next(iter(table))!r} stands outside of [verdict], where it would count for nothing", SEE)
    try:
        return Registered.model_validate({**said, "sha256": sha256(raw).hexdigest()})
    except ValidationError as e:
        raise refused(Path(path), e, SEE) from None
