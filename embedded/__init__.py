"""The services and chores of a development machine, for dev.py alone; production imports none of it."""
