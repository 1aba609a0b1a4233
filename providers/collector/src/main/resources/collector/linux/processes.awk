# Arguments: folder, mark, time. Puts the process table together.
function users(  line, f) {
  while ((getline line < "/etc/passwd") > 0) if (split(line, f, ":") > 2 && !(f[3] in user)) user[f[3]] = f[1]
}
function group(text,   n, lines, i, chosen, f) {
  n = split(text, lines, "\n")
  while (n > 0 && lines[n] == "") n--
  chosen = n ? lines[1] : ""
  for (i = n; i >= 1; i--) if (substr(lines[i], 1, 3) == "0::" && (length(lines[i]) > 4 || n == 1)) chosen = lines[i]
  n = split(chosen, f, ":")
  return f[n]
}
function container(g,   s, i, id, before, after) {
  s = g
  while ((i = match(s, /[0-9a-f]+/)) > 0) {
    if (RLENGTH == 64) return substr(s, i, 64)
    s = substr(s, i + RLENGTH)
  }
  return ""
}
function started(ticks,   s, t, whole, part) {
  if (uptime == "") return ""
  t = boot + ticks
  whole = int(t / 100); part = t - whole * 100
  return iso(sprintf("%.0f.%02.0f", whole, part))
}
function put(  open, close_, name, f, command, id, g) {
  if (pid == "") return
  open = index(stat, "("); close_ = 0
  for (i = length(stat); i > 0; i--) if (substr(stat, i, 1) == ")") { close_ = i; break }
  if (!open || !close_) return
  name = substr(stat, open + 1, close_ - open - 1)
  if (split(substr(stat, close_ + 2), f, " ") < 20) return
  command = cmd; gsub(/ +$/, "", command); gsub(/\001/, "\n", command)
  g = group(cgroup); id = container(g)
  if (id != "" && !(id in first)) { first[id] = pid; print id, pid, g > (dir "/p.containers") }
  print "{\"pid\":" pid kn("ppid", f[2]) ",\"name\":" q(txt(name, 0)) ",\"command_line\":" q(txt(command, 0)) \
    kv("executable", program[pid]) kv("sha256", hash[identity[pid]]) ",\"deleted\":" (gone[pid] ? "true" : "false") \
    kv("cwd", cwd[pid]) kn("uid", uid) (uid in user ? kv("user", user[uid]) : "") kv("start_time", started(f[20])) \
    kn("start_ticks", f[20]) kn("boot_time", btime) kn("session", f[4]) kv("cgroup", g) kv("container", id) \
    kv("observed", ARGV[3]) "}" > (dir "/processes")
  if (gone[pid]) print pid, (identity[pid] in held ? held[identity[pid]] : "") > (dir "/p.deleted")
  if (gone[pid] && !(identity[pid] in held)) held[identity[pid]] = pid
}
BEGIN {
  dir = ARGV[1]; m = ARGV[2] " "; n = length(m)
  users()
  getline now < (dir "/p.now"); getline line < (dir "/p.uptime"); split(line, f, " "); uptime = f[1]
  getline btime < (dir "/p.btime")
  if (index(now, ".") == 0) { boot = btime * 100; uptime = btime }
  else boot = int(now * 100 + 0.5) - int(uptime * 100 + 0.5)
  while ((getline line < (dir "/p.identity")) > 0) { split(line, f, " "); split(f[1], p, "/"); identity[p[3]] = f[2] }
  while ((getline line < (dir "/p.hashes")) > 0) {
    split(line, f, /[ *]+/); split(f[2], p, "/"); hash[identity[p[3]]] = substr(f[1], 1, 64)
  }
  last = ""
  while ((getline line < (dir "/p.programs")) > 0) {
    if (line ~ /^\/proc\/[0-9]+\/exe [01] /) { split(line, p, "/"); last = p[3]; sub(/^[^ ]* /, "", line); gone[last] = substr(line, 1, 1) + 0; program[last] = substr(line, 3) }
    else program[last] = program[last] "\n" line
  }
  while ((getline line < (dir "/p.cwd")) > 0) if (line ~ /^[0-9]+ /) { last = line; sub(/ .*/, "", last); cwd[last] = substr(line, length(last) + 2) }
  printf "" > (dir "/processes"); printf "" > (dir "/p.deleted"); printf "" > (dir "/p.containers")
  pid = ""; mode = ""
  while ((getline line < (dir "/p.processes")) > 0) {
    if (substr(line, 1, n) == m) {
      split(substr(line, n + 1), f, " "); mode = f[1]
      if (mode == "pid") { put(); pid = f[2]; stat = ""; cgroup = ""; cmd = ""; uid = "" }
    }
    else if (mode == "pid") stat = stat (stat == "" ? "" : "\n") line
    else if (mode == "uid") { if (line ~ /^Uid:/) { split(line, f, /[ \t]+/); uid = f[3] } }
    else if (mode == "cgroup") cgroup = cgroup line "\n"
    else if (mode == "command") cmd = cmd line
  }
  put()
}
