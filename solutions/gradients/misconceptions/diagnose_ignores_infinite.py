"""You do not look whether all entries are finite: with a NaN no comparison is true."""

HINT = "NaN < low and NaN > high are both False, so such a profile falls through. Ask for torch.isfinite first."
QUESTION = "What do float('nan') < 1 and float('nan') > 1 give in Python?"
WORKED = """
A thermometer is broken and says NaN: "below 0 is frost, above 30 is heat, all else is mild" calls it mild.
The first question has to be: is it a number at all?
"""
EDITS = {"diagnose": [("if not torch.isfinite(profile).all():\n    *A_", "")]}
