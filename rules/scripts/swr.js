// also: swr/mutation, swr/immutable
// `useSWR("/items", fetcher)` calls the fetcher with the key.

export default function useSWR(key, fetcher) {
  const asked = covgap.call_if(key);
  if (fetcher) fetcher(asked);
  return covgap.unknown();
}
export const useSWRConfig = () => covgap.unknown();
export const mutate = () => covgap.unknown();
export const SWRConfig = covgap.unknown();
