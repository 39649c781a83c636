"""Your list is in reverse: the last weight's gradient comes first."""

HINT = "Backpropagation finds the gradients from the last to the first; what is asked for is the order of the weights."
QUESTION = "Which weight does the first entry of your list belong to?"
WORKED = """
A train stops at A, B, C and comes back. On the way back it notes the passengers: C 5, B 7, A 2.
The timetable asks for A, B, C: 2, 7, 5. How can a list that was made from the end be put in order?
"""
EDITS = {
    "chain_gradient": [("return gradients", "return gradients[::-1]")],
}
