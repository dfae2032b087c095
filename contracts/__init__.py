"""The language of the house: what its services say to each other."""
