"""Rules, their values for images, and the verdicts that follow with reasons."""
