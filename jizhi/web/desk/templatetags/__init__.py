"""Words of the desk's pages, as tags and filters. Nothing here decides or queries."""
