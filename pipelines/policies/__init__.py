"""Policies for high-skill, high-wage and in-demand occupations: reading them, applying them, putting them in words.

Belongs here: policy files, and flags from published or staged figures. Not here: which policies a deployment applies
(overlays/), and how figures are made (sql/).
"""
