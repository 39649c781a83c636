"""The protocol between judge and worker: length-prefixed frames of a closed set of messages."""
