"""The OpenAPI description of the whole service, made from its routes, its schemas and its errors."""
