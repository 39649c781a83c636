"""You look along the units: you have one answer for each sample."""

HINT = (
    "z has one row for each sample and one column for each unit. Which dimension has to go, so that one answer "
    "for each unit is left?"
)
QUESTION = "How many answers do you give for 5 samples and 3 units?"
WORKED = """
Marks of two pupils in three subjects: (1, 0, 0) and (1, 0, 2). Is a subject empty, 0 for every pupil?
  down the columns:   no, yes, no, one answer for each subject
  along the rows:     no, no, one answer for each pupil
"""
EDITS = {
    "dead_units": [("A_.all(0)", "A_.all(1)")],
}


def evidence(exercise, yours, expected):
    """Show both answers."""
    mine, due = f"{yours.tolist()}", f"{expected.tolist()}"
    if mine == due:
        return None
    return f"In the example you answer {mine}; {due} is expected."
