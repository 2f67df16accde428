import {
  createClient,
  createFetchTransport,
  lostReason,
  type Transport,
} from '@codepakt/api-client';
import { CodepaktError } from '@codepakt/contract';
import { QueryClient } from '@tanstack/react-query';

/** The one way to the server: every endpoint of the contract, on the page's own address. */
export const client = createClient(withLogin(createFetchTransport()));

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // The event stream says what is old; asking again at every focus would only repeat it.
      staleTime: Number.POSITIVE_INFINITY,
      refetchOnWindowFocus: false,
      retry: (count, error) => count < 2 && lostReason(error) !== undefined,
      retryDelay: 400,
    },
    mutations: { retry: false },
  },
});

/** A server that asks for a token has a page for it, and leads back from there. */
function withLogin(transport: Transport): Transport {
  const watch = (status: number) => {
    if (status !== 401) return;
    const here = location.pathname + location.search;
    location.assign(`/login?next=${encodeURIComponent(here)}`);
  };
  return {
    async send(request) {
      const answer = await transport.send(request);
      watch(answer.status);
      return answer;
    },
    async open(request) {
      const answer = await transport.open(request);
      watch(answer.status);
      return answer;
    },
  };
}

/** What an error says to a person: what happened, and what to do about it. */
export function describeError(error: unknown): { message: string; hint: string | undefined } {
  if (lostReason(error) !== undefined) {
    return { message: 'The server can’t be reached.', hint: 'Start it with `cpk server start`.' };
  }
  if (error instanceof CodepaktError) return { message: error.message, hint: error.hint };
  return { message: error instanceof Error ? error.message : String(error), hint: undefined };
}
