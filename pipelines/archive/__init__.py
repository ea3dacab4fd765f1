"""Publishers' files as bytes: found in folders, fetched over HTTP, checked to be what they claim, and stored.

Not here: which vintage a run takes (intake/), and what is in the files (publishers/).
"""
