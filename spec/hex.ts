/** Bytes as two small digits each, as documents hold them. */
export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
