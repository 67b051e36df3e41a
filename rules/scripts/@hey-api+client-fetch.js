// also: @hey-api/client-axios, @hey-api/client-next, @hey-api/client-nuxt
// The generated functions say `client.get({ url: "/items/{id}" })`.

export const createConfig = (config) => config || {};
export const createClient = (config) => {
  let settings = config || {};
  const send = (method, options) => {
    const given = options || {};
    const base = given.baseUrl || given.baseURL || settings.baseUrl || settings.baseURL;
    covgap.request("http", given.method || method, covgap.join(base, covgap.fill(given.url)), "hey-api/request");
    return covgap.unknown();
  };
  return {
    get: (options) => send("GET", options),
    post: (options) => send("POST", options),
    put: (options) => send("PUT", options),
    patch: (options) => send("PATCH", options),
    delete: (options) => send("DELETE", options),
    head: (options) => send("HEAD", options),
    options: (options) => send("OPTIONS", options),
    request: (options) => send("GET", options),
    buildUrl: (options) => covgap.join(settings.baseUrl, covgap.fill(options.url)),
    getConfig: () => settings,
    setConfig: (more) => {
      settings = { ...settings, ...more };
      return settings;
    },
    interceptors: { request: { use: () => undefined }, response: { use: () => undefined }, error: { use: () => undefined } },
    instance: covgap.unknown(),
  };
};
export const client = createClient({});
export const formDataBodySerializer = {};
export const urlSearchParamsBodySerializer = {};
export const jsonBodySerializer = {};
