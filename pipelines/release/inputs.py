"""The fingerprint of all inputs of a release: publishers' files, settings, reference data, overlay, SQL and code."""

import hashlib

from pipelines.intake.raw import RAW_SOURCES
from pipelines.intake.staging import input_lines, membership_lines
from pipelines.overlays.overlay_tables import overlay_lines
from pipelines.own_files import own_lines
from pipelines.settings import Settings


def input_fingerprint(settings: Settings) -> str:
    """One SHA-256 of all inputs. Equal inputs make equal releases and are not published twice."""
    digest = hashlib.sha256()
    for source in RAW_SOURCES:
        for line in input_lines(source, settings):
            digest.update(f"{source} {line}\n".encode())
    for line in membership_lines(settings):
        digest.update(f"career_clusters {line}\n".encode())
    for setting, value in sorted(settings.method.items()):
        digest.update(f"setting {setting} {value}\n".encode())
    for line in overlay_lines(settings):
        digest.update(f"overlay {line}\n".encode())
    for line in own_lines():
        digest.update(f"{line}\n".encode())
    return digest.hexdigest()
