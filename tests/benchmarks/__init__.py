"""Ratios measured in one run on one machine, so that they say the same on a slow or busy one; `make bench`."""
