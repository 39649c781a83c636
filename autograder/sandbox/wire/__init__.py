"""The one language that judge and worker share: length-prefixed frames of a closed set of messages."""
