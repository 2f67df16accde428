/** Keys are forgotten in the order in which they were written: no index has to be kept for it. */
export const leanPickups = `
DROP INDEX idempotency_keys_by_age;
`;
