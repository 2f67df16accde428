/** Does work that is cut into slices at one go; answers what it comes to. */
export function toEnd<Result>(slices: Generator<unknown, Result>): Result {
  for (;;) {
    const { done, value } = slices.next();
    if (done === true) return value;
  }
}
