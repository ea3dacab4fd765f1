"""What a release says of itself to data portals, a module for each standard: made from the contracts and the manifest.

Belongs here: the descriptions and what they share. Not here: figures, and pages for people.
"""
