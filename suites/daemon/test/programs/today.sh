#!/bin/sh
# Fills the folder $1 with FUSE libraries and programs of today, which Debian 12 has not: packages of Debian 13 and of
# unstable, unpacked beside each other and not installed (each with the C library and the loader that it takes), libfuse's
# examples built for both, and a small daemon on the Rust crate fuser. A folder that was filled before is left as it is.
set -eu
[ $# = 1 ] || { echo "usage: today.sh FOLDER" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cd "$1"
[ ! -e complete-1 ] || exit 0
folder=$(pwd)

# An apt of its own: what is installed here stays as it is.
mkdir -p apt/lists/partial apt/cache/archives/partial
cat >apt/sources.list <<'LIST'
deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian trixie main
deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian unstable main
LIST
cat >apt/conf <<CONF
Dir::State::Lists "$folder/apt/lists";
Dir::Cache "$folder/apt/cache";
Dir::Etc::SourceList "$folder/apt/sources.list";
Dir::Etc::SourceParts "-";
Acquire::Languages "none";
Acquire::Retries "2";
APT::Sandbox::User "root";
CONF
export APT_CONFIG="$folder/apt/conf"
timeout 120 apt-get update -qq

# unpacked SUITE FOLDER PACKAGE...
unpacked() {
  suite=$1 into=$folder/$2
  shift 2
  mkdir -p "$into" "apt/$suite"
  names=
  for package; do names="$names $package/$suite"; done
  # shellcheck disable=SC2086
  (cd "apt/$suite" && timeout 180 apt-get download -qq $names)
  for file in "apt/$suite"/*.deb; do dpkg -x "$file" "$into"; done
  rm -r "apt/$suite"
}
unpacked trixie debian13 libc6 libgcc-s1 libfuse3-4 libfuse3-dev gocryptfs libssl3t64 python3-pyfuse3 python3-trio python3-attr \
  python3-outcome python3-sniffio python3-sortedcontainers python3-idna python3.13-minimal libpython3.13-minimal \
  libpython3.13-stdlib libexpat1 zlib1g libzstd1 libffi8
unpacked unstable unstable libc6 libgcc-s1 libfuse3-4 libfuse3-dev gocryptfs rclone libssl3t64
rust=
for crate in fuser autocfg bitflags cfg-aliases cfg-if equivalent foldhash hashbrown indexmap libc lock-api log memchr memoffset nix \
  num-enum num-enum-derive page-size parking-lot parking-lot-core pkg-config proc-macro-crate proc-macro2 quote ref-cast \
  ref-cast-impl rustversion scopeguard serde-core serde-derive smallvec syn syn-2 toml-datetime toml-edit toml-parser toml-writer \
  unicode-ident winnow zerocopy zerocopy-derive; do rust="$rust librust-$crate-dev"; done
# shellcheck disable=SC2086
unpacked unstable rust $rust

for of in debian13 unstable; do
  root=$folder/$of
  library=$root/usr/lib/x86_64-linux-gnu
  mkdir -p "$of/examples"
  for name in hello hello_ll passthrough passthrough_fh passthrough_ll notify_inval_entry notify_inval_inode notify_store_retrieve \
    invalidate_path; do
    source=$root/usr/share/doc/libfuse3-dev/examples
    [ -e "$source/$name.c" ] || gzip -d "$source/$name.c.gz"
    # The library takes a later C library than the compiler has, and gets it when it is run.
    gcc -O1 -w -D_FILE_OFFSET_BITS=64 -I"$root/usr/include/fuse3" -I"$source" "$source/$name.c" -o "$of/examples/$name" \
      -Wl,--unresolved-symbols=ignore-in-shared-libs "$library/libfuse3.so.4" -lpthread
  done
  printf '#!/bin/sh\nexec %s --library-path %s "$@"\n' "$root/usr/lib64/ld-linux-x86-64.so.2" "$library" >"$of/run"
  chmod +x "$of/run"
done

mkdir -p fuser/.cargo
cp -r "$here/fuser_tree/." fuser
cat >fuser/.cargo/config.toml <<CARGO
[source.crates-io]
replace-with = "debian"
[source.debian]
directory = "$folder/rust/usr/share/cargo/registry"
CARGO
(cd fuser && timeout 300 cargo build -q --release --offline)
touch complete-1
