#!/bin/sh
# @TITLE@. Reads the campaign from the folder two above this one, wherever that is.
trap : INT # Ctrl-C ends what runs below, and not this window

finish() {
    if [ -t 0 ]; then
        printf '\nPress Enter to close this window. '
        read -r _
    fi
    exit "$1"
}

self=$(readlink -f -- "$0" 2> /dev/null) || self=$0 # a shortcut may be a link
here=$(dirname -- "$self")
if ! CDPATH='' cd -- "$here/../.." || [ ! -f campaign.toml ]; then
    echo "The campaign was not found. This file belongs into the folder start/@FOLDER@ of a campaign;"
    echo "to have it elsewhere, make a shortcut to it instead of moving it."
    finish 1
fi

python=
if [ -r start/python.txt ]; then
    IFS= read -r python < start/python.txt
    python=${python%"$(printf '\r')"}
fi
if [ -n "$python" ] && "$python" -P -c 'import xlplan' > /dev/null 2>&1; then
    set -- "$python" -P -m xlplan
elif command -v xlplan > /dev/null 2>&1; then
    set -- xlplan
elif [ -x "$HOME/.local/bin/xlplan" ]; then
    set -- "$HOME/.local/bin/xlplan"
elif python3 -P -c 'import xlplan' > /dev/null 2>&1; then
    set -- python3 -P -m xlplan
else
    echo 'xlplan is not on this computer yet.'
    echo
    echo '  1. Install Python 3.11 or newer: @PYTHON@'
    echo '  2. Open a terminal and type:'
    echo '         @INSTALL@'
    echo '  3. Start this again.'
    echo
    echo 'Or ask whoever looks after your computers to do that.'
    finish 1
fi

@ACTION@
finish "$?"
