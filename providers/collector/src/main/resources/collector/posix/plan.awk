# Arguments: folder, artefact, bytes left of it, cap of a file, follow, now, when to stop, names.
function kind(mode,   t) {
  t = int(mode / 4096)
  return t == 8 ? "file" : t == 4 ? "folder" : t == 10 ? "link" : t == 1 ? "pipe" : t == 12 ? "socket" : "device"
}
function least(a, b) { return a < b ? a : b }
BEGIN {
  dir = ARGV[1]; left = ARGV[3] + 0; most = ARGV[4] + 0
  getline line < (dir "/spent"); close(dir "/spent"); split(line, sp, " "); spent = sp[1] + 0; files = sp[2] + 0
  getline line < (dir "/caps"); split(line, cap, " ")
  while ((getline line < (dir "/seen")) > 0) seen[line] = 1
  for (i = 8; i < ARGC; i++) {
    number = i - 7
    name = q(txt(ARGV[i], 1))
    getline line < (dir "/stat")
    if (name in seen) continue
    seen[name] = 1
    print name >>(dir "/seen")
    if (line == "-") { outcome(name, ARGV[2], "failed", "cannot be looked at"); continue }
    split(line, f, " ")
    type = kind(hex(f[1])); size = f[3] + 0
    reason = ""
    if (ARGV[6] + 0 > ARGV[7] + 0) reason = "time cap: " cap[3] " seconds"
    else if (files >= cap[2] + 0) reason = "file count cap: " cap[2]
    else if (spent >= cap[1] + 0) reason = "total size cap: " num(cap[1]) " bytes"
    else if (left <= 0) reason = "size cap of the artefact"
    else if (type != "file" && type != "link") reason = "is a " type
    if (reason != "") { outcome(name, ARGV[2], "failed", reason); continue }
    if (type == "link") { print number, "link", 0; continue }
    take = least(least(size, most), least(left, cap[1] - spent))
    left -= take; spent += take; files++
    print number, (take <= 524288 ? "small" : "large"), num(take)
  }
  print num(spent), num(files) > (dir "/spent")
  print num(left) > (dir "/left")
}
