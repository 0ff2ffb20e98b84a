"""The sets of photographs that show the same picture, which campaigns are made of."""
