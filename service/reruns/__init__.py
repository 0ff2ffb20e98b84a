"""Rules asked again about stored posts, in the background: backtests, and re-judging."""
