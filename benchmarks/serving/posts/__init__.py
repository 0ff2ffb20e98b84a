"""How many posts a second are decided, from the webhook to the commit, and what each costs."""
