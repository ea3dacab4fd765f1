"""A state's own memberships, clusters, names, regions and default policy, from one folder, and the policies that apply.

Belongs here: reading an overlay, refusing a broken one, its tables. Not here: figures under it (sql/).
"""
