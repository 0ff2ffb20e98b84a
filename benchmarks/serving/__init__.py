"""How fast, how exactly and in how much memory a bundle is served."""
