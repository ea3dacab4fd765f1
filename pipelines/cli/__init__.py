"""The command `lmi`: options, progress and messages over the other packages, a module for each group of commands.

Belongs here: what a person types and reads. Not here: anything that another package could need.
"""

import os

# Products of matrices are small here: threads of the library would wait for each other longer than they work. It reads
# this when NumPy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
