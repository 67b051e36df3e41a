// `request(OpenAPI, { method: "GET", url: "/items/{id}" })`, which every generated service ends in.

export const request = (config, options) => {
  covgap.request("http", options.method || "GET", covgap.join(config.BASE, covgap.fill(options.url)), "openapi-codegen/request");
  return covgap.unknown();
};
