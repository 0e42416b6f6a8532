"""Maps of any place on Earth, offline: the projection, shorelines, borders and cities."""
