// also: @reduxjs/toolkit/query, @rtk-query/react
// `builder.query({ query: (id) => `/items/${id}` })` behind `baseUrl`.

export const fetchBaseQuery = (options) => ({
  covgap_base: (options || {}).baseUrl || "",
  covgap_call: (asked) => send((options || {}).baseUrl || "", asked, "GET"),
});

function send(base, asked, method) {
  covgap.request("http", asked?.method || method, covgap.join(base, asked?.url || asked), "redux-query/request");
  return covgap.unknown();
}

export const createApi = (options) => {
  const base = options.baseQuery.covgap_base;
  const endpoint = (given) => {
    if (given.query) send(base, given.query(covgap.parameter()), "GET");
    return covgap.unknown();
  };
  const builder = { query: endpoint, mutation: endpoint, infiniteQuery: endpoint };
  const api = covgap.open({
    injectEndpoints: (more) => {
      if (more.endpoints) more.endpoints(builder);
      return covgap.unknown();
    },
    enhanceEndpoints: () => api,
  });
  if (options.endpoints) options.endpoints(builder);
  return api;
};
export const retry = (query) => query;
export const buildCreateApi = () => createApi;
export const setupListeners = () => undefined;
