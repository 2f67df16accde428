/** Whether a file is a copy of somebody else's, kept in the project. */
export function isVendored(path: string): boolean {
  return VENDORED.test(path);
}

const VENDORED = /(?:^|\/)(?:vendor|third_party)\//;

/** The same of `p`, a path. */
export const IS_VENDORED = `(${['vendor', 'third_party']
  .flatMap((folder) => [`p.path GLOB '${folder}/*'`, `p.path GLOB '*/${folder}/*'`])
  .join(' OR ')})`;
