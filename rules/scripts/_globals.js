// What every script has without an import: the platform's own ways to send something.

export function fetch(input, init) {
  const options = init || covgap.known(input) || {};
  covgap.request("http", options.method || "GET", input, "fetch/request");
  return covgap.unknown();
}

export function $fetch(input, init) {
  const options = init || {};
  covgap.request("http", options.method || "GET", covgap.join(options.baseURL, input), "fetch/request");
  return covgap.unknown();
}
export function useFetch(input, init) {
  const url = covgap.call_if(input);
  return $fetch(url, init);
}
export const useLazyFetch = useFetch;

export class Request {
  constructor(url, init) {
    this.method = (init || {}).method;
    this.href = url;
  }
}

export class WebSocket {
  constructor(url) {
    covgap.request("websocket", "", url, "websocket/connect");
    return covgap.unknown();
  }
}

export class EventSource {
  constructor(url) {
    covgap.request("http", "GET", url, "fetch/event-source");
    return covgap.unknown();
  }
}

export class XMLHttpRequest {
  open(method, url) {
    covgap.request("http", method, url, "fetch/xml-http-request");
  }
}

export class URL {
  constructor(path, base) {
    this.href = covgap.join(base, path);
    this.pathname = this.href;
    this.origin = covgap.environment();
    this.host = covgap.environment();
    this.protocol = covgap.environment();
    this.searchParams = covgap.unknown();
    this.search = "";
  }
  toString() {
    return this.href;
  }
  toJSON() {
    return this.href;
  }
}

export function String(value) {
  return covgap.text(value);
}
export function encodeURIComponent(value) {
  return covgap.text(value);
}
export const encodeURI = encodeURIComponent;
export const decodeURIComponent = encodeURIComponent;

export const Object = {
  assign: (target, ...sources) => covgap.assign(target, ...sources),
  freeze: (value) => value,
  keys: (value) => covgap.keys(value),
  values: (value) => covgap.values(value),
  entries: (value) => covgap.entries(value),
  fromEntries: (value) => covgap.from_entries(value),
  create: () => covgap.unknown(),
  defineProperty: (value) => value,
};

export const Promise = {
  all: (values) => values,
  allSettled: (values) => values,
  race: (values) => values,
  any: (values) => values,
  resolve: (value) => value,
  reject: () => covgap.unknown(),
  covgap_call: () => covgap.unknown(),
};

const environment = covgap.environment();
export const process = { env: environment, cwd: () => covgap.unknown() };
export const import_meta = { env: environment, url: covgap.unknown(), dirname: covgap.unknown() };
export const location = {
  origin: "http://localhost",
  host: "localhost",
  hostname: "localhost",
  protocol: "http:",
  port: "",
  href: environment,
  pathname: covgap.unknown(),
  search: covgap.unknown(),
};
export const navigator = {
  sendBeacon: (url) => covgap.request("http", "POST", url, "fetch/beacon"),
};
export const window = {
  location,
  fetch,
  WebSocket,
  EventSource,
  navigator,
  setTimeout: (f) => covgap.unknown(),
};
export const globalThis = window;
export const self = window;
export const document = covgap.unknown();
export const JSON = { stringify: () => covgap.unknown(), parse: () => covgap.unknown() };
export const structuredClone = (value) => value;
export function setTimeout() {
  return covgap.unknown();
}
export function useRuntimeConfig() {
  return { public: environment };
}
export function defineNuxtConfig(value) {
  return value;
}

const doubles = covgap.open({ mock: (path) => covgap.mock(path), doMock: (path) => covgap.mock(path) });
export const jest = doubles;
export const vi = doubles;
const run = (name, second, third) => {
  if (third) covgap.call_if(third);
  else covgap.call_if(second);
};
export const describe = covgap.open({ covgap_call: run, only: run, skip: () => undefined });
export const it = covgap.open({ covgap_call: run, only: run, skip: () => undefined, todo: () => undefined });
export const test = it;
export const beforeEach = (f) => covgap.call_if(f);
export const beforeAll = (f) => covgap.call_if(f);
export const cy = covgap.open({
  visit: (url) => covgap.visit(url),
});
