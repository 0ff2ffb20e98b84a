"""How requests arrive at the web server: whole, in time, and within bounds."""
