/** Files by their path below the folder of an export. Those that end in `.sh` are programs. */
export type ExportFiles = ReadonlyMap<string, string | Uint8Array>;
