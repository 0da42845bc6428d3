"""HTML: templates, words, cards, and the files that pages are made of."""
