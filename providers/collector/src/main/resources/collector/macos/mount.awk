# Argument: time. Reads `source on target (type, options)`.
BEGIN {
  ARGC = 1
  while ((getline line) > 0) {
    i = index(line, " on "); if (!i) continue
    rest = substr(line, i + 4); j = 0
    for (k = 1; k < length(rest); k++) if (substr(rest, k, 2) == " (") j = k
    if (!j) continue
    options = substr(rest, j + 2); sub(/\)$/, "", options)
    type = options; sub(/,.*/, "", type); sub(/^[^,]*,? */, "", options)
    print "{\"source\":" q(txt(substr(line, 1, i - 1), 0)) kv("target", substr(rest, 1, j - 1)) kv("type", type) kv("options", options) \
      kv("observed", ARGV[1]) "}"
  }
}
