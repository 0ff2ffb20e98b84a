"""How good recommendations are: each person's last liked item, kept back and looked for."""
