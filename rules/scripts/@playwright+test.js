// also: playwright/test, playwright
// A test is given a page; `page.goto` opens an address.

const locator = covgap.unknown();
class Page {
  goto(url) {
    covgap.visit(url);
    return covgap.unknown();
  }
  waitForURL() {
    return covgap.unknown();
  }
}
const request = {
  get: (url) => covgap.request("http", "GET", url, "playwright/request"),
  post: (url) => covgap.request("http", "POST", url, "playwright/request"),
  put: (url) => covgap.request("http", "PUT", url, "playwright/request"),
  patch: (url) => covgap.request("http", "PATCH", url, "playwright/request"),
  delete: (url) => covgap.request("http", "DELETE", url, "playwright/request"),
};
const given = () => covgap.open({ page: new Page(), request, browser, context: browser });
const browser = covgap.open({ newPage: () => new Page(), newContext: () => browser, launch: () => browser });
const run = (name, second, third) => {
  if (third) third(given());
  else if (second) second(given());
};
const describe = (name, second, third) => {
  if (third) third();
  else if (second) second();
};
describe.configure = 1;
export const test = {
  covgap_call: run,
  only: run,
  fixme: run,
  slow: () => undefined,
  skip: () => undefined,
  use: () => undefined,
  describe: { covgap_call: describe, serial: describe, parallel: describe, only: describe, configure: () => undefined },
  beforeEach: (first, second) => run("", first, second),
  beforeAll: (first, second) => run("", first, second),
  afterEach: (first, second) => run("", first, second),
  afterAll: (first, second) => run("", first, second),
  step: (name, body) => body(),
  extend: () => test,
};
export const setup = test;
export const expect = covgap.unknown();
export const chromium = browser;
export const firefox = browser;
export const webkit = browser;
export const defineConfig = (config) => config;
export const devices = covgap.unknown();
export default { test, expect, chromium, firefox, webkit };
