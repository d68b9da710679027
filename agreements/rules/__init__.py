"""What agreements obey: kinds, moves, clock, clarity. Plain Python, without Django and without a clock."""
