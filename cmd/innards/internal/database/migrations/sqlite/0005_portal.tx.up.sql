-- What the server signs with, such as the links of guests. Who can read it can make such links.
CREATE TABLE innards_server_secret (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
