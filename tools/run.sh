#!/bin/sh
# Makes the invented bank once, prints how satisfied its customers are, and says where to go next.
set -eu
cd "$(dirname "$0")/.."
bank=${1:-data/bank}
zhiyin=.venv/bin/zhiyin
if [ ! -e "$bank/head.json" ]; then
    rm -rf "$bank.new"
    $zhiyin bank make --customers 20000 --months 12 --seed 7 --out "$bank.new"
    mkdir -p "$(dirname "$bank")"
    mv "$bank.new" "$bank"
fi
$zhiyin bank show "$bank"
