"""Pages anybody may read: villages, the points scheme in plain words, the posted notices, how to object."""
