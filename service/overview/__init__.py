"""The figures of the overview: posts, cases, reviews, labels and callbacks."""
