"""States' own rules for high-skill, high-wage and in-demand occupations: what a rule says, and what follows from it.

Belongs here: reading `reference/policies` and applying a rule to figures. Not here: where the figures come from.
"""
