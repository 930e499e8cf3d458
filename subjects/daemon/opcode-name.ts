import { OPCODES, type Profile } from "../../spec/index.ts";

/** `GETATTR`, or the number of an opcode that has no name. */
export function opcodeName(opcode: number, profile: Profile): string {
  if (opcode === profile.opcodes.getFmap) return "GET_FMAP";
  if (opcode === profile.opcodes.getDaxdev) return "GET_DAXDEV";
  return Object.entries(OPCODES).find(([, n]) => n === opcode)?.[0] ?? `opcode ${opcode}`;
}
