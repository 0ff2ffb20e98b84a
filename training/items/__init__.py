"""Items with words and pictures: from films to an item bundle, and what it is worth."""
