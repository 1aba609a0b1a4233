# Arguments: folder, `head` or `outcome`, path, bytes, member, artefact.
BEGIN {
  dir = ARGV[1]; path = txt(ARGV[3], 1)
  getline line < (dir "/one"); split(line, f, " ")
  if (ARGV[2] == "head") {
    print hdr(ARGV[5] == "" ? "fs" path : ARGV[5], "0", ARGV[4] + 0, hex(f[1]) % 4096, f[4], f[5], f[6], f[7], f[8], "")
    exit
  }
  getline later < (dir "/one2"); split(later, g, " ")
  getline got < (dir "/got"); getline sum < (dir "/sum")
  ARGV[2] = ARGV[6]
  reason = verdict(got + 0, ARGV[4] + 0, f[3] + 0, g[3] + 0)
  if (got + 0 < ARGV[4] + 0) reason = reason ", then zeros"
  if (got + 0 == 0) outcome(q(path), ARGV[6], "failed", why(dir "/err") ": the member is zeros")
  else known(q(path), got + 0, reason, substr(sum, 1, 64))
}
