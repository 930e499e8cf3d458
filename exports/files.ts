/** Files by their path in the folder of an export. A `.sh` file is made executable. */
export type ExportFiles = ReadonlyMap<string, string | Uint8Array>;
