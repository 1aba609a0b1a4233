# Argument: time. Reads the fields p (process), f (descriptor), n (name) of lsof -F.
BEGIN {
  ARGC = 1
  while ((getline line) > 0) {
    c = substr(line, 1, 1); v = substr(line, 2)
    if (c == "p") pid = v
    else if (c == "f") { fd = v; sub(/[^0-9].*/, "", fd) }
    else if (c == "n" && v != "" && total++ < 500000)
      print "{\"pid\":" pid kn("fd", fd) ",\"path\":" q(txt(v, 0)) ",\"deleted\":false" kv("observed", ARGV[1]) "}"
  }
}
