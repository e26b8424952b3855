"""The expert pool: profiles, histories, nominations, the import, the life of an expert in it."""
