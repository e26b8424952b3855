"""Who may not judge whom, and why: connections, what people said, requests of enterprises."""
