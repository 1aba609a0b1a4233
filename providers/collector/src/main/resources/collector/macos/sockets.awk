# Argument: time. Reads the fields p, u, f, P (protocol), n (`local->remote`), T (`ST=state`) of lsof -i -F.
function end(s, which,   i) {
  gsub(/[\[\]]/, "", s)
  for (i = length(s); i > 0; i--) if (substr(s, i, 1) == ":") return which == "port" ? substr(s, i + 1) : substr(s, 1, i - 1)
  return ""
}
function put(  l, r, i, a) {
  if (place == "") return
  i = index(place, "->"); l = i ? substr(place, 1, i - 1) : place; r = i ? substr(place, i + 2) : ""
  a = end(l, "address"); if (a == "*") a = "0.0.0.0"
  print "{\"protocol\":" q(tolower(protocol) (index(l, "[") ? "6" : "")) kv("state", state == "" ? "unconnected" : tolower(state)) kv("local_address", a) \
    kn("local_port", end(l, "port")) kv("remote_address", end(r, "address")) kn("remote_port", end(r, "port")) kn("uid", uid) \
    ",\"pid\":" pid kv("observed", ARGV[1]) "}"
  place = ""; state = ""
}
BEGIN {
  ARGC = 1
  while ((getline line) > 0) {
    c = substr(line, 1, 1); v = substr(line, 2)
    if (c == "p" || c == "f") put()
    if (c == "p") pid = v
    else if (c == "u") uid = v
    else if (c == "P") protocol = v
    else if (c == "n") place = v
    else if (c == "T" && v ~ /^ST=/) state = substr(v, 4)
  }
  put()
}
