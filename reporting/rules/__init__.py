"""What reports are made of, as plain values: answers, periods, small cells."""
