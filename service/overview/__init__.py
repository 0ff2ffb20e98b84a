"""How the service is doing: figures of posts, cases, reviews, labels and callbacks, from SQL."""
