"""What a bundle promises: cross-fitting, calibration, thresholds, what was held back."""
