# Arguments: folder, mark, time. Sorts the links of processes into programs, folders, name spaces and open files.
function known(  path, pid, name, to, deleted, socket) {
  if (entry == "") return
  path = substr(entry, 1, index(entry, " ") - 1); to = substr(entry, index(entry, " ") + 1)
  if (to == "") return
  split(path, part, "/"); pid = part[3]; name = part[4]
  deleted = to ~ / \(deleted\)$/
  if (deleted) to = substr(to, 1, length(to) - 10)
  if (name == "exe") print path " " (deleted ? 1 : 0) " " to > (dir "/p.programs")
  else if (name == "cwd") print pid " " to (deleted ? " (deleted)" : "") > (dir "/p.cwd")
  else if (name == "ns") { if (!(to in space)) { space[to] = 1; spaces++; print pid > (dir "/p.namespaces") } }
  else if (name == "fd" && per[pid]++ < 20000 && total++ < 500000) {
    if (to ~ /^socket:\[[0-9]+\]$/) { socket = substr(to, 9, length(to) - 9); if (!(socket in holder)) { holder[socket] = pid; print socket, pid > (dir "/p.holders") } }
    print "{\"pid\":" pid kn("fd", part[5]) ",\"path\":" q(txt(to, 0)) ",\"deleted\":" (deleted ? "true" : "false") \
      kv("observed", ARGV[3]) "}" > (dir "/open_files")
  }
}
BEGIN {
  dir = ARGV[1]; m = ARGV[2] " "; n = length(m)
  printf "" > (dir "/p.programs"); printf "" > (dir "/p.cwd"); printf "" > (dir "/p.namespaces")
  printf "" > (dir "/p.holders"); printf "" > (dir "/open_files")
  while ((getline line < (dir "/p.links")) > 0) {
    if (substr(line, 1, n) == m) { known(); entry = substr(line, n + 1) }
    else entry = entry "\n" line
  }
  known()
  if (!spaces) print "self" > (dir "/p.namespaces")
}
