"""What a thumbnail does for views or subscribers, beside what channel size and age alone say."""
