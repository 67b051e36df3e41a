// also: ofetch
// `prefixUrl` stands before every address.

function client(defaults) {
  const send = (method, url, options) => {
    const given = options || {};
    const base = given.prefixUrl || given.baseURL || (defaults || {}).prefixUrl || (defaults || {}).baseURL;
    covgap.request("http", given.method || method, covgap.join(base, url), "ky/request");
    return covgap.unknown();
  };
  return {
    covgap_call: (url, options) => send("GET", url, options),
    get: (url, options) => send("GET", url, options),
    post: (url, options) => send("POST", url, options),
    put: (url, options) => send("PUT", url, options),
    patch: (url, options) => send("PATCH", url, options),
    delete: (url, options) => send("DELETE", url, options),
    head: (url, options) => send("HEAD", url, options),
    create: (options) => client(options),
    extend: (options) => client({ ...defaults, ...options }),
  };
}

const ky = client({});
export default ky;
export const ofetch = ky;
export const $fetch = ky;
