-- Searches that people have named, each for one actor in one property.
CREATE TABLE innards_server_filter (
    tenant   TEXT NOT NULL,
    property TEXT NOT NULL,
    actor    TEXT NOT NULL,
    name     TEXT COLLATE "C" NOT NULL,
    query    TEXT NOT NULL,     -- of the search page's address
    PRIMARY KEY (tenant, property, actor, name)
);
