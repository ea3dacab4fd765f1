"""The command `lmi`: options, progress and messages over the other packages, a module for each group of commands.

Belongs here: what a person types and reads. Not here: anything that another package could need.
"""
