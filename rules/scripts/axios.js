// A client whose `baseURL` stands before every address; what an interceptor makes of a request is sent.

class Instance {
  constructor(defaults) {
    this.defaults = defaults || {};
    this.handlers = [];
    this.interceptors = {
      request: { use: (handler) => this.handlers.push(handler), eject: () => undefined },
      response: { use: () => undefined, eject: () => undefined },
    };
    this.covgap_call = (first, second) => {
      const config = second || (first.url ? first : {});
      return this.send(config.method || "GET", first.url || first, config);
    };
  }
  send(method, url, config) {
    const options = config || {};
    let asked = { url, method, headers: {}, params: {}, baseURL: options.baseURL ?? this.defaults.baseURL };
    this.handlers.forEach((handler) => {
      const made = handler(asked);
      if (made && made.url) asked = made;
    });
    covgap.request("http", method, covgap.join(asked.baseURL, asked.url), "axios/request");
    return covgap.unknown();
  }
  request(config) {
    return this.send(config.method || "GET", config.url, config);
  }
  get(url, config) {
    return this.send("GET", url, config);
  }
  delete(url, config) {
    return this.send("DELETE", url, config);
  }
  head(url, config) {
    return this.send("HEAD", url, config);
  }
  options(url, config) {
    return this.send("OPTIONS", url, config);
  }
  post(url, data, config) {
    return this.send("POST", url, config);
  }
  put(url, data, config) {
    return this.send("PUT", url, config);
  }
  patch(url, data, config) {
    return this.send("PATCH", url, config);
  }
  postForm(url, data, config) {
    return this.send("POST", url, config);
  }
  getUri(config) {
    return covgap.join(this.defaults.baseURL, config.url);
  }
  $get(url, config) {
    return this.send("GET", url, config);
  }
  $post(url, data, config) {
    return this.send("POST", url, config);
  }
  $put(url, data, config) {
    return this.send("PUT", url, config);
  }
  $delete(url, config) {
    return this.send("DELETE", url, config);
  }
  create(config) {
    return new Instance(config);
  }
  isAxiosError() {
    return covgap.unknown();
  }
  isCancel() {
    return covgap.unknown();
  }
}

const axios = new Instance({});
export default axios;
export const Axios = Instance;
export const create = (config) => new Instance(config);
export const isAxiosError = () => covgap.unknown();
export const AxiosError = covgap.unknown();
export const AxiosHeaders = covgap.unknown();
export const CancelToken = covgap.unknown();
