-- Once, on any node. The user needs no privilege: everybody may ask for the status of a server.
CREATE USER IF NOT EXISTS 'galera_check'@'localhost' IDENTIFIED BY 'change-me';
