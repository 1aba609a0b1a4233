# Arguments: folder, mark, most entries, what is ours twice, time. Reads records of list().
function named(t) {
  return t == "f" ? "file" : t == "d" ? "directory" : t == "l" ? "link" : t == "p" ? "pipe" : t == "s" ? "socket" : \
    t == "c" ? "character device" : t == "b" ? "block device" : "unknown"
}
function letter(mode,   t) {
  t = int(mode / 4096)
  return t == 8 ? "f" : t == 4 ? "d" : t == 10 ? "l" : t == 1 ? "p" : t == 12 ? "s" : t == 2 ? "c" : t == 6 ? "b" : "?"
}
function time(key, t) { t = iso(t); return t == "" ? "" : ",\"" key "\":\"" t "\"" }
function put(  f, i, path, p, type, link, key) {
  if (entry == "") return
  if (full) return
  p = entry
  for (i = 1; i <= 10; i++) { f[i] = substr(p, 1, index(p, " ") - 1); p = substr(p, index(p, " ") + 1) }
  if (p == ARGV[4] || index(p, ARGV[4] "/") == 1 || p == ARGV[5]) return
  if (count >= most) { full = 1; return }
  type = f[2] ~ /^[0-9a-fA-F]+$/ && length(f[2]) > 1 ? letter(hex(f[2])) : f[2]
  link = after
  if (quoted_link) link = type == "l" ? substr(after, length(p) + 8, length(after) - length(p) - 8) : ""
  path = q(txt(p, 1)); key = path
  print "{\"path\":" path kn("inode", f[1]) ",\"type\":\"" named(type) "\"" kn("size", f[3]) \
    ",\"mode\":\"" substr("0000" f[4], length(f[4]) < 4 ? length(f[4]) + 1 : 5) "\"" kn("uid", f[5]) kn("gid", f[6]) \
    time("mtime", f[7]) time("atime", f[8]) time("ctime", f[9]) (f[10] + 0 > 0 ? time("crtime", f[10]) : "") \
    (key in sha ? ",\"sha256\":\"" sha[key] "\"" : "") \
    (type == "l" ? ",\"target\":" q(txt(link, 1)) : "") ",\"observed\":\"" ARGV[6] "\"}" >>(ARGV[1] "/files")
  count++
}
BEGIN {
  ARGC = 1
  dir = ARGV[1]; m = ARGV[2] " "; e = ARGV[2] "> "; g = ARGV[2] "= "; n = length(m); most = ARGV[3] + 0
  while ((getline line < (dir "/hashes")) > 0) { split(line, h, "\t"); sha[h[1]] = h[2] }
  while (!full && (getline line) > 0) {
    if (substr(line, 1, n) == m) { put(); entry = substr(line, n + 1); after = ""; in_after = 0 }
    else if (substr(line, 1, n + 1) == e) { in_after = 1; quoted_link = 0; after = substr(line, n + 2) }
    else if (substr(line, 1, n + 1) == g) { in_after = 1; quoted_link = 1; after = substr(line, n + 2) }
    else if (in_after) after = after "\n" line
    else entry = entry "\n" line
  }
  put()
  getline before < (dir "/entries")
  close(dir "/entries")
  print before + count > (dir "/entries")
  print full ? "count cap: the first " most " entries" : ""
}
