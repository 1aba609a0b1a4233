# Argument: time. Reads bytes in decimal: records of 384, as glibc writes them where times have 32 bits. See utmp(5).
function text(from, n,   s, i) { s = ""; for (i = from; i < from + n && b[i] != 0; i++) s = s sprintf("%c", b[i]); return s }
function word(from) { return b[from] + 256 * b[from + 1] + 65536 * b[from + 2] + 16777216 * b[from + 3] }
BEGIN {
  ARGC = 1; n = 0
  while ((getline line) > 0) {
    m = split(line, v, " ")
    for (i = 1; i <= m; i++) {
      b[n++] = v[i] + 0
      if (n < 384) continue
      n = 0
      if (b[0] + 256 * b[1] != 7) continue
      print "{\"id\":" q(txt(text(40, 4), 0)) kv("user", text(44, 32)) kv("tty", text(8, 32)) kv("remote", text(76, 256)) \
        kv("since", iso(sprintf("%.0f.%06.0f", word(340), word(344)))) kv("observed", ARGV[1]) "}"
    }
  }
}
