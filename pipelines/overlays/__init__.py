"""A state's own additions: memberships, clusters, names, regions and default policy, from one folder.

Belongs here: reading an overlay, refusing a broken one, saying what it does. Not here: figures under it (sql/).
"""
