# Argument: time. Reads `pid ppid uid user sess Mon Nov 22 05:00:00 2026 command`; the times are UTC, for TZ says so.
BEGIN {
  ARGC = 1
  split("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", names, " ")
  for (i = 1; i <= 12; i++) month[names[i]] = i
  while ((getline line) > 0) {
    if (split(line, f, " ") < 11) continue
    command = line
    sub(/^ *[0-9]+ +[0-9]+ +[0-9]+ +[^ ]+ +[^ ]+ +[A-Za-z]+ +[A-Za-z]+ +[0-9]+ +[0-9:]+ +[0-9]+ +/, "", command)
    path = command; sub(/ -.*/, "", path); name = path; sub(/.*\//, "", name)
    print "{\"pid\":" f[1] kn("ppid", f[2]) ",\"name\":" q(txt(name, 0)) ",\"command_line\":" q(txt(command, 0)) \
      (path ~ /^\// ? kv("executable", path) : "") ",\"deleted\":false" kn("uid", f[3]) kv("user", f[4]) \
      kv("start_time", sprintf("%04d-%02d-%02dT%sZ", f[10], month[f[7]], f[8], f[9])) kv("observed", ARGV[1]) "}"
  }
}
