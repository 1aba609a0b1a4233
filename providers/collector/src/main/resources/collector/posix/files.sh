# Files of the profile, found by the shell itself, so that no name can be misread.

artifact() { # NAME FOLLOW FILE_BYTES TOTAL_BYTES PATTERN...
  flush
  artifact=$1 follow=$2 file_bytes=$3 total_bytes=$4
  shift 4
  artifact_left=$total_bytes
  say "files: $artifact"
  for pattern in "$@"; do
    found=0
    case $pattern in
      %%users.homedir%%*)
        IFS=$LF
        for home in $homes; do
          IFS=$BLANKS
          expand '' "${home#/}${pattern#%%users.homedir%%}"
        done
        IFS=$BLANKS
        ;;
      *) expand '' "${pattern#/}" ;;
    esac
    [ "$found" -gt 0 ] || outcome "$pattern" "$artifact" missing ''
  done
  flush
}

# expand FOLDER PATTERN: one name of the pattern at a time. A wildcard also finds names that begin with a dot.
expand() {
  case $2 in
    */*) set -- "$1" "$2" "${2%%/*}" "${2#*/}" ;;
    *) set -- "$1" "$2" "$2" '' ;;
  esac
  case $3 in
    '**') below "$1" "${4:-*}" 0 ;;
    *[*?[]*)
      case $3 in
        '*'*) set -- "$@" ".$3" ;;
        '?'*) set -- "$@" ".${3#?}" ;;
        *) set -- "$@" "$3" ;;
      esac
      set +f
      IFS=
      for entry in "$1"/$3 "$1"/$5; do
        set -f
        IFS=$BLANKS
        case ${entry##*/} in . | ..) continue ;; esac
        if [ -z "$4" ]; then
          hit "$entry"
        elif [ -d "$entry" ] && [ ! -L "$entry" ]; then
          expand "$entry" "$4"
        fi
      done
      ;;
    *)
      if [ -z "$4" ]; then
        hit "$1/$3"
      elif [ -d "$1/$3" ]; then
        expand "$1/$3" "$4"
      fi
      ;;
  esac
}

# below FOLDER PATTERN DEPTH
below() {
  expand "$1" "$2"
  [ "$3" -lt 10 ] || return 0
  set +f
  IFS=
  for entry in "$1"/* "$1"/.*; do
    set -f
    IFS=$BLANKS
    case ${entry##*/} in . | ..) continue ;; esac
    if [ -d "$entry" ] && [ ! -L "$entry" ] && ! ours "$entry"; then below "$entry" "$2" $(($3 + 1)); fi
  done
}

ours() {
  case $1 in "$work" | "$work"/* | "$script") return 0 ;; esac
  return 1
}

# hit PATH: into the batch, when it is there and no folder.
hit() {
  if [ -L "$1" ] || { [ -e "$1" ] && [ ! -d "$1" ]; }; then
    ours "$1" && return
    found=1
    quote "$1"
    batch="$batch $quoted"
    count=$((count + 1))
    [ "$count" -lt 64 ] || flush
  fi
}

# quote TEXT: as one word of shell text, in $quoted.
quote() {
  quoted=
  rest=$1
  while :; do
    case $rest in
      *\'*) quoted="$quoted${rest%%\'*}'\\''"; rest=${rest#*\'} ;;
      *) break ;;
    esac
  done
  quoted="'$quoted$rest'"
}

flush() {
  [ "$count" -gt 0 ] || return 0
  eval "copy $batch"
  batch= count=0
}

# copy PATH...: decides what is taken, puts small files aside, writes them all; large ones go straight through.
copy() {
  stats "$@" >"$tmp/stat"
  awk "$TEXT$PLAN" "$tmp" "$artifact" "$artifact_left" "$file_bytes" "$follow" "$(date +%s)" "$stop_at" "$@" >"$tmp/plan"
  read -r artifact_left <"$tmp/left"
  rm -rf "$tmp/copy"
  mkdir "$tmp/copy"
  while read -r index action take; do
    case $action in
      small) eval "slurp \"\${$index}\" $take \"$tmp/copy/$index\"" 2>"$tmp/copy/$index.err" ;;
      link) eval "target \"\${$index}\"" >"$tmp/copy/$index.link" ;;
    esac
  done <"$tmp/plan"
  (
    cd "$tmp/copy" && set +f
    for one in *[0-9]; do if [ -f "$one" ]; then echo "$one $(($(wc -c <"$one")))"; fi; done
  ) >"$tmp/sizes"
  : >"$tmp/sums"
  if [ -s "$tmp/sizes" ]; then (cd "$tmp/copy" && $SHA $(cut -d' ' -f1 "$tmp/sizes")) >"$tmp/sums"; fi
  stats "$@" >"$tmp/stat2"
  awk "$TEXT$HEADS" "$tmp" "$artifact" "$@" >"$tmp/heads"
  while read -r index action take; do
    case $action in
      small | link)
        IFS= read -r head <&3
        IFS= read -r tail <&3
        if [ -n "$head" ]; then
          printf "$head"
          if [ -s "$tmp/copy/$index" ]; then cat "$tmp/copy/$index"; fi
          if [ -n "$tail" ]; then printf "$tail"; fi
        fi
        ;;
      large) eval "stream \"\${$index}\" $take ''" 3<&- ;;
    esac
  done <"$tmp/plan" 3<"$tmp/heads"
}

# stats PATH...: a line for each: mode in hexadecimal, inode, size, owner, group, times; `-` when it cannot be looked at.
stats() {
  if [ "$follow" = true ]; then through=-L; else through=; fi
  stat $through $STAT -- "$@" 2>/dev/null | tr _ ' ' >"$tmp/stats"
  if [ $(($(wc -l <"$tmp/stats"))) -eq $# ]; then
    cat "$tmp/stats"
    return
  fi
  for one in "$@"; do
    stat $through $STAT -- "$one" 2>/dev/null || stat $STAT -- "$one" 2>/dev/null || echo -
  done | tr _ ' '
}

# slurp PATH BYTES [INTO]: the first bytes of a file. Where dd can, links are not followed and access times not changed.
slurp() {
  set -- "$1" "$2" "${3:-/dev/stdout}"
  if [ -z "$DDFLAGS" ]; then
    if [ "$3" = /dev/stdout ]; then head -c "$2" <"$1"; else head -c "$2" <"$1" >"$3"; fi
    return
  fi
  flags=$DDFLAGS
  if [ "$follow" = true ]; then flags=${flags#nofollow,}; fi
  if [ "$3" = /dev/stdout ]; then set -- "$1" "$2"; else set -- "$1" "$2" "of=$3"; fi
  dd "if=$1" bs=65536 "count=$2" "iflag=$flags,noatime" status=none ${3:+"$3"} 2>"$tmp/slurp" && return
  case $(cat "$tmp/slurp") in
    *'Operation not permitted'*) dd "if=$1" bs=65536 "count=$2" "iflag=$flags" status=none ${3:+"$3"} ;;
    *) cat "$tmp/slurp" >&2; return 1 ;;
  esac
}

target() {
  readlink "$1" 2>/dev/null && printf x
}

# stream PATH BYTES MEMBER: a large file. What it shrinks by while it is read is zeros.
stream() {
  stats "$1" >"$tmp/one"
  awk "$TEXT$ONE" "$tmp" head "$1" "$2" "$3" >"$tmp/head"
  IFS= read -r head <"$tmp/head"
  printf "$head"
  sha <"$tmp/hash" >"$tmp/sum" &
  hasher=$!
  wc -c <"$tmp/count" >"$tmp/got" &
  counter=$!
  {
    slurp "$1" "$2" 2>"$tmp/err" | tee "$tmp/hash" "$tmp/count"
    cat /dev/zero
  } | head -c $((($2 + 511) / 512 * 512))
  wait "$hasher" "$counter"
  stats "$1" >"$tmp/one2"
  awk "$TEXT$ONE" "$tmp" outcome "$1" "$2" "$3" "$artifact"
}
