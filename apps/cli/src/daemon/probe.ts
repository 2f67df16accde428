import { lostReason } from '@codepakt/api-client';
import { createNodeTransport } from '@codepakt/api-client/node';
import { HEADERS } from '@codepakt/contract/light';

/** Who answers at an address. A codepakt server tells this by its headers, also to whom it does not let in. */
export type Probe =
  | { who: 'codepakt'; instance_id: string; version: string; api_version: number }
  | { who: 'another program' }
  | { who: 'nobody' }
  | { who: 'no answer' };

export async function probe(url: string, timeout_ms = 2_000): Promise<Probe> {
  try {
    const transport = createNodeTransport(url, { timeout_ms });
    const { headers } = await transport.send({ method: 'GET', path: '/health', headers: {} });
    const instance_id = headers[HEADERS.instance];
    const version = headers[HEADERS.version];
    if (instance_id === undefined || version === undefined) return { who: 'another program' };
    return { who: 'codepakt', instance_id, version, api_version: Number(headers[HEADERS.api]) };
  } catch (error) {
    const reason = lostReason(error);
    if (reason === 'refused') return { who: 'nobody' };
    if (reason === 'not_codepakt') return { who: 'another program' };
    if (reason === 'lost' || reason === 'timeout') return { who: 'no answer' };
    throw error;
  }
}
