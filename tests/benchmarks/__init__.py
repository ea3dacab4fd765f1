"""Ratios measured in one run on one machine, so that they hold on a slow or busy one, too; `make bench`."""
