/** What a daemon's answers are expected to be. */
import { ERRNO, type ErrnoName } from "../../../spec/index.ts";
import type { Answer } from "./asking.ts";

export const refusal = (errno: ErrnoName): Answer => ({ error: -ERRNO[errno], body: new Uint8Array(0) });

export const granted = (text = ""): Answer => ({ error: 0, body: new TextEncoder().encode(text) });

/** A nodeid that no daemon gives out. */
export const WILD = 0x7fff_ffff_0000_0001n;
