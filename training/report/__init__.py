"""How good a bundle is: metrics, card, charts, report, predictions."""
