#!/bin/sh
# Sets up .venv for "run" or "dev". Names what is missing on the machine with the command that installs it; installs
# it when root. Does nothing when nothing has changed.
set -eu
cd "$(dirname "$0")/.."
what=${1:-run}

missing() { # PACKAGE SENTENCE
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "$2 Installing $1 …"
        apt-get install -y -qq "$1" >/dev/null 2>&1 || { apt-get update -qq && apt-get install -y -qq "$1" >/dev/null; }
    else
        echo "$2" >&2
        echo "Install it with: sudo apt-get install $1" >&2
        exit 1
    fi
}

command -v python3 >/dev/null 2>&1 || missing python3 "python3 is missing."
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Python 3.11 or newer is needed; python3 here is $(python3 -V)." >&2
    exit 1
}
python3 -c 'import venv, ensurepip' 2>/dev/null || missing "python3-venv" "Python's venv module is missing."

stamp=".venv/.$what-$(cat pyproject.toml constraints.txt | cksum | tr -d ' ')"
[ -e "$stamp" ] && exit 0
[ -x .venv/bin/python ] || python3 -m venv .venv
echo "Installing Zhiyin ($what) into .venv …"
case $what in
    run) extras="" ;;
    dev) extras="[dev,spark]" ;;
    *) echo "tools/setup.sh: run or dev" >&2; exit 2 ;;
esac
.venv/bin/python -m pip install -q --disable-pip-version-check -c constraints.txt -e ".$extras" 2>.venv/pip.log || {
    cat .venv/pip.log >&2
    echo "The installation failed; pip's own words stand above." >&2
    exit 1
}
rm -f .venv/."$what"-*
touch "$stamp"
