"""Your parameter has another name than weight."""

HINT = "The name of the attribute is the name of the parameter, and a saved layer is loaded by that name."
QUESTION = "Which keys does layer.state_dict() have for your layer?"
WORKED = """
class A has self.k = nn.Parameter(torch.ones(2)), class B has self.gain = nn.Parameter(torch.ones(2)).
  A().state_dict() has the key "k", B().state_dict() has the key "gain"
  B().load_state_dict(A().state_dict()) raises an error: the numbers fit, but the names do not
"""
EDITS = {
    "PReLU": [("self.weight = A_", "self.slope = A_"), ("self.weight.reshape(*A_)", "self.slope.reshape(*A_)")],
}
