# Text, JSON and tar headers, in awk that mawk, gawk, busybox and macOS have. Bytes, never characters: LC_ALL=C.
# Output of hdr() is a format for printf(1): NUL cannot be in an awk string everywhere.
function init(  i, c) {
  for (i = 1; i < 256; i++) {
    c = sprintf("%c", i); ord[c] = i
    esc[i] = i < 32 ? sprintf("\\u%04x", i) : c
    fmt[c] = c ~ /[A-Za-z0-9\/._]/ ? c : sprintf("\\%03o", i)
  }
  esc[34] = "\\\""; esc[92] = "\\\\"
}
# Valid UTF-8 stays, an odd byte becomes %XX; with pct also % itself becomes %25, so that names can be told apart.
function txt(s, pct,   out, i, n, c, o, m, k, d, lo, hi) {
  if (s ~ /^[ -$&-~]*$/) return s
  n = length(s); out = ""; i = 1
  while (i <= n) {
    c = substr(s, i, 1); o = ord[c] + 0
    if (o < 128) { out = out (pct && o == 37 ? "%25" : c); i++; continue }
    m = 0; lo = 128; hi = 191
    if (o >= 194 && o <= 223) m = 1
    if (o >= 224 && o <= 239) { m = 2; if (o == 224) lo = 160; if (o == 237) hi = 159 }
    if (o >= 240 && o <= 244) { m = 3; if (o == 240) lo = 144; if (o == 244) hi = 143 }
    for (k = 1; k <= m; k++) {
      d = ord[substr(s, i + k, 1)] + 0
      if (d < lo || d > hi) break
      lo = 128; hi = 191
    }
    if (m > 0 && k > m) { out = out substr(s, i, m + 1); i += m + 1 }
    else { out = out sprintf("%%%02X", o); i++ }
  }
  return out
}
function q(s,   out, i, n, c) {
  if (s ~ /^[ !#-Z^-~]*$/) return "\"" s "\""
  n = length(s); out = ""
  for (i = 1; i <= n; i++) { c = substr(s, i, 1); out = out (c in ord ? esc[ord[c]] : "") }
  return "\"" out "\""
}
# A text value, left out when it is empty.
function kv(k, s) { return s == "" ? "" : ",\"" k "\":" q(txt(s, 0)) }
function kn(k, v) { return v ~ /^-?[0-9]+$/ ? ",\"" k "\":" v : "" }
function num(v) { return sprintf("%.0f", v) }
function octal(v, w,   s) {
  s = ""
  while (w-- > 0) { s = (v - 8 * int(v / 8)) s; v = int(v / 8) }
  return s
}
function zeros(n,   s) { s = ""; while (n >= 8) { s = s Z8; n -= 8 } while (n-- > 0) s = s "\\000"; return s }
function field(s, w,   i, c, out) {
  s = substr(s, 1, w); out = ""
  for (i = 1; i <= length(s); i++) { c = substr(s, i, 1); SUM += ord[c]; out = out fmt[c] }
  return out zeros(w - length(s))
}
function ascii(s) { gsub(/[^ -~]/, "_", s); return s }
function fits(s) { return length(s) < 100 && s ~ /^[ -~]*$/ }
function rec(k, v,   n) {
  n = length(k) + length(v) + 3
  while (length(n "") + length(k) + length(v) + 3 != n) n++
  return n " " k "=" v "\n"
}
function block(name, type, size, mode, uid, gid, mtime, link,   a, b) {
  SUM = 256
  a = field(name, 100) field(octal(mode, 7), 8) field(octal(uid > 2097151 ? 0 : uid, 7), 8)
  a = a field(octal(gid > 2097151 ? 0 : gid, 7), 8) field(octal(size > 8589934591 ? 0 : size, 11), 12)
  a = a field(octal(mtime < 0 || mtime > 8589934591 ? 0 : mtime, 11), 12)
  b = field(type, 1) field(link, 100) field("ustar", 6) field("00", 2) zeros(247)
  return a octal(SUM, 6) "\\000\\040" b
}
# The two headers of a member: name and link as text, times in seconds with any fraction.
function hdr(name, type, size, mode, uid, gid, mt, at, ct, link,   p, n, i, out) {
  p = rec("mtime", mt)
  if (at != "") p = p rec("atime", at)
  if (ct != "") p = p rec("ctime", ct)
  if (!fits(name)) p = p rec("path", name)
  if (!fits(link)) p = p rec("linkpath", link)
  if (size > 8589934591) p = p rec("size", num(size))
  if (uid > 2097151) p = p rec("uid", num(uid))
  if (gid > 2097151) p = p rec("gid", num(gid))
  n = length(p); out = ""
  for (i = 1; i <= n; i++) out = out fmt[substr(p, i, 1)]
  return block("PaxHeaders/" ascii(name), "x", n, 384, 0, 0, int(mt), "") out pad(n) \
    block(ascii(name), type, size, mode, uid, gid, int(mt), ascii(link))
}
function pad(n) { return zeros((512 - n % 512) % 512) }
# Seconds since 1970 with any fraction, in ISO 8601; the calendar after the public algorithm of days from civil.
function iso(t,   s, frac, neg, z, days, rest, y, m, d, era, doe, yoe, doy, mp) {
  if (t !~ /^-?[0-9]+(\.[0-9]+)?$/) return ""
  s = t; frac = ""
  if (index(t, ".")) { frac = substr(t, index(t, ".") + 1, 9); s = substr(t, 1, index(t, ".") - 1) }
  neg = t ~ /^-/
  s = s + 0
  sub(/0+$/, "", frac)
  if (neg && frac != "") { s = s - 1; frac = sprintf("%09.0f", 1000000000 - substr(frac "000000000", 1, 9)); sub(/0+$/, "", frac) }
  days = int(s / 86400); if (days * 86400 > s) days--
  rest = s - days * 86400
  z = days + 719468
  era = int(z / 146097); if (era * 146097 > z) era--
  doe = z - era * 146097
  yoe = int((doe - int(doe / 1460) + int(doe / 36524) - int(doe / 146096)) / 365)
  doy = doe - (365 * yoe + int(yoe / 4) - int(yoe / 100))
  mp = int((5 * doy + 2) / 153)
  d = doy - int((153 * mp + 2) / 5) + 1
  m = mp < 10 ? mp + 3 : mp - 9
  y = yoe + era * 400 + (m <= 2 ? 1 : 0)
  if (y < 0 || y > 9999) return ""
  return sprintf("%04d-%02d-%02dT%02d:%02d:%02d%sZ", y, m, d, int(rest / 3600), int(rest % 3600 / 60), rest % 60, frac == "" ? "" : "." frac)
}
function hex(s,   i, v) {
  v = 0
  for (i = 1; i <= length(s); i++) v = v * 16 + index("0123456789abcdef", tolower(substr(s, i, 1))) - 1
  return v
}
BEGIN { Z8 = "\\000\\000\\000\\000\\000\\000\\000\\000"; init() }
