export function fetchEventSource(url, options) {
  const given = options || {};
  covgap.request("http", given.method || "GET", url, "fetch/event-source");
  return covgap.unknown();
}
