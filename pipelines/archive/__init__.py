"""Publishers' files and what is known of them: the declared sources, the bundled vintage, folders of downloads.

Belongs here: getting bytes and naming their vintage. Not here: what is in them (publishers/).
"""
