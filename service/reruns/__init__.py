"""Background runs of rules over stored posts: backtests and rejudgements."""
