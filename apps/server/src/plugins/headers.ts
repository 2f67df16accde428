import { API_VERSION, HEADERS } from '@codepakt/contract';

/** No inline script or style anywhere; nothing from or to another origin. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** What every answer carries, errors too: who answers, and what a browser may not do with it. */
export function standardHeaders(version: string, instance_id: string): Record<string, string> {
  return {
    [HEADERS.version]: version,
    [HEADERS.api]: String(API_VERSION),
    [HEADERS.instance]: instance_id,
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cache-control': 'no-store',
  };
}
