/** SHA-256, hexadecimal, as the scanner makes it. */
export function hashOf(bytes: Uint8Array): string {
  // Loaded here, because most questions need no hash, and it takes longer to load than they take.
  return process.getBuiltinModule('node:crypto').createHash('sha256').update(bytes).digest('hex');
}
