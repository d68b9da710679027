"""Pure rules about organizations and people: standard library only, no ORM, no clock."""
