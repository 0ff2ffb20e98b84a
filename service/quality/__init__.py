"""How good the answers are: second looks, controls, agreement between moderators."""
