"use strict";

SwaggerUIBundle({
  url: "/openapi.json",
  domNode: document.getElementById("docs"),
  deepLinking: true,
  docExpansion: "list",
  // Nothing is sent elsewhere, and no token is kept when the page is left.
  validatorUrl: null,
  persistAuthorization: false,
});
