"""Labor market indicators by Career Cluster: from publishers' files to a checked, published DuckDB.

One direction: archive -> publishers -> sql/core -> sql/marts -> quality gate -> release -> reports.
"""

import os

# before numpy is loaded: idle threads of its matrix products spin, and cost more than they give
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
