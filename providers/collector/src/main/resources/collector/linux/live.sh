# Live state of Linux, from /proc. All of it is read first, then written, the executables hashed last.

live() {
  say 'live state'
  seen_at=$(now)
  date "+%s${NANOS}" >"$tmp/p.now"
  cat /proc/uptime >"$tmp/p.uptime" 2>/dev/null || : >"$tmp/p.uptime"
  awk '$1 == "btime" { print $2 }' /proc/stat >"$tmp/p.btime" 2>/dev/null
  mark=$(od -An -v -t x1 -N 12 /dev/urandom | tr -d ' \n')
  set +f
  # shellcheck disable=SC2044
  for one in /proc/[0-9]*; do
    [ -r "$one/stat" ] || continue
    echo "$mark pid ${one#/proc/}"
    cat "$one/stat" 2>/dev/null
    echo "$mark uid"
    cat "$one/status" 2>/dev/null
    echo "$mark cgroup"
    cat "$one/cgroup" 2>/dev/null
    echo "$mark command"
    tr '\000\n' ' \001' <"$one/cmdline" 2>/dev/null
    echo
  done >"$tmp/p.processes"
  links >"$tmp/p.links" 2>/dev/null
  set -f
  awk "$TEXT$LINKS" "$tmp" "$mark" "$seen_at"
  for kind in $profile_live; do
    case $kind in
      sockets) sockets ;;
      modules) modules >"$tmp/modules" ;;
      mounts) mounts >"$tmp/mounts" ;;
      sessions) sessions >"$tmp/sessions" ;;
    esac
  done
  hash_executables
  awk "$TEXT$PROCESSES" "$tmp" "$mark" "$seen_at"
  set +f
  awk "$TEXT$CONTAINERS" "$tmp" "$seen_at" /var/lib/docker/containers/*
  set -f
  for kind in $profile_live; do
    case $kind in
      deleted_executables) deleted_executables ;;
      *) live_member "$kind" "$tmp/$kind" ;;
    esac
  done
}

# What the links of each process point to: `MARK path target`.
links() {
  if [ "$FINDER" = gnu ]; then
    find /proc/[0-9]*/exe /proc/[0-9]*/cwd /proc/[0-9]*/ns/net /proc/[0-9]*/fd -type l -printf "$mark %p %l\\n"
    return
  fi
  for one in /proc/[0-9]*; do
    for name in exe cwd ns/net; do
      to=$(readlink "$one/$name") && printf '%s\n' "$mark $one/$name $to"
    done
    (cd "$one/fd" && ls -l) | awk -v m="$mark $one/fd/" 'index($0, " -> ") {
      n = split(substr($0, 1, index($0, " -> ") - 1), f, " "); print m f[n] " " substr($0, index($0, " -> ") + 4) }'
  done
}

sockets() {
  : >"$tmp/p.net"
  while read -r pid; do
    for protocol in tcp tcp6 udp udp6 unix; do
      echo "net $protocol"
      cat "/proc/$pid/net/$protocol"
    done >>"$tmp/p.net" 2>/dev/null
  done <"$tmp/p.namespaces"
  awk "$TEXT$SOCKETS" "$tmp" "$LITTLE" "$(now)" >"$tmp/sockets"
}

modules() {
  [ -r /proc/modules ] || return
  awk "$TEXT"'BEGIN { while ((getline line < "/proc/modules") > 0) {
      n = split(line, f, " "); if (n < 5) continue
      users = ""; m = f[4] == "-" ? 0 : split(f[4], u, ",")
      for (i = 1; i <= m; i++) if (u[i] != "") users = users (users == "" ? "" : ",") q(u[i])
      print "{\"name\":" q(txt(f[1], 0)) kn("size", f[2]) ",\"used_by\":[" users "]" kv("state", tolower(f[5])) kv("observed", ARGV[1]) "}"
    } }' "$(now)"
}

mounts() {
  from=/proc/1/mounts
  [ -r "$from" ] || from=/proc/mounts
  awk "$TEXT"'function plain(s,   out, i) {
      out = ""
      while ((i = match(s, /\\[0-7][0-7][0-7]/)) > 0) {
        out = out substr(s, 1, i - 1) sprintf("%c", substr(s, i + 1, 1) * 64 + substr(s, i + 2, 1) * 8 + substr(s, i + 3, 1))
        s = substr(s, i + 4)
      }
      return out s
    }
    BEGIN { while ((getline line < ARGV[1]) > 0) {
      if (split(line, f, " ") < 4) continue
      print "{\"source\":" q(txt(plain(f[1]), 0)) kv("target", plain(f[2])) kv("type", f[3]) kv("options", f[4]) kv("observed", ARGV[2]) "}"
    } }' "$from" "$(now)"
}

sessions() {
  set +f
  for one in /run/systemd/sessions/*; do
    case $one in *.ref) continue ;; esac
    if [ -f "$one" ]; then
      awk "$TEXT$SESSION" "${one##*/}" "$one" "$(now)"
    fi
  done
  set -f
  if [ -f /run/utmp ]; then
    od -An -v -t u1 /run/utmp | awk "$TEXT$UTMP" "$(now)"
  fi
}

# Each program file once: identity, size and path of the programs that run.
hash_executables() {
  : >"$tmp/p.hashes"
  cut -d' ' -f1 "$tmp/p.programs" >"$tmp/p.paths"
  if [ -s "$tmp/p.paths" ]; then
    say 'hashing running programs'
    xargs stat -L -c '%n %d:%i %s' -- <"$tmp/p.paths" >"$tmp/p.identity" 2>/dev/null
    awk '{ if (!($2 in seen) && $3 <= 268435456 && sum + $3 <= 2147483648) { seen[$2] = 1; sum += $3; print $1 } }' \
      "$tmp/p.identity" >"$tmp/p.once"
    if [ -s "$tmp/p.once" ]; then xargs $SHA <"$tmp/p.once" >"$tmp/p.hashes" 2>/dev/null; fi
  fi
}

deleted_executables() {
  follow=true artifact=VolatileDeletedExecutables
  while read -r pid same; do
    path=/proc/$pid/exe
    if [ -n "$same" ]; then
      outcome "$path" "$artifact" collected "the same file as of process $same"
      continue
    fi
    stats "$path" >"$tmp/one"
    read -r mode inode size rest <"$tmp/one"
    read -r spent files <"$tmp/spent"
    if [ "$mode" = - ]; then
      outcome "$path" "$artifact" failed 'the process has ended'
    elif [ $((spent + size)) -gt "$max_bytes" ]; then
      outcome "$path" "$artifact" failed 'total size cap'
    else
      stream "$path" "$size" "varve/collected/deleted/$pid"
      echo "$((spent + size)) $((files + 1))" >"$tmp/spent"
    fi
  done <"$tmp/p.deleted"
}

context() {
  awk "$TEXT$CONTEXT" "$1" "$2" "$profile" "$3" "$(readlink /etc/localtime 2>/dev/null)"
}

home_folders() {
  awk -F: '$6 ~ /^\/./ && index($6, "..") == 0 { sub(/\/+$/, "", $6); if ($6 != "" && !($6 in seen)) { seen[$6] = 1; print $6 } }' /etc/passwd
}
