"""Your maximum runs over the units; it has to run over the k maps."""

HINT = "The result has one number for each sample and unit, (N, out). Which dimension of (N, k, out) has to go?"
QUESTION = "Which shape has your tensor before the maximum, and which of its sizes has to go?"
WORKED = """
Three maps, two units, one sample: the values (1, 8), (4, 2), (3, 5), one pair for each map.
  over the maps:    (4, 8), one number for each unit
  over the units:   8, 4, 5, one number for each map
"""
EDITS = {
    "maxout": [("A_.amax(1)", "A_.amax(2)")],
}


def evidence(exercise, yours, expected):
    """Compare the shape."""
    mine, due = f"{tuple(yours.shape)}", f"{tuple(expected.shape)}"
    if mine == due:
        return None
    return f"In the example, with three maps and two units, your result has the shape {mine}; {due} is expected."
