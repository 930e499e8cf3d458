#!/bin/sh
# Makes in the folder $1 what the programs of table.ts serve: a small tree, and images and archives of it. A tool that is
# missing makes none of its files: the programs that take them are skipped, or fail in CI, for want of the same package.
cd "$1" || exit 1
have() { command -v "$1" >/dev/null; }
# Where there is next to nothing, no program of the table is either.
for tool in mkdir head ln tar cp truncate; do have $tool || exit 0; done

mkdir -p tree/folder tree/many empty upper work
printf 'some bytes' >tree/file
: >tree/folder/other
head -c 200000 /dev/zero >tree/folder/large
ln -s file tree/link
ln tree/file tree/second
i=0
while [ $i -lt 60 ]; do i=$((i + 1)); echo $i >tree/many/name-$i; done

tar -C tree -cf tree.tar file folder link many
# As most archives of a whole folder: its names begin with ./
tar -C tree -cf dot.tar .
have zip && (cd tree && zip -qr ../tree.zip file folder many)
have mksquashfs && mksquashfs tree tree.sqfs -quiet -noappend -no-progress >/dev/null
have genisoimage && genisoimage -quiet -R -o tree.iso tree
if have mkfs.ext4; then truncate -s 8M tree.ext4 && mkfs.ext4 -q -d tree tree.ext4; fi
if have mkfs.exfat; then truncate -s 8M tree.exfat && mkfs.exfat tree.exfat >/dev/null; fi
if have mkntfs; then truncate -s 8M tree.ntfs && mkntfs -q -F tree.ntfs >/dev/null 2>&1; fi

echo password >password
mkdir -p cipher plain encrypted
cp -r tree/. plain
if have gocryptfs; then
  gocryptfs -q -init -scryptn 10 -passfile password cipher
  gocryptfs -q -init -reverse -scryptn 10 -passfile password plain
fi
exit 0
