# Argument: time. Reads lines of kextstat or kmutil: `index refs address size wired name (version) …`.
BEGIN {
  ARGC = 1
  while ((getline line) > 0) {
    n = split(line, f, " ")
    if (f[1] !~ /^[0-9]+$/ || n < 6) continue
    print "{\"name\":" q(txt(f[6], 0)) ",\"state\":\"live\"" kv("version", f[7]) kv("observed", ARGV[1]) "}"
  }
}
