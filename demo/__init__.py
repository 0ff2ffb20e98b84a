"""Demo posts of real photographs: where they come from and what their verdicts should be."""
