# Arguments: session, its file in /run/systemd/sessions, time.
BEGIN {
  while ((getline line < ARGV[2]) > 0) { i = index(line, "="); if (i) value[substr(line, 1, i - 1)] = substr(line, i + 1) }
  if (!("USER" in value)) exit
  since = value["REALTIME"] ~ /^[0-9]+$/ ? iso(sprintf("%s.%s", substr(value["REALTIME"], 1, length(value["REALTIME"]) - 6), substr(value["REALTIME"], length(value["REALTIME"]) - 5))) : ""
  print "{\"id\":" q(txt(ARGV[1], 0)) kv("user", value["USER"]) kv("tty", value["TTY"]) kv("remote", value["REMOTE_HOST"]) kv("since", since) kv("observed", ARGV[3]) "}"
}
