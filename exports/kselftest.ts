import type { Profile } from "../spec/index.ts";
import type { ExportFiles } from "./files.ts";

/** Seconds after which the runner of the selftests gives up. A quick run takes several seconds on a kernel with KASAN. */
const TIMEOUT = 300;

/** A fixed seed, so that results stay comparable over years. */
const SEED = 1;

const RUNNER = ({ name }: Profile) => `#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Holds fs/fuse's GET_FMAP against ${name}. FMAPSPEC: the command, where it is not fmapspec in PATH.
fmapspec=\${FMAPSPEC:-fmapspec}
if ! command -v "\${fmapspec%% *}" > /dev/null 2>&1; then
	echo "TAP version 13"
	echo "1..0 # SKIP there is no \${fmapspec%% *}: npm install -g fmapspec, or set FMAPSPEC"
	exit 4
fi
out=$(mktemp -d) || exit 1
trap 'rm -rf "$out"' EXIT
$fmapspec kernel --profile ${name} --seed ${SEED} --out "$out" --kselftest
`;

const MAKEFILE = `# SPDX-License-Identifier: GPL-2.0
TEST_PROGS := famfs_fmap.sh
TEST_FILES := settings
include ../../lib.mk
`;

/** A folder for tools/testing/selftests/filesystems/: runner script, time limit, and the options that the kernel needs. */
export const kselftestFolder = (profile: Profile): ExportFiles =>
  new Map([
    ["Makefile", MAKEFILE],
    ["settings", `timeout=${TIMEOUT}\n`],
    ["config", "CONFIG_FUSE_FS=y\nCONFIG_FUSE_FAMFS_DAX=y\n"],
    ["famfs_fmap.sh", RUNNER(profile)],
  ]);
