#!/usr/bin/env bash
# backup.sh FOLDER KEEP: a backup for whoever holds the private half of FOLDER/recipient.txt (age-keygen -y), or plain
# where there is no such file; of these the newest KEEP stay. What is not whole is never put among them.
set -euo pipefail
folder=$1 keep=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
umask 077
name=siaga-$(date -u +%Y%m%d-%H%M%S).tar.gz
half=$(mktemp -d "$folder/.half-XXXXXX")
trap 'rm -rf "$half"' EXIT
"$here/run.sh" admin backup "$half/$name" >/dev/null
if [ -f "$folder/recipient.txt" ]; then
  age --encrypt --recipients-file "$folder/recipient.txt" --output "$half/$name.age" "$half/$name"
  name=$name.age
fi
mv "$half/$name" "$folder/"
echo "$folder/$name"
find "$folder" -maxdepth 1 -name 'siaga-*.tar.gz*' | sort -r | tail -n +$((keep + 1)) | while read -r old; do rm -- "$old"; done
