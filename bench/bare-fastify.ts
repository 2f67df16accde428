// What Fastify alone makes of the same route: the body is checked against the same schema, and the
// answer has the size of a real one. No database, no guards, no log.
import type { AddressInfo } from 'node:net';
import { endpoints, validatorOf } from '@codepakt/contract';
import { fastify } from 'fastify';

const { pickUp } = endpoints.tasks;
const validator = validatorOf(pickUp.body);
const app = fastify();
app.route({
  method: pickUp.method,
  url: pickUp.path.replace(/\{(\w+)\}/g, ':$1'),
  handler: async (request, reply) => {
    if (!validator.Check(request.body)) return reply.code(422).send();
    return answer;
  },
});

let answer: unknown;
process.once('message', async (example: unknown) => {
  answer = example;
  await app.listen({ host: '127.0.0.1', port: 0 });
  process.send?.((app.server.address() as AddressInfo).port);
});
process.once('disconnect', () => process.exit(0));
