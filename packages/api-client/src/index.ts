export { type CallOptions, type Client, createClient } from './client.ts';
export { createFetchTransport } from './fetch-transport.ts';
export { lost, lostReason } from './to-error.ts';
export type {
  LostReason,
  Transport,
  TransportAnswer,
  TransportRequest,
  TransportStream,
} from './transport.ts';
