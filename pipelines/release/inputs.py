"""The fingerprint of all that a release is made from: publishers' bytes, settings, overlay, reference data, code."""

import hashlib

from pipelines.intake.select import RunInputs, select_inputs
from pipelines.overlays.overlay_tables import overlay_lines
from pipelines.own_files import own_lines
from pipelines.settings import Settings


def input_fingerprint(settings: Settings, inputs: RunInputs | None = None) -> str:
    """One SHA-256 over all inputs, where equal inputs make equal releases; `inputs` if they were selected before."""
    digest = hashlib.sha256()
    for line in (inputs or select_inputs(settings)).lines:
        digest.update(f"{line}\n".encode())
    for setting, value in sorted(settings.method.items()):
        digest.update(f"setting {setting} {value}\n".encode())
    for line in overlay_lines(settings):
        digest.update(f"overlay {line}\n".encode())
    for line in own_lines():
        digest.update(f"{line}\n".encode())
    return digest.hexdigest()
