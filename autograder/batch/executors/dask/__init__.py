"""Grading on the workers of an existing dask cluster: the coordinator's side and the side of a dask worker.

Everything here is trusted: dask's messages are pickles, and they hold the hidden checks on their way. What a student
handed in travels as bytes, and what comes back was made by our own judge.
"""
