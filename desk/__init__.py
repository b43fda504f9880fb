"""The editors' web pages and the HTTP API over a store of suggestions and decisions."""
