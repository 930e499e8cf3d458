/** The properties whose values are not undefined. Under exactOptionalPropertyTypes an optional one may not be undefined. */
export const present = <T extends object>(from: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(from).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
