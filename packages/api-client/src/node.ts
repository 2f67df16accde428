export { createNodeTransport, type NodeTransportOptions } from './net-transport.ts';
