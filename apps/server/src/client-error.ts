import type { Socket } from 'node:net';
import { CodepaktError, type ErrorCode } from '@codepakt/contract';
import { PROBLEM_TYPE, toProblem } from './error-handler.ts';

const KNOWN: Record<string, [code: ErrorCode, message: string]> = {
  HPE_HEADER_OVERFLOW: ['headers_too_large', 'the headers of the request are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['request_timeout', 'the request took too long to arrive'],
};

/** As Node has it: with what had arrived. */
interface ClientError extends NodeJS.ErrnoException {
  rawPacket?: Buffer;
}

/** Answers what never became a request, and so reaches no hook and no handler. */
export function clientErrorHandler(
  headers: Readonly<Record<string, string>>,
): (error: NodeJS.ErrnoException, socket: Socket) => void {
  return (error, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const [code, message] = KNOWN[error.code ?? ''] ?? ['malformed_body', 'this is not HTTP/1.1'];
    const problem = toProblem(new CodepaktError(code, message));
    const body = JSON.stringify(problem);
    const lines = [
      `HTTP/1.1 ${problem.status} ${problem.title}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      `content-type: ${PROBLEM_TYPE}`,
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
    ];
    const isHead = (error as ClientError).rawPacket?.subarray(0, 5).toString('latin1') === 'HEAD ';
    socket.end(`${lines.join('\r\n')}\r\n\r\n${isHead ? '' : body}`);
  };
}
