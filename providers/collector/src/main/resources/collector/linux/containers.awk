# Arguments: folder, time, containers that Docker keeps. Those with processes first.
function config(id, key, after,   file, line, i, s) {
  file = "/var/lib/docker/containers/" id "/config.v2.json"
  if ((getline line < file) <= 0) { close(file); return "" }
  close(file)
  i = after == "" ? 1 : index(line, after)
  if (!i) return ""
  s = substr(line, i)
  i = index(s, key)
  if (!i) return ""
  s = substr(s, i + length(key))
  return substr(s, 1, index(s, "\"") - 1)
}
function put(id, runtime, pid,   name, image) {
  name = config(id, "\"Name\":\"/", ""); image = config(id, "\"Image\":\"", "\"Config\":{")
  print "{\"id\":" q(id) kv("runtime", runtime) (name == "" ? "" : kv("name", "/" name)) kv("image", image) kn("pid", pid) \
    kv("observed", ARGV[2]) "}" > (dir "/containers")
}
BEGIN {
  dir = ARGV[1]
  printf "" > (dir "/containers")
  while ((getline line < (dir "/p.containers")) > 0) {
    split(line, f, " "); seen[f[1]] = 1
    put(f[1], line ~ /libpod/ ? "podman" : line ~ /crio/ ? "cri-o" : line ~ /docker/ ? "docker" : "containerd", f[2])
  }
  for (i = 3; i < ARGC && i < 10003; i++) {
    id = ARGV[i]; sub(/.*\//, "", id)
    if (length(id) == 64 && id ~ /^[0-9a-f]+$/ && !(id in seen)) put(id, "docker", "")
  }
}
