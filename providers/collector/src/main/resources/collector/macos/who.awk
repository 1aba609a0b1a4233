# Argument: time. Reads `user terminal Mon 22 05:00 (remote)`; without a year, so the time is left out.
BEGIN {
  ARGC = 1
  while ((getline line) > 0) {
    if (split(line, f, " ") < 5) continue
    remote = ""
    if (match(line, /\([^)]*\)$/)) remote = substr(line, RSTART + 1, RLENGTH - 2)
    print "{\"id\":" q(txt(f[2], 0)) kv("user", f[1]) kv("tty", f[2]) kv("remote", remote) kv("observed", ARGV[1]) "}"
  }
}
