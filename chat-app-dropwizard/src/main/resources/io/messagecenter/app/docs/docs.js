'use strict';

// Nothing is asked of any other host: neither a validator nor fonts.
SwaggerUIBundle({
  url: 'openapi.yaml',
  dom_id: '#api',
  deepLinking: true,
  validatorUrl: null,
  defaultModelsExpandDepth: 0,
  // A signed-in page is no place to try things out: what is sent and deleted here is real.
  supportedSubmitMethods: [],
});
