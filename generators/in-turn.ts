/** One item of each source in turn, until all sources are at their end. */
export function* inTurn<T>(...sources: Iterator<T>[]): Generator<T> {
  for (let left = sources; left.length > 0; ) {
    const going: Iterator<T>[] = [];
    for (const source of left) {
      const { value, done } = source.next();
      if (done) continue;
      yield value;
      going.push(source);
    }
    left = going;
  }
}
