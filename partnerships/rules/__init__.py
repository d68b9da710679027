"""Pure rules of partnerships: standard library only, no ORM, no clock."""
