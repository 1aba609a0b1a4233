# Arguments: capture, start, profile, collector, link of /etc/localtime.
function first(file,   line) { while ((getline line < file) > 0) { gsub(/^[ \t]+|[ \t\r]+$/, "", line); if (line != "") { close(file); return line } } close(file); return "" }
function fqdn(name,   line, n, i, f) {
  if (index(name, ".")) return name
  while ((getline line < "/etc/hosts") > 0) {
    sub(/#.*/, "", line); n = split(line, f, " "); found = 0
    for (i = 1; i <= n; i++) if (f[i] == name) found = 1
    for (i = 1; found && i <= n; i++) if (index(f[i], name ".") == 1) return f[i]
  }
  return ""
}
function system_(  file, line) {
  file = "/etc/os-release"
  if ((getline line < file) <= 0) file = "/usr/lib/os-release"
  close(file)
  while ((getline line < file) > 0) if (line ~ /^PRETTY_NAME=/) { line = substr(line, 13); gsub(/"/, "", line); return line }
  return "Linux"
}
BEGIN {
  name = first("/proc/sys/kernel/hostname"); if (name == "") name = first("/etc/hostname"); if (name == "") name = "unknown"
  zone = index(ARGV[5], "zoneinfo/") ? substr(ARGV[5], index(ARGV[5], "zoneinfo/") + 9) : first("/etc/timezone")
  print "{\"schema\":\"varve.capture/1\",\"capture\":" q(ARGV[1]) ",\"profile\":" q(ARGV[3]) ",\"host\":{\"name\":" q(txt(name, 0)) \
    kv("fqdn", fqdn(name)) kv("machine_id", first("/etc/machine-id")) kv("boot_id", first("/proc/sys/kernel/random/boot_id")) \
    kv("os", system_()) kv("kernel", first("/proc/sys/kernel/osrelease")) kv("zone", zone) "},\"started\":" q(ARGV[2]) \
    kv("collector", ARGV[4]) "}"
}
