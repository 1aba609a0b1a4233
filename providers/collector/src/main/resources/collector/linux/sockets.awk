# Arguments: folder, 1 when the processor is little-endian, time.
function word(h,   i, v) { v = 0; for (i = 1; i <= length(h); i++) v = v * 16 + index("0123456789ABCDEF", substr(h, i, 1)) - 1; return v }
# The address as bytes in network order, two digits each: the kernel prints words in the processor's order.
function ordered(h,   out, i, j) {
  if (ARGV[2] != 1) return h
  out = ""
  for (i = 1; i <= length(h); i += 8) for (j = 6; j >= 0; j -= 2) out = out substr(h, i + j, 2)
  return out
}
function v4(h) { return word(substr(h, 1, 2)) "." word(substr(h, 3, 2)) "." word(substr(h, 5, 2)) "." word(substr(h, 7, 2)) }
function address(h,   out, i, g) {
  h = ordered(h)
  if (length(h) == 8) return v4(h)
  if (substr(h, 1, 24) == "00000000000000000000FFFF") return v4(substr(h, 25))
  out = ""
  for (i = 1; i <= 32; i += 4) { g = tolower(substr(h, i, 4)); sub(/^0+/, "", g); out = out (i > 1 ? ":" : "") (g == "" ? "0" : g) }
  return out
}
function holder(inode) { return inode in held ? ",\"pid\":" held[inode] : "" }
BEGIN {
  dir = ARGV[1]
  split("established syn_sent syn_recv fin_wait1 fin_wait2 time_wait close close_wait last_ack listen closing new_syn_recv", names, " ")
  while ((getline line < (dir "/p.holders")) > 0) { split(line, f, " "); held[f[1]] = f[2] }
  while ((getline line < (dir "/p.net")) > 0) {
    n = split(line, f, " ")
    if (f[1] == "net") { protocol = f[2]; continue }
    if (protocol == "unix") {
      if (f[4] != "00010000" || n < 8) continue
      sub(/^[^ ]+ +[^ ]+ +[^ ]+ +[^ ]+ +[^ ]+ +[^ ]+ +[^ ]+ /, "", line)
      print "{\"protocol\":\"unix\",\"state\":\"listen\",\"local_address\":" q(txt(line, 0)) kn("inode", f[7]) holder(f[7]) kv("observed", ARGV[3]) "}"
      continue
    }
    if (f[1] !~ /^[0-9]+:$/ || f[10] !~ /^[0-9]+$/ || f[2] !~ /^[0-9A-F]+:[0-9A-F]+$/ || f[3] !~ /^[0-9A-F]+:[0-9A-F]+$/) continue
    split(f[2], l, ":"); split(f[3], r, ":")
    state = protocol ~ /^udp/ && f[4] == "07" ? "unconnected" : word(f[4]) in names ? names[word(f[4])] : f[4]
    print "{\"protocol\":" q(protocol) kv("state", state) kv("local_address", address(l[1])) ",\"local_port\":" word(l[2]) \
      kv("remote_address", address(r[1])) ",\"remote_port\":" word(r[2]) kn("uid", f[8]) kn("inode", f[10]) holder(f[10]) \
      kv("observed", ARGV[3]) "}"
  }
}
