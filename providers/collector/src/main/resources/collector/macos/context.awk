# Arguments: capture, start, profile, collector, name, id, system, kernel, link of /etc/localtime, boot.
BEGIN {
  i = index(ARGV[9], "zoneinfo/")
  print "{\"schema\":\"varve.capture/1\",\"capture\":" q(ARGV[1]) ",\"profile\":" q(ARGV[3]) ",\"host\":{\"name\":" q(txt(ARGV[5], 0)) \
    kv("machine_id", ARGV[6]) kv("boot_id", ARGV[10]) kv("os", ARGV[7]) kv("kernel", ARGV[8]) \
    kv("zone", i ? substr(ARGV[9], i + 9) : "") "},\"started\":" q(ARGV[2]) kv("collector", ARGV[4]) "}"
}
