"""Finding what fits: vectors, words, pages."""
