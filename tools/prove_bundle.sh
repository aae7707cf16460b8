#!/bin/sh
# Installs the offline archive into an empty folder with the network closed, and does a user's first steps there.
set -eu
archive=$(readlink -f "$1")
if [ "${ZHIYIN_NETWORK_CLOSED:-}" != yes ]; then
    if unshare -n true 2>/dev/null; then
        exec env ZHIYIN_NETWORK_CLOSED=yes unshare -n sh "$0" "$archive"
    elif unshare -rn true 2>/dev/null; then
        exec env ZHIYIN_NETWORK_CLOSED=yes unshare -rn sh "$0" "$archive"
    fi
    echo "This machine does not let us close the network (unshare); nothing was proved." >&2
    exit 1
fi
if python3 -c 'import socket; socket.create_connection(("192.0.2.1", 9), timeout=2)' 2>/dev/null; then
    echo "The network is not closed." >&2
    exit 1
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
tar -xzf "$archive" -C "$folder"
cd "$folder"
sh zhiyin-*/install.sh "$folder/zhiyin"
zhiyin=$folder/zhiyin/bin/zhiyin
$zhiyin bank make --customers 300 --months 2 --seed 3 --out bank
$zhiyin figure satisfaction bank --by channel
$zhiyin report bank --out report.html
test -s report.html
echo "The archive installs and works with the network closed."
