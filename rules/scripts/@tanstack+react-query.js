// also: react-query, @tanstack/vue-query, @tanstack/svelte-query
// Queries run their function; what they give is not known.

const run = (options) => covgap.unknown();
export const useQuery = run;
export const useSuspenseQuery = run;
export const useInfiniteQuery = run;
export const useMutation = run;
export const useQueries = run;
export const queryOptions = (options) => options;
export const infiniteQueryOptions = (options) => options;
export const mutationOptions = (options) => options;
export const useQueryClient = () => covgap.unknown();
export class QueryClient {}
export class QueryCache {}
export class MutationCache {}
export const QueryClientProvider = covgap.unknown();
export const HydrationBoundary = covgap.unknown();
export const keepPreviousData = covgap.unknown();
export const useIsFetching = run;
export const useIsMutating = run;
export const dehydrate = run;
export const skipToken = covgap.unknown();
