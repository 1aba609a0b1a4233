# The archive: a tar stream, cut into parts.

now() { date -u "+%Y-%m-%dT%H:%M:%S${NANOS}Z"; }

# member NAME FILE: a member made here.
member() {
  size=$(($(wc -c <"$2")))
  head=$(awk "$TEXT"'BEGIN { print hdr(ARGV[1], "0", ARGV[2], 384, 0, 0, ARGV[3], "", "", "")
    print pad(ARGV[2]) }' "$1" "$size" "$(date +%s)")
  printf "${head%%"$LF"*}"
  cat "$2"
  case $head in *"$LF"*) printf "${head#*"$LF"}" ;; esac
  rm -f "$2"
}

# outcome PATH ARTIFACT STATUS REASON: of something made here or not there; the path is text already.
outcome() {
  awk "$TEXT"'BEGIN { print "{\"path\":" q(ARGV[1]) ",\"artifact\":" q(ARGV[2]) ",\"status\":" q(ARGV[3]) \
    (ARGV[4] == "" ? "" : ",\"reason\":" q(txt(ARGV[4], 0))) "}" }' "$1" "$2" "$3" "$4" >>"$tmp/outcomes"
}

# live KIND FILE: a member of live state.
live_member() {
  name=varve/volatile/$1.jsonl
  artifact=Volatile$(printf %s "$1" | awk -F_ '{ for (i = 1; i <= NF; i++)
    printf "%s%s", toupper(substr($i, 1, 1)), substr($i, 2) }')
  if [ ! -e "$2" ]; then
    outcome "$name" "$artifact" failed "${3:-no tool on this host shows it}"
    return
  fi
  if [ -s "$2" ]; then
    outcome "$name" "$artifact" collected "${3:-}"
  else
    outcome "$name" "$artifact" empty "${3:-}"
  fi
  member "$name" "$2"
}

# Reads the tar stream and makes parts of it, no more than AHEAD at a time.
cut_parts() {
  number=0
  while :; do
    number=$((number + 1))
    wait_for_room "$number"
    dd bs=65536 "count=$blocks" $FULL 2>"$tmp/cut" | gzip -3 -c >"$work/part.tmp" || lost "a part could not be written"
    read -r records <"$tmp/cut"
    case $records in
      "0+0 "*) rm -f "$work/part.tmp"; return ;;
      *[0-9]+[0-9]*) ;;
      *) lost "a part could not be written: $records" ;;
    esac
    part "$number"
  done
}

# part NUMBER: gives part.tmp its name.
part() {
  bytes=$(($(wc -c <"$work/part.tmp")))
  hash=$(sha <"$work/part.tmp")
  [ ${#hash} -eq 64 ] && [ "$bytes" -gt 0 ] && gzip -t <"$work/part.tmp" 2>/dev/null || lost "part $1 could not be written; is the disk full?"
  mv "$work/part.tmp" "$work/$(printf 'part-%06d.gz' "$1")" && echo "$1 $bytes $hash" >>"$work/index" || lost "part $1 could not be named"
}

wait_for_room() {
  while :; do
    dropped=0
    [ -s "$work/dropped" ] && read -r dropped <"$work/dropped"
    [ $(($1 - 1 - dropped)) -lt "$ahead" ] && return
    sleep 1
  done
}

# The part after all others: what they are, and the end of the archive.
last_part() {
  n=$(($(wc -l <"$work/index")))
  wait_for_room $((n + 1))
  cp "$work/index" "$tmp/parts"
  { member varve/parts.sha256 "$tmp/parts"; dd if=/dev/zero bs=512 count=2 2>/dev/null; } |
    gzip -3 -c >"$work/part.tmp" || lost "the last part could not be written"
  part $((n + 1))
}

# lost WHY: nothing more can be collected.
lost() {
  status failed "$1"
  exit 1
}
