"""A folder of projects to import: what its files say, office by office (folder), and the words of its faults."""
