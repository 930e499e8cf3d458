// A small FUSE daemon with one fault: node misbehaving.mjs FAULT /dev/fd/N. It answers GETATTR with zeros, FORGET and
// INTERRUPT not at all and the rest with ENOSYS, one request at a time.
import { spawn } from "node:child_process";
import { closeSync, readSync, writeSync } from "node:fs";
import { Socket } from "node:net";

const [fault, mountpoint] = process.argv.slice(2);
const channel = Number(mountpoint.split("/").pop());
const OPCODES = { forget: 2, getattr: 3, init: 26, interrupt: 36, batchForget: 42 };
const ENOSYS = 38;

function reply(unique, { error = 0, body = Buffer.alloc(0), len = 16 + body.length } = {}) {
  const header = Buffer.alloc(16);
  header.writeUInt32LE(len, 0);
  header.writeInt32LE(error, 4);
  header.writeBigUInt64LE(unique, 8);
  return Buffer.concat([header, body]);
}

/** SEQPACKET: all or nothing; stream: until all is written. */
function write(bytes) {
  let done = 0;
  do done += writeSync(channel, bytes, done);
  while (done < bytes.length);
}

function initBody(minor = 31, size = 64, major = 7) {
  const body = Buffer.alloc(64);
  body.writeUInt32LE(major, 0);
  body.writeUInt32LE(minor, 4);
  body.writeUInt32LE(65536, 20);
  return body.subarray(0, size);
}

const pause = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
const attr = Buffer.alloc(104);
const good = (unique) => reply(unique, { body: attr });

function flood(bytes) {
  for (;;) write(bytes);
}

/** A grandchild that holds the channel and waits. */
function leave(env) {
  const extra = new Array(channel - 3).fill("ignore");
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], {
    detached: true,
    env,
    stdio: ["ignore", "ignore", "ignore", ...extra, channel],
  });
  console.log(`left ${child.pid}`);
  child.unref();
}

/** Requests until now. */
let asked = 0;

/** Requests of which the answers come in reverse. */
const held = [];
const REVERSED = 8;

const onInit = {
  "init-silent": () => {},
  "init-garbage": (unique) => write(Buffer.alloc(64, 0xa5).fill(reply(unique).subarray(8), 8, 16)),
  "init-noise": () => write(Buffer.alloc(64, 0xa5)),
  "init-short": (unique) => write(reply(unique, { body: Buffer.alloc(4) })),
  "init-long": (unique) => write(reply(unique, { body: Buffer.alloc(72) })),
  "init-error": (unique) => write(reply(unique, { error: -71 })),
  "init-major-8": (unique) => write(reply(unique, { body: initBody(0, 8, 8) })),
  "init-major-6": (unique) => write(reply(unique, { body: initBody(1, 8, 6) })),
  "init-8-bytes": (unique) => write(reply(unique, { body: initBody(4, 8) })),
  "init-24-bytes": (unique) => write(reply(unique, { body: initBody(22, 24) })),
  // What was offered comes back.
  "echo-init": (unique, request) => {
    const body = initBody(request.readUInt32LE(44));
    if (request.length >= 56) body.writeUInt32LE(request.readUInt32LE(52), 12);
    if (request.length >= 60) body.writeUInt32LE(request.readUInt32LE(56), 32);
    write(reply(unique, { body }));
  },
  "init-crash": () => process.kill(process.pid, "SIGSEGV"),
};

const onGetattr = {
  loud(unique) {
    const noise = Buffer.alloc(1 << 20, "x");
    // Once is enough to fill a disk.
    for (let mib = 0; asked === 0 && mib < 1024; mib++) writeSync(2, noise);
    asked++;
    write(good(unique));
  },
  thousandfold: (unique) => {
    for (let n = 0; n < 1000; n++) write(good(unique));
  },
  "crash-each-third": (unique) =>
    ++asked % 3 === 0 ? process.kill(process.pid, "SIGSEGV") : write(good(unique)),
  silent: () => {},
  late: (unique) => {
    pause(400);
    write(good(unique));
  },
  "too-long": (unique) => write(reply(unique, { body: attr, len: 4096 })),
  "too-short": (unique) => write(reply(unique, { body: attr, len: 116 })),
  "far-too-long": (unique) => write(reply(unique, { body: attr, len: 0x7fffffff })),
  "length-0": (unique) => write(reply(unique, { body: attr, len: 0 })),
  tiny: (unique) => write(good(unique).subarray(0, 8)),
  empty: (unique) => {
    writeSync(channel, Buffer.alloc(0));
    write(good(unique));
  },
  unknown: (unique) => {
    write(good(unique + 1000n));
    write(good(unique));
  },
  twice: (unique) => {
    write(good(unique));
    write(good(unique));
  },
  "positive-errno": (unique) => write(reply(unique, { error: 5 })),
  "errno-512": (unique) => write(reply(unique, { error: -512 })),
  "body-with-error": (unique) => write(reply(unique, { error: -5, body: attr })),
  notification: (unique) => {
    write(reply(0n, { error: 2, body: Buffer.alloc(24) }));
    write(good(unique));
  },
  "notification-0": (unique) => {
    write(reply(0n));
    write(good(unique));
  },
  split: (unique) => {
    const bytes = reply(unique, { body: Buffer.alloc(200_000, 7) });
    for (let at = 0; at < bytes.length; at += 65_536) write(bytes.subarray(at, at + 65_536));
  },
  large: (unique) => write(reply(unique, { body: Buffer.alloc(200_000, 7) })),
  reversed: (unique) => {
    if (held.push(unique) < REVERSED) return;
    for (const one of held.splice(0).reverse()) write(good(one));
  },
  flood: () => flood(good(1n << 40n)),
  "flood-noise": () => flood(Buffer.alloc(4096, 0xff)),
  close: () => {
    closeSync(channel);
    setInterval(() => {}, 1000);
    return "stay";
  },
  hang: () => pause(1 << 30),
  exit: () => process.exit(3),
  crash: () => process.kill(process.pid, "SIGABRT"),
  "last-words": (unique) => {
    write(good(unique));
    process.kill(process.pid, "SIGKILL");
  },
  leave: () => {
    leave({ ...process.env });
    process.exit(0);
  },
  "leave-unmarked": () => {
    leave({});
    process.exit(0);
  },
};

/** Reads the channel from an event loop, and as libfuse only the first request of what it reads. */
function poll() {
  const socket = new Socket({ fd: channel });
  socket.on("data", (chunk) => serve(chunk));
  socket.on("end", () => process.exit(0));
}

/** Returns whether to go on reading. */
function serve(request) {
  const opcode = request.readUInt32LE(4);
  const unique = request.readBigUInt64LE(8);
  switch (opcode) {
    case OPCODES.init:
      (onInit[fault] ?? (() => write(reply(unique, { body: initBody() }))))(unique, request);
      return fault !== "die-idle";
    case OPCODES.getattr:
      return (onGetattr[fault] ?? (() => write(good(unique))))(unique) !== "stay";
    case OPCODES.interrupt:
      if (fault === "interrupt-again") write(reply(unique, { error: -11 }));
      if (fault === "interrupt-body") write(good(unique));
      return true;
    case OPCODES.forget:
    case OPCODES.batchForget:
      if (fault === "answers-forget") write(reply(unique));
      return true;
    default:
      write(reply(unique, { error: -ENOSYS }));
      return true;
  }
}

function readAndServe() {
  const buffer = Buffer.alloc(1 << 20);
  for (;;) {
    const length = readSync(channel, buffer, 0, buffer.length, null);
    if (length === 0 || !serve(buffer.subarray(0, length))) return;
  }
}

console.log(`fault: ${fault}`);
if (fault === "die-idle") setTimeout(() => process.exit(3), 100);
if (fault === "polls") poll();
else readAndServe();
