# The verbs, and what runs detached between them.

say() { status running "$1"; }

# status STATE TEXT: whole or not at all.
status() {
  printf '%s %s\n' "$1" "$2" >"$work/status.tmp" && mv "$work/status.tmp" "$work/status"
}

# report STATE TEXT FROM: the answer of every verb; parts are listed from FROM on when it is given.
report() {
  echo 'varve-collector 1'
  printf 'state %s %s\n' "$1" "$2"
  if [ -f "$work/index" ]; then
    awk -v "from=${3:-1000000000}" 'NF == 3 && length($3) == 64 { parts++; bytes += $2; line[parts] = $0 }
      END { printf "bytes %.0f\nparts %d\n", bytes, parts
        for (i = from; i <= parts && i < from + 100; i++) print "part " line[i] }' "$work/index"
  else
    printf 'bytes 0\nparts 0\n'
  fi
  echo end
}

# keep: passes the answer on, and leaves it in the folder for channels that bring back files and no output.
keep() {
  answer=$(cat)
  printf '%s\n' "$answer"
  [ ! -d "$work" ] || { printf '%s\n' "$answer" >"$work/answer.tmp" && mv "$work/answer.tmp" "$work/answer"; } 2>/dev/null || :
}

refuse() {
  work=/nonexistent
  report failed "$1"
  exit 2
}

number() { # TEXT
  case $1 in '' | *[!0-9]* | ?????????????*) refuse "not a number: the arguments are VERB FOLDER JOB NUMBER..." ;; esac
}

# Processes of this collection: their command line names its folder.
processes() {
  if [ -d /proc/self ]; then
    set +f
    for one in /proc/[0-9]*; do
      line=
      { IFS= read -r line <"$one/cmdline"; } 2>/dev/null
      case $line in *"varve-$job/collect.sh"*) echo "${one#/proc/}" ;; esac
    done
    set -f
  else
    ps -axo pid=,command= | awk -v "name=varve-$job/collect.sh" 'index($0, name) && !/awk/ { print $1 }'
  fi
}

alive() {
  [ -s "$work/pid" ] && read -r pid <"$work/pid" && kill -0 "$pid" 2>/dev/null &&
    processes | grep -q -x "$pid"
}

begin() {
  if mkdir "$work" 2>/dev/null; then
    cp "$0" "$work/collect.sh" || refuse "the script cannot be read at $0"
    launch "$@"
    return
  fi
  [ -d "$work" ] && [ ! -L "$work" ] && [ -O "$work" ] || refuse "$work cannot be made"
  [ ! -s "$work/pid" ] && [ ! -s "$work/status" ] || return 0
  # Another start is at work just now, or was killed: wait for it, then take over once.
  sleep 3
  if [ ! -s "$work/pid" ] && mkdir "$work/again" 2>/dev/null; then
    cp "$0" "$work/collect.sh" || refuse "the script cannot be read at $0"
    launch "$@"
  fi
}

launch() { # PARTSIZE AHEAD
  free=$(df -P -k "$folder" 2>/dev/null | awk 'NR == 2 { print $4 }')
  case $free in '' | *[!0-9]*) free=0 ;; esac
  if [ "$free" -lt $(($1 * $2 / 512)) ]; then
    rm -rf "$work"
    work=/nonexistent
    report failed "$folder has $free KiB free; $(($1 * $2 / 512)) are needed"
    exit 0
  fi
  case $0 in /*) own=$0 ;; *) own=$PWD/$0 ;; esac
  printf '%s\n' "$own" >"$work/script"
  : >"$work/index"
  : >"$work/seen"
  gentle=
  if nice -n 19 true 2>/dev/null; then gentle='nice -n 19'; fi
  if ionice -c 3 true 2>/dev/null; then gentle="$gentle ionice -c 3"; fi
  if command -v setsid >/dev/null 2>&1; then gentle="setsid $gentle"; else set -m; fi
  $gentle sh "$work/collect.sh" __run "$folder" "$job" "$1" "$2" </dev/null >/dev/null 2>&1 &
  for pause in 0.1 0.2 0.3 1 1 1 1; do
    [ -s "$work/pid" ] && return
    sleep "$pause" 2>/dev/null || sleep 1
  done
  [ -s "$work/pid" ] || status failed 'it could not be started'
}

state() { # FROM
  if [ ! -d "$work" ]; then
    report absent 'nothing is here'
    return
  fi
  : >"$work/seen"
  word=running text=begins
  if [ -s "$work/status" ]; then read -r word text <"$work/status"; fi
  if [ "$word" = running ] && [ -s "$work/pid" ] && ! alive; then
    # It may have said its last word in between.
    read -r word text <"$work/status"
    if [ "$word" = running ]; then word=failed text="the collector was ended on the host while at: $text"; fi
  fi
  report "$word" "$text" "$1"
}

drop() { # UPTO
  [ -d "$work" ] || return 0
  count=$(($(wc -l <"$work/index")))
  upto=$1
  [ "$upto" -le "$count" ] || upto=$count
  done=0
  if [ -s "$work/dropped" ]; then read -r done <"$work/dropped"; fi
  while [ "$done" -lt "$upto" ]; do
    done=$((done + 1))
    rm -f "$work/$(printf 'part-%06d.gz' "$done")"
  done
  echo "$done" >"$work/dropped.tmp" && mv "$work/dropped.tmp" "$work/dropped"
}

clean() {
  end_processes
  script=$0
  rm -rf "$work" 2>/dev/null
  remove_script
  if [ -e "$work" ]; then
    report failed "$work cannot be removed"
    exit 1
  fi
  report absent removed
}

end_processes() {
  for again in 1 2 3; do
    pids=$(processes)
    [ -n "$pids" ] || return 0
    for pid in $pids; do kill -9 "$pid" 2>/dev/null; done
    if [ -s "$work/pid" ]; then read -r pid <"$work/pid" && kill -9 "-$pid" 2>/dev/null; fi
    sleep 1
  done
}

# The script goes with its last collection, unless it lies where a vendor keeps it under another name.
remove_script() {
  case ${script##*/} in varve-collect-*.sh) ;; *) return ;; esac
  set +f
  for other in "$folder"/varve-*/collect.sh; do
    if [ -e "$other" ] && [ "$other" != "$work/collect.sh" ]; then set -f; return; fi
  done
  set -f
  rm -f "$script" 2>/dev/null
}

run() { # PARTSIZE AHEAD
  trap '' HUP
  echo $$ >"$work/pid.tmp" && mv "$work/pid.tmp" "$work/pid"
  say begins
  IFS= read -r script <"$work/script"
  abandon &
  (collect "$1" "$2")
  if [ "$(cut -d' ' -f1 "$work/status")" = running ]; then
    status failed 'the collector ended early'
  fi
  wait
}

# Without a word from outside for a day, everything goes.
abandon() {
  while sleep 60; do
    if [ -z "$(find "$work/seen" -mmin -1440 2>/dev/null)" ]; then
      rm -rf "$work"
      remove_script
      kill -9 "-$$" 2>/dev/null
      exit
    fi
  done
}

collect() { # PARTSIZE AHEAD
  ahead=$2
  blocks=$((($1 - $1 / 1000 - 4096) / 65536))
  [ "$blocks" -ge 1 ] || lost "parts of $1 bytes are too small"
  tmp=$work/tmp
  mkdir -p "$tmp"
  mkfifo "$tmp/hash" "$tmp/count"
  begun=$(now)
  stop_at=$(($(date +%s) + max_seconds))
  echo "$max_bytes $max_files $max_seconds" >"$tmp/caps"
  echo '0 0' >"$tmp/spent"
  for file in outcomes seen hashes; do : >"$tmp/$file"; done
  batch= count=0 follow=false
  homes=$(home_folders 2>/dev/null)
  produce | cut_parts
  read -r word text <"$work/status"
  [ "$word" = running ] || exit 1
  [ -f "$tmp/whole" ] || lost 'the collection ended early'
  last_part
  rm -rf "$tmp"
  status done "$(($(wc -l <"$work/index"))) parts"
}

produce() {
  context "$job" "$begun" "$version" >"$tmp/context"
  member varve/capture.json "$tmp/context"
  if [ -n "$profile_live" ]; then live; fi
  profile_artifacts
  flush
  listing
  member varve/outcomes.jsonl "$tmp/outcomes"
  footprint >"$tmp/footprint"
  member varve/footprint.json "$tmp/footprint"
  : >"$tmp/whole"
}

footprint() {
  read -r spent files <"$tmp/spent"
  awk "$TEXT"'BEGIN { print "{\"read_bytes\":" ARGV[1] ",\"files_read\":" ARGV[2] ",\"written\":[" q(ARGV[3] " and below, removed at the end") \
    "," q(ARGV[4] ", removed at the end") "],\"processes_started\":[\"sh, awk, cat, cut, date, dd, df, find, gzip, head, mkfifo, mv, od, readlink, rm, sleep, stat, tee, tr, wc, xargs, " \
    ARGV[5] "\"],\"network\":[],\"access_times\":" q(ARGV[6]) ",\"ended\":" q(ARGV[7]) "}" }' \
    "$spent" "$files" "$work" "$script" "${SHA%% *}" "$ACCESS" "$(now)"
}

# What the tools of this host can do.
tools() {
  NANOS=
  case $(date +%N) in [0-9]*) NANOS=.%N ;; esac
  SHA=
  if command -v sha256sum >/dev/null 2>&1; then SHA=sha256sum
  elif command -v shasum >/dev/null 2>&1; then SHA='shasum -a 256'
  elif command -v openssl >/dev/null 2>&1; then SHA='openssl dgst -sha256 -r'
  fi
  FULL=
  if dd if=/dev/null iflag=fullblock count=0 2>/dev/null; then FULL=iflag=fullblock; fi
  DDFLAGS= ACCESS='changed where the file system keeps them'
  if dd if=/dev/null iflag=nofollow,nonblock,fullblock,count_bytes,noatime count=0 status=none 2>/dev/null; then
    DDFLAGS=nofollow,nonblock,fullblock,count_bytes ACCESS='kept where permitted'
  fi
  LITTLE=0
  case $(printf '\1\0' | od -An -t u2) in *256*) ;; *) LITTLE=1 ;; esac
  FINDER=
  if find / -prune -printf '%i %B@ %l' >/dev/null 2>&1; then FINDER=gnu
  elif stat -c %i / >/dev/null 2>&1; then FINDER=stat
  elif stat -f %i / >/dev/null 2>&1; then FINDER=bsd
  fi
  case $(stat -c %.9Y / 2>/dev/null) in
    *[0-9].[0-9]*) STAT='-c %f_%i_%s_%u_%g_%.9Y_%.9X_%.9Z' ;;
    *) if [ "$FINDER" = bsd ]; then STAT='-f %Xp_%i_%z_%u_%g_%Fm_%Fa_%Fc'; else STAT='-c %f_%i_%s_%u_%g_%Y_%X_%Z'; fi ;;
  esac
  LIMIT=
  for tool in awk cat cut dd gzip head mkfifo od stat tee tr wc; do
    command -v "$tool" >/dev/null 2>&1 || lacking="${lacking:-}$tool "
  done
  [ -n "$SHA" ] || lacking="${lacking:-}sha256sum"
}

sha() { $SHA | awk '{ print substr($1, 1, 64) }'; }

main() {
  umask 077
  set -f
  PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin:/run/current-system/sw/bin
  LC_ALL=C TZ=UTC0
  export PATH LC_ALL TZ
  unset LD_PRELOAD LD_LIBRARY_PATH DYLD_INSERT_LIBRARIES ENV BASH_ENV CDPATH GREP_OPTIONS POSIXLY_CORRECT
  LF='
'
  BLANKS=" 	$LF"
  IFS=$BLANKS
  verb=${1:-} folder=${2:-} job=${3:-}
  case $folder in /*) ;; *) refuse 'the folder is not absolute' ;; esac
  case $folder in *[!A-Za-z0-9_./-]* | */../* | */..) refuse 'the folder has a name that is not allowed' ;; esac
  [ -d "$folder" ] || refuse "there is no folder $folder"
  case $job in '' | *[!A-Za-z0-9_-]*) refuse 'the job has a name that is not allowed' ;; esac
  [ ${#job} -le 64 ] || refuse 'the name of the job is too long'
  work=${folder%/}/varve-$job
  case $verb in
    start) number "${4:-}"; number "${5:-}"; tools
      [ -z "${lacking:-}" ] || refuse "this host lacks $lacking"
      begin "$4" "$5"; state 1000000000 | keep ;;
    state) number "${4:-}"; state "$4" | keep ;;
    drop) number "${4:-}"; drop "$4"; state $(($4 + 1)) | keep ;;
    clean) clean ;;
    __run) tools; run "$4" "$5" ;;
    *) refuse 'the verbs are start, state, drop and clean' ;;
  esac
}
