/** Whether a file is a copy of somebody else's, kept in the project. */
export function isVendored(path: string): boolean {
  return VENDORED.test(path);
}

const VENDORED = /(?:^|\/)(?:vendor|third_party)\//;
