"""Finding things by what people remember of them: words, their beginnings, aliases, identifiers, misspelled names."""
