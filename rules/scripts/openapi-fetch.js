// `client.GET("/items/{id}")`: templates of the schema, behind `baseUrl`.

export default function createClient(options) {
  const base = (options || {}).baseUrl;
  const send = (method, path) => {
    covgap.request("http", method, covgap.join(base, covgap.fill(path)), "openapi-fetch/request");
    return covgap.unknown();
  };
  return {
    GET: (path) => send("GET", path),
    PUT: (path) => send("PUT", path),
    POST: (path) => send("POST", path),
    DELETE: (path) => send("DELETE", path),
    OPTIONS: (path) => send("OPTIONS", path),
    HEAD: (path) => send("HEAD", path),
    PATCH: (path) => send("PATCH", path),
    TRACE: (path) => send("TRACE", path),
    use: () => undefined,
    eject: () => undefined,
  };
}
export const createPathBasedClient = createClient;
