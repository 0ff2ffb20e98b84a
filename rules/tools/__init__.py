"""What developers run: the commands of ``python -m rules``, fuzzing, scoring, word lists."""
