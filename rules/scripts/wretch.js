// Addresses are put one behind the other; the verb that ends the chain may bring a last piece.

function client(base) {
  const send = (method, rest) => {
    covgap.request("http", method, rest ? `${base}${rest}` : base, "wretch/request");
    return covgap.unknown();
  };
  const same = () => client(base);
  return {
    url: (path, replaces) => client(replaces ? path : `${base}${path}`),
    get: (rest) => send("GET", rest),
    head: (rest) => send("HEAD", rest),
    opts: (rest) => send("OPTIONS", rest),
    delete: (rest) => send("DELETE", rest),
    post: (body, rest) => send("POST", rest),
    put: (body, rest) => send("PUT", rest),
    patch: (body, rest) => send("PATCH", rest),
    addon: same,
    auth: same,
    body: same,
    catcher: same,
    content: same,
    defer: same,
    errorType: same,
    headers: same,
    json: same,
    middlewares: same,
    options: same,
    query: same,
    resolve: same,
  };
}

export default function wretch(base) {
  return client(base || "");
}
